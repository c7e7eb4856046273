import {
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { usePanel } from "../PanelContext.js";
import type { Entity } from "../types.js";
import { type Draft, mentionText, piecesOf } from "./draft.js";
import { MentionList } from "./MentionList.js";
import { useMentions } from "./useMentions.js";

/** What can be done to the field from outside. */
export interface MessageFieldHandle {
  focus(): void;
  /** Puts text where the cursor is. */
  insert(text: string): void;
}

/** The text that the person writes: it grows with its lines, Enter sends, Shift and Enter begins a line. */
export function MessageField({
  ref,
  draft,
  placeholder,
  disabled,
  onChange,
  onSubmit,
  onFiles,
}: {
  ref: Ref<MessageFieldHandle>;
  draft: Draft;
  placeholder: string;
  disabled: boolean;
  onChange(change: (draft: Draft) => Draft): void;
  onSubmit(): void;
  onFiles(files: FileList): void;
}) {
  const { texts, entities } = usePanel();
  const listId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(0);
  const cursorAfter = useRef<number>(undefined);
  const { text } = draft;

  const replace = (from: number, to: number, inserted: string, entity?: Entity) => {
    cursorAfter.current = from + inserted.length;
    onChange((before) => ({
      ...before,
      text: before.text.slice(0, from) + inserted + before.text.slice(to),
      mentions: entity ? [...before.mentions.filter(({ id }) => id !== entity.id), entity] : before.mentions,
    }));
  };
  const mentions = useMentions(text, cursor, entities?.onTagSearch, (entity, start) => {
    replace(start, cursor, `${mentionText(entity)} `, entity);
  });

  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    insert: (inserted) => {
      const from = field.current?.selectionStart ?? text.length;
      const space = from > 0 && !/\s$/.test(text.slice(0, from)) ? " " : "";
      replace(from, field.current?.selectionEnd ?? from, space + inserted);
      field.current?.focus();
    },
  }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
    if (mirror.current) mirror.current.scrollTop = element.scrollTop;
    if (cursorAfter.current === undefined) return;
    element.setSelectionRange(cursorAfter.current, cursorAfter.current);
    setCursor(cursorAfter.current);
    cursorAfter.current = undefined;
  }, [text]);

  useEffect(() => {
    const follow = () => {
      if (document.activeElement === field.current) setCursor(field.current?.selectionStart ?? 0);
    };
    document.addEventListener("selectionchange", follow);
    return () => document.removeEventListener("selectionchange", follow);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (mentions.onKeyDown(event)) return;
    // A key that ends a word of an input method is not meant for the message.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    onSubmit();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    onFiles(event.clipboardData.files);
  };

  const open = mentions.found !== undefined;
  return (
    <div className="wsp-field-root">
      {mentions.found && (
        <MentionList
          id={listId}
          found={mentions.found}
          active={mentions.active}
          onChoose={(entity) => replace(mentions.start, cursor, `${mentionText(entity)} `, entity)}
        />
      )}
      {draft.mentions.length > 0 && (
        <div className="wsp-mirror" ref={mirror} aria-hidden="true" dir="auto">
          {piecesOf(text, draft.mentions).map((piece, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: made anew with each text
            piece.entity ? <mark key={index}>{piece.text}</mark> : piece.text,
          )}
          {"\n"}
        </div>
      )}
      <textarea
        ref={field}
        className="wsp-message-field"
        rows={1}
        dir={text ? "auto" : undefined}
        value={text}
        placeholder={placeholder}
        disabled={disabled}
        aria-label={texts.messageField}
        aria-autocomplete={entities?.onTagSearch ? "list" : undefined}
        aria-haspopup={entities?.onTagSearch ? "listbox" : undefined}
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open && mentions.found?.length ? `${listId}-${mentions.active}` : undefined}
        enterKeyHint="send"
        onChange={(event) => {
          setCursor(event.target.selectionStart);
          const { value } = event.target;
          onChange((before) => ({ ...before, text: value }));
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onScroll={() => {
          if (mirror.current && field.current) mirror.current.scrollTop = field.current.scrollTop;
        }}
      />
    </div>
  );
}
