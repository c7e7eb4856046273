import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import type { ComponentProps } from "../component.js";
import { siblingKeys } from "../keys.js";
import { named, WidgetNode } from "../WidgetNode.js";
import { TableContext } from "./tableContext.js";

/** A table of rows; those at its top that are headers are its head. Wide ones scroll sideways. */
export function Table({ value, widget }: ComponentProps<"table">) {
  const firstBodyRow = value.children.findIndex((row) => !isHeader(row));
  const split = firstBodyRow === -1 ? value.children.length : firstBodyRow;
  const head = value.children.slice(0, split);
  const body = value.children.slice(split);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a landmark for each table would be too many.
    <div className="ws-table" role="group" aria-label="Table" tabIndex={0} {...named(widget)}>
      <table>
        <TableContext.Provider value="section">
          {head.length > 0 && (
            <thead>
              <Rows of={head} />
            </thead>
          )}
          {body.length > 0 && (
            <tbody>
              <Rows of={body} />
            </tbody>
          )}
        </TableContext.Provider>
      </table>
    </div>
  );
}

function Rows({ of }: { of: readonly Widget[] }) {
  const keys = siblingKeys(of);
  return of.map((row, index) =>
    row.component.case === "tableRow" ? (
      <WidgetNode key={keys[index]} widget={row} />
    ) : (
      <tr key={keys[index]}>
        <td colSpan={100}>
          <TableContext.Provider value={null}>
            <WidgetNode widget={row} />
          </TableContext.Provider>
        </td>
      </tr>
    ),
  );
}

function isHeader(row: Widget): boolean {
  return row.component.case === "tableRow" && row.component.value.header === true;
}
