"""The application that benchmarks let a server run: it does what the first word of a message says.

- ``say N RATE``: an assistant's message of N words, RATE of them a second; 0: all at once. Each word is the time at
  which it was said.
- ``tick N RATE``: the same pace, and not a word.
- ``progress N``: N notes of progress, all at once: events that are not merged.
- ``hang``: one word, and then nothing for as long as the run is let.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.conversation.resources import Resources

# Times in words are counted from the start of a period, to be as long as words are.
PERIOD_MICROSECONDS = 10**8


class ScriptedServer(ChatKitServer):
    """Does what it is told."""

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        """Do what the message says."""
        assert message is not None
        command, *numbers = message.user_message.content[0].input_text.text.split()
        item = ThreadItem(id=context.ids.new("msg"), assistant_message=item_pb2.AssistantMessageItem())
        match command:
            case "say":
                said = []
                yield events.item_added(item)
                async for _ in _pace(int(numbers[0]), float(numbers[1])):
                    said.append(word())
                    yield events.text_delta(item.id, said[-1])
                item.assistant_message.content.add(text="".join(said))
                yield events.item_done(item)
            case "tick":
                async for _ in _pace(int(numbers[0]), float(numbers[1])):
                    pass
                yield events.progress("done")
            case "progress":
                for _ in range(int(numbers[0])):
                    yield events.progress(word())
            case "hang":
                yield events.item_added(item)
                yield events.text_delta(item.id, word())
                await asyncio.Event().wait()
            case _:
                raise ValueError(f"no such command: {command}")


def create(_: Resources) -> ScriptedServer:
    """Return the application."""
    return ScriptedServer()


def word() -> str:
    """Return the time as a word of nine characters, a space included."""
    return f"{time.monotonic_ns() // 1000 % PERIOD_MICROSECONDS:08} "


async def _pace(times: int, rate: float) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(times):
        if rate:
            # Against the clock, so that delays do not add up.
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        yield
