import { fromJson } from "@bufbuild/protobuf";
import { WidgetSchema } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { memo, useMemo } from "react";
import { ThemeProvider } from "../theme/ThemeProvider.js";
import type { ActionHandler } from "../widgets/action/source.js";
import { WidgetView } from "../widgets/WidgetView.js";
import type { Specimen } from "./specimen.js";

const THEMES = ["light", "dark"] as const;

/** One component in both themes, beside its JSON. */
export const SpecimenCard = memo(function SpecimenCard(props: { specimen: Specimen; onAction: ActionHandler }) {
  const { specimen, onAction } = props;
  const widget = useMemo(() => fromJson(WidgetSchema, specimen.widget), [specimen]);
  const json = useMemo(() => JSON.stringify(specimen.json, null, 2), [specimen]);
  return (
    <article className="ws-specimen" id={specimen.name} aria-labelledby={`specimen-${specimen.name}`}>
      <h2 id={`specimen-${specimen.name}`}>{specimen.label}</h2>
      <div className="ws-specimen__sides">
        {THEMES.map((theme) => (
          <ThemeProvider key={theme} theme={theme} className="ws-specimen__side">
            <WidgetView widget={widget} itemId={`${specimen.name}-${theme}`} onAction={onAction} />
          </ThemeProvider>
        ))}
      </div>
      <details open className="ws-specimen__json">
        <summary>JSON</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard. */}
        <pre tabIndex={0}>{json}</pre>
      </details>
    </article>
  );
});
