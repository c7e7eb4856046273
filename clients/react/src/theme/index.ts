export type { ColorScheme, ThemeOptions, ThemeProviderProps } from "./ThemeProvider.js";
export { ThemeProvider, useColorScheme } from "./ThemeProvider.js";
