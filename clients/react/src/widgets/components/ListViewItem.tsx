import { useId } from "react";
import { Spinner } from "../../controls/Spinner.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { useEnvironment } from "../host.js";
import { alignItems } from "../style/flex.js";
import { compact } from "../style/insets.js";
import { spacing } from "../style/length.js";
import { named, WidgetChildren } from "../WidgetNode.js";

/**
 * A row of a list. One with an action is a button below its content, so that what the row holds can be used too: a
 * button may not hold another.
 */
export function ListViewItem({ value, widget }: ComponentProps<"listViewItem">) {
  const contentId = useId();
  const { disabled } = useEnvironment();
  const { run, pending, blocked } = useAction(value.onClickAction, "self");
  const active = Boolean(value.onClickAction?.type);
  return (
    <li className="ws-list-item" data-active={active || undefined} tabIndex={-1} {...named(widget)}>
      {active && (
        <button
          type="button"
          className="ws-list-item__hit"
          aria-labelledby={contentId}
          aria-disabled={blocked || pending || undefined}
          aria-busy={pending || undefined}
          disabled={disabled}
          onClick={() => void run()}
        />
      )}
      <div
        id={contentId}
        className="ws-list-item__content"
        style={compact({ gap: spacing(value.gap), alignItems: alignItems(value.align) })}
      >
        <WidgetChildren of={value.children} />
      </div>
      {pending && <Spinner className="ws-list-item__spinner" />}
    </li>
  );
}
