import { ImageFit, ImagePosition } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_text_pb";
import { useState } from "react";
import { Icon } from "../../icons/Icon.js";
import { safeImage } from "../../markdown/links.js";
import type { ComponentProps } from "../component.js";
import { useEnvironment } from "../host.js";
import { margin, radius, sized } from "../style/block.js";
import { cssColor } from "../style/color.js";
import { compact } from "../style/insets.js";
import { named } from "../WidgetNode.js";

const FITS: Readonly<Record<ImageFit, "cover" | "contain" | "fill" | "scale-down" | "none" | undefined>> = {
  [ImageFit.UNSPECIFIED]: undefined,
  [ImageFit.COVER]: "cover",
  [ImageFit.CONTAIN]: "contain",
  [ImageFit.FILL]: "fill",
  [ImageFit.SCALE_DOWN]: "scale-down",
  [ImageFit.NONE]: "none",
};

const POSITIONS: Readonly<Record<ImagePosition, string | undefined>> = {
  [ImagePosition.UNSPECIFIED]: undefined,
  [ImagePosition.TOP_LEFT]: "top left",
  [ImagePosition.TOP]: "top",
  [ImagePosition.TOP_RIGHT]: "top right",
  [ImagePosition.LEFT]: "left",
  [ImagePosition.CENTER]: "center",
  [ImagePosition.RIGHT]: "right",
  [ImagePosition.BOTTOM_LEFT]: "bottom left",
  [ImagePosition.BOTTOM]: "bottom",
  [ImagePosition.BOTTOM_RIGHT]: "bottom right",
};

/** A picture from an allowed place; one from elsewhere, or that fails to load, is its description in a frame. */
export function Image({ value, widget }: ComponentProps<"image">) {
  const { imageDomains } = useEnvironment();
  const [failed, setFailed] = useState<string>();
  const src = safeImage(value.src, imageDomains);
  const style = {
    ...compact({
      ...sized(value),
      objectFit: FITS[value.fit ?? ImageFit.UNSPECIFIED],
      objectPosition: POSITIONS[value.position ?? ImagePosition.UNSPECIFIED],
      borderRadius: radius(value.radius),
      background: cssColor(value.background, "surface"),
    }),
    ...margin(value.margin),
  };
  const classes = `ws-image${value.frame ? " ws-image--frame" : ""}${value.flush ? " ws-flush" : ""}`;
  if (!src || failed === src) {
    return (
      <span
        className={`${classes} ws-image--missing`}
        style={style}
        role="img"
        aria-label={value.alt || "Image"}
        {...named(widget)}
      >
        <Icon name="square-image" />
        {value.alt && <span aria-hidden="true">{value.alt}</span>}
      </span>
    );
  }
  return (
    <img
      className={classes}
      style={style}
      src={src}
      alt={value.alt ?? ""}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setFailed(src)}
      {...named(widget)}
    />
  );
}
