import { Icon } from "../../icons/index.js";
import { sizeInWords } from "../items/durations.js";
import { usePanel } from "../PanelContext.js";
import type { DraftFile } from "./draft.js";
import type { Upload } from "./uploads.js";

/** The files of a draft: those that are there, and those on their way with how far they are. */
export function FileChips({
  files,
  previews,
  uploads,
  onRemoveFile,
  onRemoveUpload,
  onRetry,
}: {
  files: readonly DraftFile[];
  /** What shows an image, by the attachment's id. */
  previews: ReadonlyMap<string, string>;
  uploads: readonly Upload[];
  onRemoveFile(id: string): void;
  onRemoveUpload(key: string): void;
  onRetry(key: string): void;
}) {
  const { texts, locale } = usePanel();
  if (files.length + uploads.length === 0) return null;
  return (
    <ul className="wsp-chips" aria-label={texts.attachments}>
      {files.map((file) => (
        <li key={file.id} className="wsp-chip">
          <Thumb preview={previews.get(file.id)} />
          <span className="wsp-chip-text">
            <span className="wsp-file-name">{file.name}</span>
            <span className="wsp-file-note">{sizeInWords(file.size, locale)}</span>
          </span>
          <Remove name={file.name} onRemove={() => onRemoveFile(file.id)} />
        </li>
      ))}
      {uploads.map((each) => (
        <li key={each.key} className="wsp-chip" data-failed={each.failure ? "" : undefined}>
          <Thumb preview={each.preview} />
          <span className="wsp-chip-text">
            <span className="wsp-file-name">{each.file.name}</span>
            {each.failure ? (
              <span className="wsp-file-note" role="alert">
                {each.failure}
              </span>
            ) : (
              <progress
                max={1}
                value={each.progress}
                aria-label={texts.uploading(each.file.name, Math.round(each.progress * 100))}
              />
            )}
          </span>
          {each.failure && (
            <button
              type="button"
              className="wsp-chip-button"
              onClick={() => onRetry(each.key)}
              aria-label={texts.retryFile(each.file.name)}
              title={texts.retryFile(each.file.name)}
            >
              <Icon name="reload" />
            </button>
          )}
          <Remove name={each.file.name} onRemove={() => onRemoveUpload(each.key)} />
        </li>
      ))}
    </ul>
  );
}

function Thumb({ preview }: { preview: string | undefined }) {
  return preview ? (
    <img className="wsp-chip-image" src={preview} alt="" />
  ) : (
    <span className="wsp-chip-image">
      <Icon name="document" />
    </span>
  );
}

function Remove({ name, onRemove }: { name: string; onRemove(): void }) {
  const { texts } = usePanel();
  return (
    <button
      type="button"
      className="wsp-chip-button"
      onClick={onRemove}
      aria-label={texts.removeFile(name)}
      title={texts.removeFile(name)}
    >
      <Icon name="x" />
    </button>
  );
}
