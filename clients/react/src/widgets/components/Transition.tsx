import type { ComponentProps } from "../component.js";
import { named, WidgetChildren } from "../WidgetNode.js";
import { useLayoutTransition } from "./useLayoutTransition.js";

/** Animates changes of its child: another height, another component. Not where the person asked for less motion. */
export function Transition({ value, widget }: ComponentProps<"transition">) {
  const frame = useLayoutTransition();
  return (
    <div ref={frame} className="ws-transition" {...named(widget)}>
      <div>{value.children && <WidgetChildren of={[value.children]} />}</div>
    </div>
  );
}
