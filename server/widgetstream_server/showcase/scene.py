"""What a command gets to work with, and short ways to say things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import AssistantMessageContent, ItemUpdate, ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.widgets import limits


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn.

    Attributes:
        context: The run.
        rest: What the person typed after the command.
        message: What the person sent. None: a click, or what the run goes on after.
    """

    context: RunContext
    rest: str
    message: ThreadItem | None = None

    @property
    def thread(self) -> Thread:
        """The thread, which may be changed."""
        return self.context.thread

    def item(self, prefix: str) -> ThreadItem:
        """Return a new item, without its kind."""
        item = ThreadItem(id=self.context.ids.new(prefix), thread_id=self.thread.id)
        item.create_time.FromDatetime(self.context.clock.now())
        return item

    def say(self, text: str) -> Iterator[WidgetEvent]:
        """Say a text, word by word, in one part."""
        item = self.item("msg")
        item.assistant_message.SetInParent()
        yield events.item_added(item)
        part = AssistantMessageContent()
        yield events.item_updated(item.id, ItemUpdate(content_part_added=item_pb2.ContentPartAdded(content=part)))
        for number, word in enumerate(text.split(" ")):
            yield events.text_delta(item.id, word if number == 0 else f" {word}")
        part.text = text
        yield events.item_updated(item.id, ItemUpdate(content_part_done=item_pb2.ContentPartDone(content=part)))
        item.assistant_message.content.append(part)
        yield events.item_done(item)

    def show(self, widget: Widget, copy_text: str | None = None) -> WidgetEvent:
        """Show a widget that does not change."""
        limits.check(widget)
        item = self.item("wid")
        item.widget.widget.CopyFrom(widget)
        if copy_text is not None:
            item.widget.copy_text = copy_text
        return events.item_done(item)
