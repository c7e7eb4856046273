import { useContext, useId, useMemo, useSyncExternalStore } from "react";
import { LabelsContext } from "./labelRegistry.js";

/**
 * Returns the attributes that name a field: the `Label` component with its name where there is one in the widget, else
 * the given text.
 */
export function useFieldLabel(
  name: string,
  fallback: string,
): { id: string; "aria-labelledby"?: string; "aria-label"?: string } {
  const labels = useContext(LabelsContext);
  const id = useId();
  const labelId = useSyncExternalStore(
    labels.subscribe,
    () => labels.labelOf(name),
    () => undefined,
  );
  return useMemo(
    () => (labelId ? { id, "aria-labelledby": labelId } : { id, "aria-label": fallback }),
    [id, labelId, fallback],
  );
}
