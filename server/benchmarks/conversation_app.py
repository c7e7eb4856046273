"""The application that fills threads for benchmarks: its answers are what an assistant for tasks says."""

from __future__ import annotations

from collections.abc import AsyncIterator

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.widgets import builders as ui

ANSWER = (
    "You have **three** things to do today: buy milk before the shop closes at eight, water the plants on the balcony, "
    "and call the dentist about Thursday. The milk is the most urgent of them; shall I remind you an hour before? "
    "Nothing is overdue, and tomorrow is free until the afternoon."
)


class ConversationServer(ChatKitServer):
    """Answers with a list of tasks when the message has the word "list", otherwise with some sentences."""

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        """Answer."""
        said = message.user_message.content[0].input_text.text if message else ""
        if thread.title != said and not thread.title:
            context.thread.title = said
        if "list" in said:
            yield events.item_done(
                ThreadItem(id=context.ids.new("wid"), widget=item_pb2.WidgetItem(widget=task_list()))
            )
            return
        answer = item_pb2.AssistantMessageItem(content=[item_pb2.AssistantMessageContent(text=ANSWER)])
        yield events.item_done(ThreadItem(id=context.ids.new("msg"), assistant_message=answer))


def create(_: Resources) -> ConversationServer:
    """Return the application."""
    return ConversationServer()


def task_list() -> Widget:
    """Return five tasks, as the built-in application shows them."""
    rows = [
        ui.row(
            ui.icon("empty-circle", color="secondary"),
            ui.col(ui.text(f"Task {number}", weight="medium"), ui.caption("tomorrow, 17:00"), gap=1),
            ui.spacer(),
            ui.button("Done", on_click_action=ui.action("tasks.complete", {"id": number}), variant="ghost"),
            gap=2,
            align="center",
        )
        for number in range(5)
    ]
    return ui.card(ui.title("Your tasks", size="sm"), ui.divider(), *rows, size="md")
