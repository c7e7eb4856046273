import {
  ButtonColor,
  ButtonIconSize,
  ButtonStyle,
} from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_control_pb";
import { useContext } from "react";
import { Button as ButtonControl } from "../../controls/Button.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { FormContext, SubmissionContext } from "../form/scope.js";
import { useEnvironment } from "../host.js";
import { BUTTON_COLORS, BUTTON_ICON_SIZES, controlLook } from "../style/control.js";
import { named } from "../WidgetNode.js";

/** A button that sends its action, or submits the form around it. */
export function Button({ value, widget }: ComponentProps<"button">) {
  const { disabled } = useEnvironment();
  const form = useContext(FormContext);
  const submission = useContext(SubmissionContext);
  const { run, pending, blocked } = useAction(value.onClickAction, "self");
  const submits = value.submit === true && submission !== null;
  const byForm = submits && submission.hasAction;
  const primary = value.style === ButtonStyle.PRIMARY || (value.style === undefined && value.submit === true);
  const color = BUTTON_COLORS[value.color ?? ButtonColor.UNSPECIFIED] ?? (primary ? "primary" : "secondary");
  const { variant = primary ? "solid" : "outline", ...look } = controlLook(value);
  const icon = value.iconStart ?? value.iconEnd;
  const iconOnly = !value.label && icon !== undefined;
  return (
    <ButtonControl
      {...look}
      type={byForm && submission.native ? "submit" : "button"}
      color={color}
      variant={variant}
      iconStart={value.iconStart}
      iconEnd={value.iconEnd}
      iconSize={BUTTON_ICON_SIZES[value.iconSize ?? ButtonIconSize.BUTTON_ICON_SIZE_UNSPECIFIED]}
      uniform={value.uniform ?? (iconOnly && !(value.iconStart && value.iconEnd))}
      disabled={value.disabled || disabled}
      busy={byForm ? submission.pending : pending}
      blocked={byForm ? submission.blocked : blocked}
      aria-label={value.label ? undefined : (icon ?? "Button").replace(/^\w+:/, "").replaceAll("-", " ")}
      onClick={() => {
        if (byForm) {
          if (!submission.native) submission.submit();
          return;
        }
        // Without an action of the form's own, the button's is sent once all fields are right.
        if (!submits || form?.validate()) void run();
      }}
      {...named(widget)}
    >
      {value.label}
    </ButtonControl>
  );
}
