import { Alignment, FlexWrap, Justification } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import type {
  BorderProperty,
  Color,
  Insets,
  Length,
  Radius,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_style_pb";
import type { CSSProperties } from "react";
import { margin, radius, type Sized, sized } from "./block.js";
import { border } from "./border.js";
import { cssColor } from "./color.js";
import { compact, insets } from "./insets.js";
import { spacing } from "./length.js";

const ALIGN: Readonly<Record<Alignment, string | undefined>> = {
  [Alignment.UNSPECIFIED]: undefined,
  [Alignment.START]: "flex-start",
  [Alignment.CENTER]: "center",
  [Alignment.END]: "flex-end",
  [Alignment.BASELINE]: "baseline",
  [Alignment.STRETCH]: "stretch",
};

const JUSTIFY: Readonly<Record<Justification, string | undefined>> = {
  [Justification.UNSPECIFIED]: undefined,
  [Justification.START]: "flex-start",
  [Justification.CENTER]: "center",
  [Justification.END]: "flex-end",
  [Justification.BETWEEN]: "space-between",
  [Justification.AROUND]: "space-around",
  [Justification.EVENLY]: "space-evenly",
  [Justification.STRETCH]: "stretch",
};

const WRAP: Readonly<Record<FlexWrap, "nowrap" | "wrap" | "wrap-reverse" | undefined>> = {
  [FlexWrap.UNSPECIFIED]: undefined,
  [FlexWrap.NOWRAP]: "nowrap",
  [FlexWrap.WRAP]: "wrap",
  [FlexWrap.WRAP_REVERSE]: "wrap-reverse",
};

/** The properties of a flex container. */
export interface FlexBox extends Sized {
  align?: Alignment;
  justify?: Justification;
  wrap?: FlexWrap;
  gap?: Length;
  padding?: Insets;
  margin?: Insets;
  border?: BorderProperty;
  radius?: Radius;
  background?: Color;
}

/** Returns the style of a flex container, without its direction. */
export function flexBox(value: FlexBox): CSSProperties {
  return {
    ...compact({
      ...sized(value),
      alignItems: alignItems(value.align),
      justifyContent: justifyContent(value.justify),
      flexWrap: value.wrap === undefined ? undefined : WRAP[value.wrap],
      gap: spacing(value.gap),
      borderRadius: radius(value.radius),
      background: cssColor(value.background, "surface"),
    }),
    ...insets("padding", value.padding),
    ...margin(value.margin),
    ...border(value.border),
  };
}

/** Returns the CSS of an alignment on the cross axis. */
export function alignItems(align: Alignment | undefined): string | undefined {
  return align === undefined ? undefined : ALIGN[align];
}

/** Returns the CSS of a distribution on the main axis. */
export function justifyContent(justify: Justification | undefined): string | undefined {
  return justify === undefined ? undefined : JUSTIFY[justify];
}
