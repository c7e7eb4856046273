import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

/** One line of a menu. */
export interface MenuEntry {
  key: string;
  content: ReactNode;
  /** For a menu of which one is chosen: whether it is this. */
  checked?: boolean;
  danger?: boolean;
  onSelect(): void;
}

/** A button that opens a list of things to do, or to choose from; by mouse or by keys as menus are used. */
export function Menu({
  label,
  button,
  className,
  entries,
  align = "start",
  side = "top",
}: {
  /** What the button is called. */
  label: string;
  /** What the button shows. */
  button: ReactNode;
  className?: string;
  entries: readonly MenuEntry[];
  /** Which of its edges the list shares with the button. */
  align?: "start" | "end";
  side?: "top" | "bottom";
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    const items = itemsOf(list.current);
    (items.find((item) => item.ariaChecked === "true") ?? items[0])?.focus();
    const closeElsewhere = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", closeElsewhere, true);
    return () => document.removeEventListener("pointerdown", closeElsewhere, true);
  }, [open]);

  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = itemsOf(list.current);
    const place = items.indexOf(document.activeElement as HTMLElement);
    const to = placeAfter(event.key, place, items.length);
    if (to !== undefined) items[to]?.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") {
      setOpen(false);
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const radio = entries.some((entry) => entry.checked !== undefined);

  return (
    <div className="wsp-menu-root" ref={root}>
      <button
        ref={trigger}
        type="button"
        className={className ?? "wsp-icon-button"}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {button}
      </button>
      {open && (
        <div
          ref={list}
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          className="wsp-menu"
          data-align={align}
          data-side={side}
          onKeyDown={onKeyDown}
        >
          {entries.map((entry) => (
            <button
              key={entry.key}
              type="button"
              {...(radio ? { role: "menuitemradio", "aria-checked": Boolean(entry.checked) } : { role: "menuitem" })}
              tabIndex={-1}
              className="wsp-menu-entry"
              data-danger={entry.danger || undefined}
              onClick={() => {
                close();
                entry.onSelect();
              }}
            >
              {entry.content}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}

function placeAfter(key: string, place: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return (place + 1) % count;
    case "ArrowUp":
      return (place - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
