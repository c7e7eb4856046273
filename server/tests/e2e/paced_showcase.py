"""For the tests of the TypeScript client: the showcase, and answers that wait for a word.

``steps N`` says a word for each sync action ``go``.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import AssistantMessageItem, ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.showcase.app import ShowcaseApp


class PacedShowcase(ShowcaseApp):
    """The showcase, with one more command and one more action."""

    def __init__(self) -> None:
        self._words: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(0))

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncGenerator[WidgetEvent, None]:
        text = message.user_message.content[0].input_text.text if message else ""
        command, _, number = text.partition(" ")
        if command != "steps":
            async for event in super().respond(thread, message, context):
                yield event
            return
        item = ThreadItem(id=context.ids.new("msg"), assistant_message=AssistantMessageItem())
        part = item.assistant_message.content.add()
        yield events.item_added(item)
        for step in range(1, int(number) + 1):
            await self._words[thread.id].acquire()
            # Characters of two, three and four bytes.
            part.text += f"wörd{step}→😀 "
            yield events.text_delta(item.id, f"wörd{step}→😀 ")
        yield events.item_done(item)

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        if action.type == "go":
            self._words[thread.id].release()
            return None
        return await super().sync_action(thread, action, sender, context)

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        if action.type != "go":
            await super().check_action(action, sender, context)


def create(_: Resources) -> PacedShowcase:
    return PacedShowcase()
