"""An application that talks for a while: messages of some words, one after another, with steps in between; or one that
has no end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.conversation.resources import Resources

MESSAGES = 12
WORDS = 40
PAUSE = 0.002


class TalkingApp(ChatKitServer):
    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        command, _, rest = (message.user_message.content[0].input_text.text if message else "").partition(" ")
        if command == "steps":
            for number in range(int(rest)):
                yield events.progress(f"step {number}")
            return
        if command == "wait":
            await asyncio.Event().wait()
        for number in range(MESSAGES):
            item = ThreadItem(id=context.ids.new("msg"), assistant_message=item_pb2.AssistantMessageItem())
            part = item.assistant_message.content.add()
            yield events.item_added(ThreadItem(id=item.id, assistant_message=item_pb2.AssistantMessageItem()))
            for word in count() if command == "ramble" else range(WORDS):
                part.text += f"{number}.{word} "
                yield events.text_delta(item.id, f"{number}.{word} ")
                await asyncio.sleep(PAUSE)
            yield events.item_done(item)
            yield events.progress(f"said {number}")


def create(resources: Resources) -> TalkingApp:
    return TalkingApp()
