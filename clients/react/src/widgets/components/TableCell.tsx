import { TableCellAlign, TableColumnSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { useContext } from "react";
import type { ComponentProps } from "../component.js";
import { compact, sides } from "../style/insets.js";
import { pixels } from "../style/length.js";
import { named, WidgetChildren } from "../WidgetNode.js";
import { TableContext } from "./tableContext.js";

const ALIGN: Readonly<Record<TableCellAlign, "start" | "center" | "end" | undefined>> = {
  [TableCellAlign.UNSPECIFIED]: undefined,
  [TableCellAlign.START]: "start",
  [TableCellAlign.CENTER]: "center",
  [TableCellAlign.END]: "end",
};

const VERTICAL: Readonly<Record<TableCellAlign, "top" | "middle" | "bottom" | undefined>> = {
  [TableCellAlign.UNSPECIFIED]: undefined,
  [TableCellAlign.START]: "top",
  [TableCellAlign.CENTER]: "middle",
  [TableCellAlign.END]: "bottom",
};

const COLUMN_WIDTHS: Readonly<Record<TableColumnSize, string | undefined>> = {
  [TableColumnSize.UNSPECIFIED]: undefined,
  [TableColumnSize.XS]: "64px",
  [TableColumnSize.SM]: "96px",
  [TableColumnSize.MD]: "160px",
  [TableColumnSize.LG]: "240px",
  [TableColumnSize.XL]: "360px",
};

/** A cell of a table's row; in a row of the head it names its column. */
export function TableCell({ value, widget }: ComponentProps<"tableCell">) {
  const place = useContext(TableContext);
  const style = compact({
    width: pixels(value.width) ?? COLUMN_WIDTHS[value.colSize ?? TableColumnSize.UNSPECIFIED],
    textAlign: ALIGN[value.align ?? TableCellAlign.UNSPECIFIED],
    verticalAlign: VERTICAL[value.vAlign ?? TableCellAlign.UNSPECIFIED],
    ...sides("padding", value.padding),
  });
  const content = (
    <TableContext.Provider value={null}>
      <div className="ws-table__content">
        <WidgetChildren of={value.children} />
      </div>
    </TableContext.Provider>
  );
  if (place === null || place === "section") return <div {...named(widget)}>{content}</div>;
  const spans = { colSpan: span(value.colSpan), rowSpan: span(value.rowSpan) };
  return place === "head" ? (
    <th scope="col" style={style} {...spans} {...named(widget)}>
      {content}
    </th>
  ) : (
    <td style={style} {...spans} {...named(widget)}>
      {content}
    </td>
  );
}

function span(count: number | undefined): number | undefined {
  return count !== undefined && count > 1 ? Math.min(count, 1000) : undefined;
}
