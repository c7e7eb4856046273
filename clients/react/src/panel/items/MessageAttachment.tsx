import type { Attachment } from "@widgetstream/client";
import { useState } from "react";
import { Icon } from "../../icons/index.js";
import { usePanel } from "../PanelContext.js";
import { sizeInWords } from "./durations.js";

/** A file that came with a message: a picture, or a name with its size. */
export function MessageAttachment({ attachment }: { attachment: Attachment }) {
  const { locale } = usePanel();
  const [broken, setBroken] = useState(false);
  const image = attachment.attachment.case === "image" ? attachment.attachment.value.previewUrl : "";
  if (image && !broken) {
    return <img className="wsp-user-image" src={image} alt={attachment.name} onError={() => setBroken(true)} />;
  }
  return (
    <span className="wsp-file">
      <Icon name="document" />
      <span className="wsp-file-name">{attachment.name}</span>
      <span className="wsp-file-note">{sizeInWords(Number(attachment.size), locale)}</span>
    </span>
  );
}
