import { createContext, type ReactNode, useContext } from "react";
import { DRAWINGS } from "./gen/drawings.js";

/** Draws an icon that is not built in, such as `lucide:rocket`. Returns null for a name that it does not know. */
export type IconResolver = (name: string) => ReactNode | null;

const IconResolverContext = createContext<IconResolver | null>(null);

/** Lets an application draw icons beyond the built-in ones. */
export const IconProvider = IconResolverContext.Provider;

/** Returns whether a name is one of ChatKit's, or one of the panel's own. */
export function isBuiltInIcon(name: string): boolean {
  return Object.hasOwn(DRAWINGS, name);
}

export interface IconProps {
  /** One of ChatKit's names; `lucide:` and `vendor:` names are asked of the application. */
  name: string;
  className?: string;
  /** What the icon says. Without it the icon is decoration, and hidden from screen readers. */
  label?: string;
}

/** An icon of the size of the text around it, in the colour of that text. An unknown name is a faint ring. */
export function Icon({ name, className, label }: IconProps) {
  const resolve = useContext(IconResolverContext);
  const classes = className ? `ws-icon ${className}` : "ws-icon";
  const hidden = label ? undefined : true;
  const role = label ? "img" : undefined;
  if (!isBuiltInIcon(name)) {
    const drawn = resolve?.(name);
    if (drawn) {
      return (
        <span className={classes} aria-hidden={hidden}>
          {drawn}
          {label && <span className="ws-visually-hidden">{label}</span>}
        </span>
      );
    }
    const plain = name.slice(name.indexOf(":") + 1);
    if (plain !== name && isBuiltInIcon(plain)) return <Icon name={plain} className={className} label={label} />;
    return (
      <svg
        className={classes}
        viewBox="0 0 24 24"
        data-unknown-icon=""
        role={role}
        aria-label={label}
        aria-hidden={hidden}
      >
        <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 3.28" />
      </svg>
    );
  }
  return (
    <svg
      className={classes}
      viewBox="0 0 24 24"
      fill="currentColor"
      role={role}
      aria-label={label}
      aria-hidden={hidden}
    >
      {DRAWINGS[name]?.split("|").map((path) => {
        const evenOdd = path.startsWith("!");
        const d = evenOdd ? path.slice(1) : path;
        return (
          <path key={d} d={d} fillRule={evenOdd ? "evenodd" : undefined} clipRule={evenOdd ? "evenodd" : undefined} />
        );
      })}
    </svg>
  );
}
