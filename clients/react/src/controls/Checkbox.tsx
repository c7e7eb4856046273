import type { ComponentPropsWithRef, ReactNode } from "react";

export interface CheckboxProps extends Omit<ComponentPropsWithRef<"input">, "type"> {
  children?: ReactNode;
  /** Its change is on its way. */
  busy?: boolean;
}

/** A box to tick, with its label. */
export function Checkbox({ children, busy, className, ...own }: CheckboxProps) {
  return (
    <label className={className ? `ws-choice ${className}` : "ws-choice"} data-busy={busy || undefined}>
      <input {...own} type="checkbox" className="ws-checkbox" />
      {children && <span>{children}</span>}
    </label>
  );
}
