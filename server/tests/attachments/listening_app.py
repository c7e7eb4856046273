"""An application that keeps what it is told, and says that it has heard."""

from __future__ import annotations

from collections.abc import AsyncIterator

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext


class ListeningApp(ChatKitServer):
    """Keeps the messages that it answers, and what it hears."""

    def __init__(self) -> None:
        self.messages: list[ThreadItem] = []
        self.heard: list[tuple[bytes, str]] = []

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        if message is not None:
            self.messages.append(message)
        yield events.progress("listening")

    async def transcribe(self, audio: bytes, mime_type: str, context: RequestContext) -> str:
        self.heard.append((audio, mime_type))
        return "buy milk"
