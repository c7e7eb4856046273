import type { WidgetstreamClient } from "@widgetstream/client";
import { type FormEvent, type Ref, useImperativeHandle, useMemo, useRef, useState } from "react";
import { type ConversationState, closureOf } from "../conversation/state.js";
import { usePanel } from "../PanelContext.js";
import type { ComposerOptions } from "../types.js";
import { AttachButton } from "./AttachButton.js";
import { DictationControl } from "./DictationControl.js";
import type { DraftFile } from "./draft.js";
import { FileChips } from "./FileChips.js";
import { MessageField, type MessageFieldHandle } from "./MessageField.js";
import { ModelMenu } from "./ModelMenu.js";
import { attachmentOf, messageOf } from "./message.js";
import { QuoteChip } from "./QuoteChip.js";
import { SendButton } from "./SendButton.js";
import { ToolMenu } from "./ToolMenu.js";
import type { Choices } from "./useChoices.js";
import { canRecord, useDictation } from "./useDictation.js";
import { useDraft } from "./useDraft.js";
import { useUploads } from "./useUploads.js";

/** What can be done to the composer from outside. */
export interface ComposerHandle {
  focus(): void;
  addFiles(files: Iterable<File>): void;
  quote(text: string): void;
}

/** Where the person writes: text, files, a quotation, model and tool, and the buttons that send and stop. */
export function Composer({
  ref,
  client,
  options,
  choices,
  state,
}: {
  ref: Ref<ComposerHandle>;
  client: WidgetstreamClient;
  options: ComposerOptions;
  choices: Choices;
  state: ConversationState;
}) {
  const { texts, locale, conversation } = usePanel();
  const field = useRef<MessageFieldHandle>(null);
  const { draft, change, take, settle } = useDraft(state.thread.threadId || undefined);
  const [hint, setHint] = useState("");
  const [previews, setPreviews] = useState<ReadonlyMap<string, string>>(new Map());
  const { model, tool, setModel, setTool, afterSending } = choices;
  const attachments =
    options.attachments === false || options.attachments?.enabled === false ? undefined : (options.attachments ?? {});

  const { uploads, add, retry, remove } = useUploads({
    client,
    options: attachments ?? {},
    texts,
    locale,
    present: draft.files.length,
    onDone: (file: DraftFile, preview) => {
      change((before) => ({ ...before, files: [...before.files, file] }));
      if (preview) setPreviews((before) => new Map(before).set(file.id, preview));
      setHint("");
    },
    onRefused: setHint,
  });
  const dictation = useDictation(client, texts, (text) => field.current?.insert(text), setHint);

  const addFiles = (files: Iterable<File>) => {
    if (!attachments) return;
    setHint("");
    add(files);
  };
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    addFiles,
    quote: (text) => {
      change((before) => ({ ...before, quote: text.slice(0, 8000) }));
      field.current?.focus();
    },
  }));

  const uploading = uploads.some((each) => !each.failure);
  const failed = uploads.some((each) => each.failure);
  const hasContent = Boolean(draft.text.trim()) || draft.files.length > 0;
  const closure = closureOf(state);
  const isActive = !closure;

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!hasContent || !isActive || state.phase === "loading") return;
    if (uploading || failed) {
      setHint(uploading ? texts.uploadsPending : texts.uploadsFailed);
      return;
    }
    setHint("");
    const taken = take();
    field.current?.focus();
    const accepted = await conversation.send(messageOf(taken, model?.id, tool?.id), taken.files.map(attachmentOf));
    settle(taken, accepted);
    if (accepted) afterSending();
  };
  const stop = () => {
    field.current?.focus();
    void conversation.stop();
  };
  const removeFile = (id: string) => {
    change((before) => ({ ...before, files: before.files.filter((file) => file.id !== id) }));
    void client.deleteAttachment(id).catch(() => undefined);
  };
  const placeholder = useMemo(
    () => tool?.placeholder ?? options.placeholder ?? texts.placeholder,
    [tool, options.placeholder, texts],
  );

  return (
    <form className="wsp-composer" onSubmit={submit} data-inactive={isActive ? undefined : ""}>
      {closure && (
        <p className="wsp-closure" role="status">
          {closure.reason || (closure.kind === "locked" ? texts.locked : texts.closed)}
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is not a control of the frame puts the cursor into its field */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keys, the field is reached itself */}
      <div
        className="wsp-composer-frame"
        onClick={(event) => {
          if (event.target === event.currentTarget) field.current?.focus();
        }}
      >
        {draft.quote && (
          <QuoteChip text={draft.quote} onRemove={() => change((before) => ({ ...before, quote: "" }))} />
        )}
        <FileChips
          files={draft.files}
          previews={previews}
          uploads={uploads}
          onRemoveFile={removeFile}
          onRemoveUpload={remove}
          onRetry={retry}
        />
        <MessageField
          ref={field}
          draft={draft}
          placeholder={placeholder}
          disabled={!isActive}
          onChange={change}
          onSubmit={() => void submit()}
          onFiles={addFiles}
        />
        <div className="wsp-composer-bar">
          {attachments && <AttachButton accept={attachments.accept} disabled={!isActive} onFiles={addFiles} />}
          {options.tools && options.tools.length > 0 && (
            <ToolMenu tools={options.tools} chosen={tool} onChoose={setTool} />
          )}
          <span className="wsp-space" />
          {options.models && options.models.length > 0 && model && (
            <ModelMenu models={options.models} chosen={model} onChoose={setModel} />
          )}
          {options.dictation && canRecord() && <DictationControl dictation={dictation} disabled={!isActive} />}
          <SendButton state={state} canSend={hasContent && isActive} onStop={stop} />
        </div>
      </div>
      {hint && (
        <p className="wsp-hint" role="alert">
          {hint}
        </p>
      )}
      {options.disclaimer && <p className="wsp-disclaimer">{options.disclaimer}</p>}
    </form>
  );
}
