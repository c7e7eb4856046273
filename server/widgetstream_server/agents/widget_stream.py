"""A widget that changes while it is shown: values in, events out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.widgets import limits
from widgetstream_server.widgets.diff import diff

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


async def widget_events(item: ThreadItem, widget: Widget | AsyncIterator[Widget]) -> AsyncGenerator[WidgetEvent, None]:
    """Yield the events that show a widget: one value as it is, or one value after another.

    One value gives ``item_done`` alone. An iterator gives ``item_added`` with its first value, the smallest
    deltas for each further one, and ``item_done`` with the last. The iterator may yield the same object
    again, changed. When it fails, the item is done with its last value before the exception goes on; when it
    is canceled, the item stays as it is.

    Args:
        item: The widget's item. It holds the value shown last at any time.
        widget: The value, or the values in order.

    Raises:
        WidgetInvalidError: A value is nested too deep, too large, or uses an id twice. Nothing of that value
            was sent.
        ValueError: The iterator had no value.
    """
    shown = item.widget.widget
    if isinstance(widget, Widget):
        limits.check(widget)
        shown.CopyFrom(widget)
        yield events.item_done(item)
        return
    begun = False
    try:
        async for value in widget:
            limits.check(value)
            updates = diff(shown, value) if begun else ()
            shown.CopyFrom(value)
            if not begun:
                begun = True
                yield events.item_added(item)
            for update in updates:
                yield events.item_updated(item.id, update)
    except Exception:
        if begun:
            yield events.item_done(item)
        raise
    finally:
        close = getattr(widget, "aclose", None)
        if close is not None:
            await close()
    if not begun:
        raise ValueError("a widget that is streamed needs at least one value")
    yield events.item_done(item)
