import { type CardAction, CardSize } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { type ReactNode, useContext } from "react";
import { Button } from "../../controls/Button.js";
import { useAction } from "../action/useAction.js";
import type { ComponentProps } from "../component.js";
import { FormFrame } from "../form/FormFrame.js";
import { SubmissionContext } from "../form/scope.js";
import { useEnvironment } from "../host.js";
import { border } from "../style/border.js";
import { cssColor } from "../style/color.js";
import { compact, insets } from "../style/insets.js";
import { schemeAttributes } from "../style/scheme.js";
import { named, WidgetChildren } from "../WidgetNode.js";
import { Status } from "./Status.js";

const SIZES: Readonly<Record<CardSize, string>> = {
  [CardSize.UNSPECIFIED]: "md",
  [CardSize.SM]: "sm",
  [CardSize.MD]: "md",
  [CardSize.LG]: "lg",
  [CardSize.FULL]: "full",
};

/** A framed container, with a status above and up to two buttons below; it may be a form. */
export function Card({ value, widget }: ComponentProps<"card">) {
  const attributes = {
    className: "ws-card",
    "data-size": SIZES[value.size ?? CardSize.UNSPECIFIED],
    style: { ...compact({ background: cssColor(value.background, "surface") }), ...border(value.border) },
    ...schemeAttributes(value.background, value.theme),
    ...named(widget),
  };
  const content = (
    <>
      {value.status && <Status status={value.status} />}
      {!value.collapsed && <Body value={value} />}
    </>
  );
  return value.asForm ? (
    <FormFrame action={value.confirm?.action} auto="container" {...attributes}>
      {content}
    </FormFrame>
  ) : (
    <div {...attributes}>{content}</div>
  );
}

function Body({ value }: { value: ComponentProps<"card">["value"] }) {
  return (
    <>
      {value.children.length > 0 && (
        <div className="ws-card__body" style={insets("padding", value.padding)}>
          <WidgetChildren of={value.children} />
        </div>
      )}
      {(value.confirm || value.cancel) && (
        <footer className="ws-card__footer">
          {value.cancel && <CardButton action={value.cancel}>{value.cancel.label}</CardButton>}
          {value.confirm && (
            <CardButton action={value.confirm} confirm submits={value.asForm}>
              {value.confirm.label}
            </CardButton>
          )}
        </footer>
      )}
    </>
  );
}

interface CardButtonProps {
  action: CardAction;
  confirm?: boolean;
  /** The card is a form, whose action this is. */
  submits?: boolean;
  children: ReactNode;
}

function CardButton({ action, confirm, submits, children }: CardButtonProps) {
  const { disabled } = useEnvironment();
  const submission = useContext(SubmissionContext);
  const { run, pending, blocked } = useAction(action.action, "container");
  const native = submits && submission?.native;
  return (
    <Button
      type={native ? "submit" : "button"}
      color={confirm ? "primary" : "secondary"}
      variant={confirm ? "solid" : "outline"}
      disabled={disabled}
      busy={submits ? submission?.pending : pending}
      blocked={submits ? submission?.blocked : blocked}
      onClick={() => {
        if (native) return;
        if (submits) submission?.submit();
        else void run();
      }}
    >
      {children}
    </Button>
  );
}
