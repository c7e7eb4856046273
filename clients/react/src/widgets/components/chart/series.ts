import { CurveType, type Series, type XAxis } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_chart_pb";
import { cssColor } from "../../style/color.js";

export type Curve =
  | "basis"
  | "basisClosed"
  | "basisOpen"
  | "bumpX"
  | "bumpY"
  | "bump"
  | "linear"
  | "linearClosed"
  | "natural"
  | "monotoneX"
  | "monotoneY"
  | "monotone"
  | "step"
  | "stepBefore"
  | "stepAfter";

const CURVES: Readonly<Record<CurveType, Curve>> = {
  [CurveType.UNSPECIFIED]: "natural",
  [CurveType.BASIS]: "basis",
  [CurveType.BASIS_CLOSED]: "basisClosed",
  [CurveType.BASIS_OPEN]: "basisOpen",
  [CurveType.BUMP_X]: "bumpX",
  [CurveType.BUMP_Y]: "bumpY",
  [CurveType.BUMP]: "bump",
  [CurveType.LINEAR]: "linear",
  [CurveType.LINEAR_CLOSED]: "linearClosed",
  [CurveType.NATURAL]: "natural",
  [CurveType.MONOTONE_X]: "monotoneX",
  [CurveType.MONOTONE_Y]: "monotoneY",
  [CurveType.MONOTONE]: "monotone",
  [CurveType.STEP]: "step",
  [CurveType.STEP_BEFORE]: "stepBefore",
  [CurveType.STEP_AFTER]: "stepAfter",
};

const COLORS = ["blue", "purple", "orange", "green", "red", "yellow", "pink"];

/** A series, ready to be drawn. */
export interface DrawnSeries {
  kind: "bar" | "area" | "line";
  /** Tells series apart, also those of one field. */
  id: string;
  key: string;
  label: string;
  stack?: string;
  color: string;
  curve: Curve;
}

/** Returns the series, each with a label and a colour: those that bring none take the chart colours in turn. */
export function seriesOf(all: readonly Series[]): DrawnSeries[] {
  return all.flatMap(({ series }, index) => {
    if (series.case === undefined) return [];
    const { value } = series;
    return {
      kind: series.case,
      id: `${index}:${value.dataKey}`,
      key: value.dataKey,
      label: value.label || value.dataKey,
      stack: "stack" in value ? value.stack : undefined,
      color: cssColor(value.color, "chart") ?? `var(--ws-chart-${COLORS[index % COLORS.length]})`,
      curve:
        CURVES["curveType" in value ? (value.curveType ?? CurveType.UNSPECIFIED) : CurveType.UNSPECIFIED] ?? "natural",
    };
  });
}

export interface DrawnAxis {
  key: string;
  hide: boolean;
  labelOf(value: string): string;
}

/** Returns the X axis: which field it shows, and the words for that field's values. */
export function xAxisOf(axis: XAxis | undefined): DrawnAxis {
  const value = axis?.value;
  if (value?.case === "config") {
    const { dataKey, hide = false, labels } = value.value;
    return { key: dataKey, hide, labelOf: (text) => (Object.hasOwn(labels, text) ? (labels[text] ?? text) : text) };
  }
  return { key: value?.case === "dataKey" ? value.value : "", hide: false, labelOf: (text) => text };
}
