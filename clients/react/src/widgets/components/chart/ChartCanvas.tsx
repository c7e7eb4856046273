import type { Chart } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_chart_pb";
import { useMemo } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { DrawnAxis, DrawnSeries } from "./series.js";

export interface ChartCanvasProps {
  chart: Chart;
  axis: DrawnAxis;
  series: readonly DrawnSeries[];
}

const MARGIN = { top: 8, right: 8, bottom: 0, left: 8 };
const PADDING = { left: 16, right: 16 };
const TICK = { fill: "var(--ws-text-secondary)", fontSize: 12 };

/** The drawing of a chart; a module of its own, since it brings the chart library. */
export default function ChartCanvas({ chart, axis, series }: ChartCanvasProps) {
  // The library keeps what it draws in its own store and wants plain objects of its own.
  const data = useMemo(() => chart.data.map((row) => ({ ...row })), [chart.data]);
  return (
    <ResponsiveContainer width="100%" height="100%" minHeight={80} initialDimension={{ width: 400, height: 200 }}>
      <ComposedChart
        data={data}
        margin={MARGIN}
        barGap={chart.barGap ?? 4}
        barCategoryGap={chart.barCategoryGap ?? "15%"}
        accessibilityLayer
      >
        <CartesianGrid vertical={false} stroke="var(--ws-border-subtle)" />
        <XAxis
          dataKey={axis.key}
          hide={axis.hide}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          tickMargin={8}
          padding={PADDING}
          interval="equidistantPreserveStart"
          tickFormatter={(value) => axis.labelOf(String(value))}
        />
        <YAxis hide={!chart.showYAxis} tick={TICK} tickLine={false} axisLine={false} width="auto" />
        {(chart.showTooltip ?? true) && (
          <Tooltip
            labelFormatter={(value) => axis.labelOf(String(value))}
            cursor={{ fill: "var(--ws-border-subtle)" }}
            contentStyle={TOOLTIP}
            itemStyle={{ color: "inherit" }}
            isAnimationActive={false}
          />
        )}
        {(chart.showLegend ?? true) && <Legend iconType="circle" iconSize={8} itemSorter={null} formatter={inText} />}
        {series.map(drawn)}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

const TOOLTIP = {
  background: "var(--ws-surface-elevated)",
  border: "1px solid var(--ws-border-default)",
  borderRadius: "var(--ws-radius-lg)",
  color: "var(--ws-text-primary)",
  fontSize: 13,
};

function inText(label: string) {
  return <span className="ws-chart__legend">{label}</span>;
}

function drawn({ kind, id, key, label, stack, color, curve }: DrawnSeries) {
  const common = { id, dataKey: key, name: label, isAnimationActive: false };
  switch (kind) {
    case "bar":
      return (
        <Bar {...common} key={id} stackId={stack} fill={color} radius={stack ? 0 : [4, 4, 0, 0]} maxBarSize={48} />
      );
    case "area":
      return (
        <Area
          {...common}
          key={id}
          stackId={stack}
          type={curve}
          stroke={color}
          strokeWidth={2}
          fill={color}
          fillOpacity={0.2}
        />
      );
    case "line":
      return <Line {...common} key={id} type={curve} stroke={color} strokeWidth={2} dot={false} />;
  }
}
