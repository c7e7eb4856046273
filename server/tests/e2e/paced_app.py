"""An application whose answers wait for a word: ``steps N`` sends a word of text for each sync action ``go``."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import ActionUnknownError
from widgetstream_server.conversation.resources import Resources


class PacedApp(ChatKitServer):
    def __init__(self) -> None:
        self._words: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(0))

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        assert message is not None
        command, _, number = message.user_message.content[0].input_text.text.partition(" ")
        item = ThreadItem(id=context.ids.new("msg"), assistant_message=item_pb2.AssistantMessageItem())
        part = item.assistant_message.content.add()
        if command == "steps":
            yield events.item_added(item)
            for step in range(1, int(number) + 1):
                await self._words[thread.id].acquire()
                part.text += f"word{step} "
                yield events.text_delta(item.id, f"word{step} ")
        elif command == "large":
            part.text = "x" * int(number)
        yield events.item_done(item)

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        if action.type != "go":
            raise ActionUnknownError(action.type, known=["go"])

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        self._words[thread.id].release()
        return None


def create(resources: Resources) -> PacedApp:
    return PacedApp()
