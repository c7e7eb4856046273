import { createContext } from "react";

/** Where in a table a component stands: between rows, in a row of the head, in one of the body, or in none. */
export const TableContext = createContext<"section" | "head" | "body" | null>(null);
