import type { ComponentPropsWithRef, ReactNode } from "react";

export interface RadioProps extends Omit<ComponentPropsWithRef<"input">, "type"> {
  children?: ReactNode;
}

/** One of a group of choices, with its label. */
export function Radio({ children, ...own }: RadioProps) {
  return (
    <label className="ws-choice">
      <input {...own} type="radio" className="ws-radio" />
      <span>{children}</span>
    </label>
  );
}
