"""A widget that changes while it is shown, by every kind of update."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets import limits
from widgetstream_server.widgets.diff import diff

_WORDS = ("A", " text", " that", " grows,", " word", " by", " word.")


@command("stream widget", "A widget that changes: a text grows, a part is replaced, then the whole.")
async def stream_widget(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Show values of a widget one after another, and send what changed."""
    states = values()
    item = scene.item("wid")
    shown = item.widget.widget
    shown.CopyFrom(next(states))
    yield events.item_added(item)
    for value in states:
        limits.check(value)
        changes: list[ItemUpdate] = diff(shown, value)
        shown.CopyFrom(value)
        for change in changes:
            yield events.item_updated(item.id, change)
    yield events.item_done(item)


def values() -> Iterator[Widget]:
    """Yield the values that the widget has one after another."""
    text = ""
    yield _card(text, ui.badge("loading", id="state_badge", color="secondary"), streaming=True)
    for word in _WORDS:
        text += word
        yield _card(text, ui.badge("loading", id="state_badge", color="secondary"), streaming=True)
    done = ui.badge("done", id="state_badge", color="success", variant="solid")
    yield _card(text, ui.badge("loading", id="state_badge", color="secondary"), streaming=False)
    yield _card(text, done, streaming=False)
    yield ui.list_view(ui.list_view_item(ui.markdown(text, id="grown_markdown"), done), id="streamed_list")


def _card(text: str, state: Widget, *, streaming: bool) -> Widget:
    return ui.card(
        ui.title("Streaming", id="stream_title", size="sm"),
        ui.markdown(text, id="grown_markdown", streaming=streaming),
        state,
        id="streamed_card",
    )
