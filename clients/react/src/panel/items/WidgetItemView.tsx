import type { Action, WidgetItem } from "@widgetstream/client";
import { memo, useCallback } from "react";
import { type ActionSource, WidgetView } from "../../widgets/index.js";
import { usePanel } from "../PanelContext.js";

/** A widget of the conversation, whose actions go where they say. */
export const WidgetItemView = memo(function WidgetItemView({ itemId, item }: { itemId: string; item: WidgetItem }) {
  const { conversation, imageDomains, locale } = usePanel();
  const act = useCallback(
    async (action: Action, { handler, streaming }: ActionSource) => {
      // What it fails of is told as a note.
      await conversation.act(itemId, action, { handler, streaming }).catch(() => undefined);
    },
    [conversation, itemId],
  );
  if (!item.widget) return null;
  return <WidgetView widget={item.widget} itemId={itemId} onAction={act} imageDomains={imageDomains} locale={locale} />;
});
