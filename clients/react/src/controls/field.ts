import type { ControlSize } from "./tokens.js";

/** How a text field looks. */
export interface FieldLook {
  /** Default `outline`. */
  variant?: "soft" | "outline";
  /** Default `lg`, 36 px. */
  size?: ControlSize;
  /** Space at the edges, where it is not that of the size. */
  gutter?: "2xs" | "xs" | "sm" | "md" | "lg" | "xl";
  pill?: boolean;
}

/** Returns the attributes that give a field its look. */
export function fieldLook({ variant = "outline", size = "lg", gutter, pill }: FieldLook) {
  return {
    "data-variant": variant,
    "data-size": size,
    "data-gutter": gutter,
    "data-pill": pill || undefined,
  } as const;
}

/** Returns the attributes that keep password managers away from a field, or let them in. */
export function autofill(allow: boolean | undefined) {
  return allow
    ? {}
    : ({ "data-1p-ignore": "", "data-lpignore": "true", "data-bwignore": "", "data-form-type": "other" } as const);
}
