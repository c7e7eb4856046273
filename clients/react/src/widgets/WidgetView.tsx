import type { Widget } from "@widgetstream/client/gen/widgetstream/chatkit/v1/widget_pb";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ActionHandler } from "./action/source.js";
import { keepFocus } from "./focus.js";
import { EnvironmentContext, HostContext, type WidgetHost } from "./host.js";
import { WidgetNode } from "./WidgetNode.js";

export interface WidgetViewProps {
  /** The tree. Messages that did not change should be the same objects as before: they are not rendered again. */
  widget: Widget;
  /** The thread item that the widget is; it comes back with each action. */
  itemId?: string;
  /**
   * Gets what people trigger. While a promise that it returns is open, the widget shows that it is busy, as the
   * action's `loadingBehavior` asks for.
   */
  onAction?: ActionHandler;
  /** Nothing can be used. */
  disabled?: boolean;
  /** An answer is being streamed: actions that would start another run wait; those answered at once, and the page's own, work. */
  streaming?: boolean;
  /** Hosts that images may come from, beside the page's own and `data:` pictures; see `safeImage`. */
  imageDomains?: readonly string[];
  /** BCP 47, for dates and numbers. Default: the browser's. */
  locale?: string;
  /** Writing direction. Default: that of the page. */
  direction?: "ltr" | "rtl";
}

const NO_DOMAINS: readonly string[] = [];

/** A widget as ChatKit shows it. Needs a `ThemeProvider` around it, or the class `ws-theme` on the page. */
export function WidgetView(props: WidgetViewProps) {
  const { widget, disabled = false, streaming = false, imageDomains, locale, direction } = props;
  const root = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  const [held, setHeld] = useState(0);
  const host = useMemo<WidgetHost>(
    () => ({
      drafts: new Map(),
      itemId: () => latest.current.itemId,
      dispatch: (action, source) => latest.current.onAction?.(action, source),
      hold(work) {
        const restore = keepFocus(root.current);
        setHeld((count) => count + 1);
        void work.finally(() => {
          setHeld((count) => count - 1);
          setTimeout(restore);
        });
      },
    }),
    [],
  );
  const domains = imageDomains?.join("\n") ?? "";
  const environment = useMemo(
    () => ({ disabled, streaming, imageDomains: domains ? domains.split("\n") : NO_DOMAINS, locale }),
    [disabled, streaming, domains, locale],
  );
  const busy = held > 0;
  return (
    <HostContext.Provider value={host}>
      <EnvironmentContext.Provider value={environment}>
        <div
          ref={root}
          className="ws-widget"
          data-busy={busy || undefined}
          aria-busy={busy || undefined}
          inert={busy}
          dir={direction}
          lang={locale}
        >
          <WidgetNode widget={widget} />
        </div>
      </EnvironmentContext.Provider>
    </HostContext.Provider>
  );
}
