import type { Thread } from "@widgetstream/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../../icons/index.js";
import { Menu, type MenuEntry } from "../menu/Menu.js";
import { useTexts } from "../PanelContext.js";

/** One earlier conversation: opens it, gives it another title, deletes it after asking. */
export function HistoryEntry({
  thread,
  current,
  onOpen,
  onRename,
  onDelete,
}: {
  thread: Thread;
  current: boolean;
  onOpen(): void;
  /** Not set: it cannot be renamed. */
  onRename: ((title: string) => void) | undefined;
  /** Not set: it cannot be deleted. */
  onDelete: (() => void) | undefined;
}) {
  const texts = useTexts();
  const [mode, setMode] = useState<"shown" | "renaming" | "deleting">("shown");
  const title = thread.title || texts.untitled;
  const back = () => setMode("shown");
  if (mode === "renaming") {
    const save = (changed: string) => {
      back();
      if (changed && changed !== thread.title) onRename?.(changed);
    };
    return <RenameForm title={thread.title ?? ""} label={texts.titleOf(title)} onSave={save} onCancel={back} />;
  }
  if (mode === "deleting") return <DeleteQuestion title={title} onDelete={() => onDelete?.()} onCancel={back} />;
  const entries: MenuEntry[] = [];
  if (onRename) {
    entries.push({
      key: "rename",
      content: (
        <>
          <Icon name="pencil" />
          {texts.rename}
        </>
      ),
      onSelect: () => setMode("renaming"),
    });
  }
  if (onDelete) {
    entries.push({
      key: "delete",
      danger: true,
      content: (
        <>
          <Icon name="trash" />
          {texts.remove}
        </>
      ),
      onSelect: () => setMode("deleting"),
    });
  }
  return (
    <div className="wsp-thread" data-current={current || undefined}>
      <button type="button" className="wsp-thread-open" onClick={onOpen} aria-current={current ? "page" : undefined}>
        <bdi>{title}</bdi>
      </button>
      {entries.length > 0 && (
        <Menu
          label={`${texts.rename}, ${texts.remove}: ${title}`}
          button={<Icon name="dots-horizontal" />}
          entries={entries}
          align="end"
          side="bottom"
        />
      )}
    </div>
  );
}

function RenameForm({
  title,
  label,
  onSave,
  onCancel,
}: {
  title: string;
  label: string;
  onSave(title: string): void;
  onCancel(): void;
}) {
  const texts = useTexts();
  const field = useRef<HTMLInputElement>(null);
  const [value, setValue] = useState(title);
  useEffect(() => field.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(value.trim());
  };
  return (
    <form className="wsp-rename" onSubmit={submit}>
      <input
        ref={field}
        className="wsp-field"
        value={value}
        maxLength={500}
        aria-label={label}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          onCancel();
        }}
      />
      <button
        type="submit"
        className="wsp-icon-button"
        disabled={!value.trim()}
        aria-label={texts.save}
        title={texts.save}
      >
        <Icon name="check" />
      </button>
      <button
        type="button"
        className="wsp-icon-button"
        onClick={onCancel}
        aria-label={texts.cancel}
        title={texts.cancel}
      >
        <Icon name="x" />
      </button>
    </form>
  );
}

function DeleteQuestion({ title, onDelete, onCancel }: { title: string; onDelete(): void; onCancel(): void }) {
  const texts = useTexts();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <div
      className="wsp-delete"
      role="alertdialog"
      aria-label={texts.deleteAsk(title)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onCancel();
      }}
    >
      <p>{texts.deleteAsk(title)}</p>
      <div className="wsp-delete-foot">
        <button ref={cancel} type="button" className="wsp-button" onClick={onCancel}>
          {texts.cancel}
        </button>
        <button type="button" className="wsp-button" data-danger="" onClick={onDelete}>
          {texts.remove}
        </button>
      </div>
    </div>
  );
}
