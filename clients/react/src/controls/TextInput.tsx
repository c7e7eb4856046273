import type { ComponentPropsWithRef } from "react";
import { type FieldLook, fieldLook } from "./field.js";

export interface TextInputProps extends Omit<ComponentPropsWithRef<"input">, "size">, FieldLook {}

/** A line of text. */
export function TextInput({ variant, size, gutter, pill, className, ...own }: TextInputProps) {
  const classes = className ? `ws-field ws-input ${className}` : "ws-field ws-input";
  return <input {...own} className={classes} {...fieldLook({ variant, size, gutter, pill })} />;
}
