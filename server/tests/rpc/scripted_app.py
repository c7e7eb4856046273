"""An application that does what it is told: the first word of a message is a command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import ActionUnknownError, ModelUnavailableError
from widgetstream_server.widgets import builders as w
from widgetstream_server.widgets import limits

SECRET = "what a person wrote in confidence"


class ScriptedApp(ChatKitServer):
    """Does what the first word says: ``say N``, ``hang``, ``raise``, ``fail``, ``widget``, ``nest N``, and so on."""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.closed = 0
        self.time_zones: list[str] = []
        self.feedback: list[tuple[list[str], FeedbackKind.ValueType]] = []

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        said = message.user_message.content[0].input_text.text if message else "resume"
        command, _, rest = said.partition(" ")
        self.time_zones.append(context.request.time_zone.key)
        try:
            async for event in self._play(command, rest, thread, context):
                yield event
        finally:
            self.closed += 1

    async def _play(  # noqa: C901 — one case a command
        self, command: str, rest: str, thread: Thread, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        match command:
            case "say":
                async for event in self._say(int(rest), context):
                    yield event
            case "hang":
                async for event in self._say(3, context, hang=True):
                    yield event
            case "raise":
                raise RuntimeError(SECRET)
            case "fail":
                yield events.progress("thinking")
                raise ModelUnavailableError("The model does not answer.")
            case "widget":
                item = ThreadItem(id=context.ids.new("wid"))
                item.widget.widget.CopyFrom(w.card(w.text("Hello", id="greeting_text"), id="greeting_card"))
                yield events.item_done(item)
            case "nest":
                widget = w.text("deep")
                for _ in range(int(rest)):
                    widget = w.box(widget)
                limits.check(w.card(widget))
            case "title":
                thread.title = rest
            case "title-later":
                async for event in self._say(3, context, hang=True):
                    yield event
                thread.metadata["seen"] = rest
            case "resume":
                history = await context.history()
                yield events.progress(f"resumed after {history[-1].WhichOneof('item')}")
            case "tool":
                item = ThreadItem(id=context.ids.new("ctc"))
                item.client_tool_call.call_id = rest or "call_1"
                item.client_tool_call.name = "look"
                yield events.item_done(item)
            case "ask":
                item = ThreadItem(id=context.ids.new("inp"))
                one = item.structured_input.inputs.add(id="which", question="Which?")
                one.multiple_choice.options.add(value="milk")
                one.multiple_choice.options.add(value="bread")
                item.structured_input.inputs.add(id="why", question="Why?").freeform.SetInParent()
                yield events.item_done(item)
            case "flood":
                for number in range(int(rest)):
                    yield events.progress(f"{number} " + "x" * 10_000)
                    await asyncio.sleep(0)
            case "lock":
                thread.status.locked.reason = "for a test"
            case "hide":
                item = ThreadItem(id=context.ids.new("hcx"))
                item.hidden_context.content.string_value = SECRET
                yield events.item_done(item)
            case _:
                raise ValueError(f"no such command: {command}")

    async def _say(self, words: int, context: RunContext, *, hang: bool = False) -> AsyncIterator[WidgetEvent]:
        item = ThreadItem(id=context.ids.new("msg"), assistant_message=item_pb2.AssistantMessageItem())
        yield events.item_added(item)
        for number in range(1, words + 1):
            yield events.text_delta(item.id, f"word{number} ")
            await asyncio.sleep(0)
        if hang:
            await self.released.wait()
        item.assistant_message.content.add(text="".join(f"word{number} " for number in range(1, words + 1)))
        yield events.item_done(item)

    async def add_feedback(
        self, thread: Thread, item_ids: Sequence[str], kind: FeedbackKind.ValueType, context: RequestContext
    ) -> None:
        self.feedback.append((list(item_ids), kind))

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        if action.type not in ("greet", "rename"):
            raise ActionUnknownError(action.type, known=("greet", "rename"))

    async def action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        yield events.progress(f"greeting {sender.id if sender else 'nobody'}")

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        if sender is None:
            return None
        sender.widget.widget.card.children[0].text.value += "!"
        return sender
