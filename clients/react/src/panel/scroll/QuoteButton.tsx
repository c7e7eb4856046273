import { type RefObject, useEffect, useState } from "react";
import { Icon } from "../../icons/index.js";
import { usePanel } from "../PanelContext.js";

interface Selected {
  text: string;
  top: number;
  left: number;
}

/** Stands beside text that is selected in an answer, and takes it into the composer as a quotation. */
export function QuoteButton({ frame }: { frame: RefObject<HTMLElement | null> }) {
  const { texts, quote } = usePanel();
  const [selected, setSelected] = useState<Selected>();

  useEffect(() => {
    const look = () => setSelected(selectionIn(frame.current));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = () => {
      clearTimeout(timer);
      timer = setTimeout(look, 150);
    };
    document.addEventListener("selectionchange", onChange);
    const element = frame.current;
    element?.addEventListener("scroll", look, { passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener("selectionchange", onChange);
      element?.removeEventListener("scroll", look);
    };
  }, [frame]);

  if (!selected) return null;
  return (
    <button
      type="button"
      className="wsp-quote-button"
      style={{ insetBlockStart: selected.top, left: selected.left }}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => {
        quote(selected.text);
        document.getSelection()?.removeAllRanges();
        setSelected(undefined);
      }}
    >
      <Icon name="quote" />
      {texts.quote}
    </button>
  );
}

function selectionIn(frame: HTMLElement | null): Selected | undefined {
  const selection = document.getSelection();
  const text = selection?.toString().trim();
  if (!frame || !selection || !text || selection.isCollapsed) return undefined;
  const holder = (node: Node | null) => (node instanceof Element ? node : node?.parentElement)?.closest(".wsp-item");
  const start = holder(selection.anchorNode);
  if (!start || !frame.contains(start) || start.closest("[data-side=user]") || !holder(selection.focusNode)) {
    return undefined;
  }
  const range = selection.getRangeAt(0).getBoundingClientRect();
  const box = frame.getBoundingClientRect();
  const top = Math.min(Math.max(range.top - box.top - 40, 4), box.height - 40);
  const left = Math.min(Math.max(range.left - box.left + range.width / 2, 48), box.width - 48);
  return { text, top, left };
}
