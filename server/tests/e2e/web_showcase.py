"""For the tests of the web page: the paced showcase, and widgets that nobody should have to see.

``hostile`` shows a widget with a script in every string; ``list N`` shows a list of N rows.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from tests.e2e.paced_showcase import PacedShowcase
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem, WidgetItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.conversation.context import RunContext
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


class WebShowcase(PacedShowcase):
    """The paced showcase, with two more commands."""

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncGenerator[WidgetEvent, None]:
        said = message.user_message.content[0].input_text.text if message else ""
        command, _, number = said.partition(" ")
        if command in {"hostile", "list"}:
            widget = _hostile() if command == "hostile" else _rows(int(number))
            yield events.item_done(ThreadItem(id=context.ids.new("wid"), widget=WidgetItem(widget=widget)))
            return
        async for event in super().respond(thread, message, context):
            yield event


def create(_: Resources) -> WebShowcase:
    return WebShowcase()
