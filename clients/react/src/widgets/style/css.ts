// What could load something, run something, or end the declaration that the value is written into. `var()` and `env()`
// read the page's own values; the rest of CSS values cannot reach beyond the property they are assigned to.
const FORBIDDEN =
  /url\s*\(|image(?:-set)?\s*\(|src\s*\(|cross-fade\s*\(|element\s*\(|paint\s*\(|attr\s*\(|var\s*\(|env\s*\(|expression|javascript|[\\;{}<>@"'`]|\/\*/i;
const LONGEST = 200;

/** Returns a CSS value that a widget brings if it is harmless as the value of one property, or undefined. */
export function safeCss(value: string): string | undefined {
  const text = value.trim();
  return text === "" || text.length > LONGEST || FORBIDDEN.test(text) ? undefined : text;
}
