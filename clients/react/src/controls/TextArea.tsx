import { type ComponentPropsWithRef, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { type FieldLook, fieldLook } from "./field.js";

export interface TextAreaProps extends ComponentPropsWithRef<"textarea">, FieldLook {
  /** Grows and shrinks with its text. */
  autoResize?: boolean;
  /** The most rows that it grows to. */
  maxRows?: number;
}

/** Lines of text. */
export function TextArea({ autoResize, maxRows, ref, variant, size, gutter, pill, className, ...own }: TextAreaProps) {
  const element = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => element.current as HTMLTextAreaElement, []);
  useLayoutEffect(() => {
    if (autoResize && element.current) fit(element.current, maxRows);
  });
  const classes = className ? `ws-field ws-textarea ${className}` : "ws-field ws-textarea";
  return <textarea {...own} ref={element} className={classes} {...fieldLook({ variant, size, gutter, pill })} />;
}

/** Sets the height of a text area to that of its text. */
export function fit(area: HTMLTextAreaElement, maxRows = Number.POSITIVE_INFINITY): void {
  const style = getComputedStyle(area);
  const frame = area.offsetHeight - area.clientHeight;
  const edges = Number.parseFloat(style.paddingBlockStart) + Number.parseFloat(style.paddingBlockEnd);
  const line = Number.parseFloat(style.lineHeight);
  area.style.height = "auto";
  const wanted = area.scrollHeight;
  const most = Number.isFinite(line) && Number.isFinite(edges) ? maxRows * line + edges : Number.POSITIVE_INFINITY;
  area.style.height = `${Math.min(wanted, most) + frame}px`;
  area.style.overflowY = wanted > most ? "auto" : "hidden";
}
