import { useRef } from "react";
import { Icon } from "../../icons/index.js";
import { useTexts } from "../PanelContext.js";

/** Lets the person pick files. */
export function AttachButton({
  accept,
  disabled,
  onFiles,
}: {
  accept: readonly string[] | undefined;
  disabled: boolean;
  onFiles(files: FileList): void;
}) {
  const texts = useTexts();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="wsp-icon-button"
        disabled={disabled}
        onClick={() => picker.current?.click()}
        aria-label={texts.attach}
        title={texts.attach}
      >
        <Icon name="plus" />
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-label={texts.attach}
        accept={accept?.join(",")}
        onChange={(event) => {
          if (event.target.files) onFiles(event.target.files);
          event.target.value = "";
        }}
      />
    </>
  );
}
