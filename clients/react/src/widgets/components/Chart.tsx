import type { JsonObject } from "@bufbuild/protobuf";
import { lazy, Suspense } from "react";
import type { ComponentProps } from "../component.js";
import { sized } from "../style/block.js";
import { named } from "../WidgetNode.js";
import { seriesOf, xAxisOf } from "./chart/series.js";

// Charts are rare and their library is large: it is loaded with the first one.
const ChartCanvas = lazy(() => import("./chart/ChartCanvas.js"));

/** A chart of bars, lines and areas; beside it a table of the same numbers, for those who cannot see it. */
export function Chart({ value, widget }: ComponentProps<"chart">) {
  const axis = xAxisOf(value.xAxis);
  const series = seriesOf(value.series);
  const names = series.map(({ label }) => label).join(", ");
  return (
    <figure className="ws-chart" style={sized(value)} aria-label={`Chart: ${names}`} {...named(widget)}>
      <Suspense fallback={<div className="ws-chart__loading" aria-hidden="true" />}>
        <ChartCanvas chart={value} axis={axis} series={series} />
      </Suspense>
      <table className="ws-visually-hidden">
        <caption>{names}</caption>
        <thead>
          <tr>
            <th scope="col">{axis.key}</th>
            {series.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.data.map((row, index) => (
            // Rows of data have no identity but their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: as said above
            <tr key={index}>
              <th scope="row">{axis.labelOf(shown(row, axis.key))}</th>
              {series.map(({ id, key }) => (
                <td key={id}>{shown(row, key)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function shown(row: JsonObject, key: string): string {
  const value = Object.hasOwn(row, key) ? row[key] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
