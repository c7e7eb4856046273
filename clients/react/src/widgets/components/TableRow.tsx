import { useContext } from "react";
import type { ComponentProps } from "../component.js";
import { siblingKeys } from "../keys.js";
import { named, WidgetNode } from "../WidgetNode.js";
import { TableContext } from "./tableContext.js";

/** A row of a table. One that stands elsewhere is a table by itself. */
export function TableRow({ value, widget }: ComponentProps<"tableRow">) {
  const place = useContext(TableContext);
  const keys = siblingKeys(value.children);
  const row = (
    <tr {...named(widget)}>
      <TableContext.Provider value={value.header ? "head" : "body"}>
        {value.children.map((cell, index) =>
          cell.component.case === "tableCell" ? (
            <WidgetNode key={keys[index]} widget={cell} />
          ) : (
            <td key={keys[index]}>
              <TableContext.Provider value={null}>
                <WidgetNode widget={cell} />
              </TableContext.Provider>
            </td>
          ),
        )}
      </TableContext.Provider>
    </tr>
  );
  if (place === "section") return row;
  return (
    <div className="ws-table">
      <table>
        <tbody>{row}</tbody>
      </table>
    </div>
  );
}
