import type { GeneratedImageItem } from "@widgetstream/client";
import { memo } from "react";
import { safeImage } from "../../markdown/index.js";
import { usePanel } from "../PanelContext.js";

/** An image that the assistant makes: a blank, then nearer and nearer forms, then the image, in one place. */
export const GeneratedImage = memo(function GeneratedImage({
  item,
  pending,
  progress,
}: {
  item: GeneratedImageItem;
  pending: boolean;
  /** From 0 to 1, where it is known. */
  progress?: number | undefined;
}) {
  const { texts, imageDomains } = usePanel();
  const url = item.image?.url ?? "";
  if (url && !safeImage(url, imageDomains)) return <p className="wsp-quiet">{texts.blockedImage}</p>;
  return (
    <figure className="wsp-image" data-pending={pending || undefined} aria-busy={pending}>
      {url ? <img src={url} alt={texts.generatedImage} /> : <span className="wsp-image-blank" />}
      {pending && (
        <figcaption className="wsp-image-progress">
          <span className="wsp-shimmer">{texts.makingImage}</span>
          {progress !== undefined && (
            <progress value={progress} max={1} aria-label={texts.makingImage}>
              {Math.round(progress * 100)} %
            </progress>
          )}
        </figcaption>
      )}
    </figure>
  );
});
