"""For the tests of the web page: the paced showcase, a widget that sets its pace, and what nobody should see.

``metronome`` shows a button for the sync action ``go``, and counts; ``hostile`` shows a widget with a script in every
string; ``list N`` shows a list of N rows.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from tests.e2e.paced_showcase import PacedShowcase
from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem, WidgetItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.widgets import builders as ui

_SCRIPT = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
_LINK = f"[press me](javascript:document.title='owned') {_SCRIPT}"


def _hostile() -> Widget:
    return ui.card(
        ui.title(_SCRIPT),
        ui.text(_SCRIPT),
        ui.markdown(_LINK),
        ui.image("https://elsewhere.example/spy.png", alt=_SCRIPT),
        ui.image("javascript:document.title='owned'", alt="a script for a picture"),
        ui.button(_SCRIPT, on_click_action=ui.action(_SCRIPT)),
    )


def _rows(count: int) -> Widget:
    return ui.list_view(*(ui.list_view_item(ui.text(f"Row {number}")) for number in range(1, count + 1)), limit=count)


def _metronome(words: int) -> Widget:
    go = ui.action("go", {"words": words + 1}, streaming=False)
    said = f"Asked for {words} word{'s' if words > 1 else ''}" if words else "Nothing asked for yet"
    return ui.card(ui.text(said), ui.button("Next word", on_click_action=go))


def _widget(command: str, number: str) -> Widget | None:
    match command:
        case "hostile":
            return _hostile()
        case "list":
            return _rows(int(number))
        case "metronome":
            return _metronome(0)
        case _:
            return None


class WebShowcase(PacedShowcase):
    """The paced showcase, with three more commands."""

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncGenerator[WidgetEvent, None]:
        said = message.user_message.content[0].input_text.text if message else ""
        command, _, number = said.partition(" ")
        if (widget := _widget(command, number)) is not None:
            yield events.item_done(ThreadItem(id=context.ids.new("wid"), widget=WidgetItem(widget=widget)))
            return
        async for event in super().respond(thread, message, context):
            yield event

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        item = await super().sync_action(thread, action, sender, context)
        if action.type == "go" and sender is not None:
            item = ThreadItem()
            item.CopyFrom(sender)
            item.widget.widget.CopyFrom(_metronome(int(action.payload.struct_value.fields["words"].number_value)))
        return item


def create(_: Resources) -> WebShowcase:
    return WebShowcase()
