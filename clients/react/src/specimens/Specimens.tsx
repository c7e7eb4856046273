import { toJson } from "@bufbuild/protobuf";
import { ActionSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/action_pb";
import { useCallback, useState } from "react";
import { ThemeProvider, type ThemeProviderProps } from "../theme/ThemeProvider.js";
import type { ActionHandler } from "../widgets/action/source.js";
import { SPECIMENS } from "./gen/specimens.js";
import { SpecimenCard } from "./SpecimenCard.js";

export interface SpecimensProps {
  /** The theme of the page around the specimens, which show both. */
  theme?: ThemeProviderProps["theme"];
  /** Gets what is clicked, after the page has said it. While its promise is open, the widget is busy. */
  onAction?: ActionHandler;
}

/** A page that shows each component of the schema in both themes, beside its JSON, and says what an action carries. */
export function Specimens({ theme, onAction }: SpecimensProps) {
  const [said, setSaid] = useState("");
  const act = useCallback<ActionHandler>(
    (action, source) => {
      setSaid(`${JSON.stringify(toJson(ActionSchema, action))} by the ${source.handler}`);
      return onAction ? onAction(action, source) : new Promise((resolve) => setTimeout(resolve, 800));
    },
    [onAction],
  );
  return (
    <ThemeProvider theme={theme} className="ws-specimens">
      <header>
        <h1>Specimens</h1>
        <p>Each component of the schema in both themes, beside its JSON.</p>
        <nav aria-label="Components">
          {SPECIMENS.map(({ name, label }) => (
            <a key={name} href={`#${name}`}>
              {label}
            </a>
          ))}
        </nav>
      </header>
      {SPECIMENS.map((specimen) => (
        <SpecimenCard key={specimen.name} specimen={specimen} onAction={act} />
      ))}
      <output className="ws-specimens__action" aria-live="polite">
        {said}
      </output>
    </ThemeProvider>
  );
}
