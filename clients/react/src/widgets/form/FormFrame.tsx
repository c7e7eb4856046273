import type { ActionConfig } from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";
import { type ComponentPropsWithoutRef, type FormEvent, useContext, useMemo, useState } from "react";
import type { LoadingBehavior } from "../action/source.js";
import { useAction } from "../action/useAction.js";
import { LabelRegistry, LabelsContext } from "./labelRegistry.js";
import { FormContext, FormScope, type FormSubmission, SubmissionContext } from "./scope.js";

export interface FormFrameProps extends ComponentPropsWithoutRef<"div"> {
  /** What is sent when all fields are right. */
  action: ActionConfig | undefined;
  /** What `auto` means for that action. */
  auto: Exclude<LoadingBehavior, "auto">;
}

/** A form: it knows its fields, checks them, and sends its action with their values. */
export function FormFrame({ action, auto, children, ...own }: FormFrameProps) {
  const outer = useContext(FormContext);
  const [scope] = useState(() => new FormScope());
  const [labels] = useState(() => new LabelRegistry());
  const { run, pending, blocked } = useAction(action, auto, scope);
  const native = outer === null;
  const hasAction = Boolean(action?.type);
  const submission = useMemo<FormSubmission>(
    () => ({
      hasAction,
      native,
      pending,
      blocked,
      submit() {
        if (scope.validate()) void run();
      },
    }),
    [hasAction, native, pending, blocked, scope, run],
  );
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    submission.submit();
  };
  return (
    <FormContext.Provider value={scope}>
      <SubmissionContext.Provider value={submission}>
        <LabelsContext.Provider value={labels}>
          {native ? (
            <form {...(own as ComponentPropsWithoutRef<"form">)} noValidate onSubmit={onSubmit}>
              {children}
            </form>
          ) : (
            // HTML knows no form inside a form.
            // biome-ignore lint/a11y/useSemanticElements: as said above
            <div {...own} role="form">
              {children}
            </div>
          )}
        </LabelsContext.Provider>
      </SubmissionContext.Provider>
    </FormContext.Provider>
  );
}
