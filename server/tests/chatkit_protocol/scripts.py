"""Answers written down once, in ChatKit's JSON, and played by an application of ours and by one of openai-chatkit's.

What a person says, or the type of an action, names the answer.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import yaml

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import StreamOptions, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json import decode, encode
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.resources import Resources

Json = dict[str, Any]

MIDNIGHT = "2026-02-03T00:00:00Z"


_ANSWERS = Path(__file__).parents[3] / "specs" / "conformance" / "chatkit_answers.yaml"
SCRIPTS: dict[str, list[Json]] = yaml.safe_load(_ANSWERS.read_text("utf-8"))


def play(name: str, thread_id: str, serial: int) -> Iterator[Json]:
    """Yield the events of an answer, with ids of its own."""
    for event in copy.deepcopy(SCRIPTS[name]):
        if "item" in event:
            event["item"].update(id=f"{event['item']['id']}{serial}", thread_id=thread_id, created_at=MIDNIGHT)
        if "item_id" in event:
            event["item_id"] += str(serial)
        yield event


def words_of(item: Json | None) -> str:
    return str(item["content"][0]["text"]) if item else ""


class OurApp(ChatKitServer):
    """Plays answers; holds those to ``hold`` until it is told to go on.

    Attributes:
        may_stop: Whether people may stop an answer.
        go_on: Ends what is held.
        contexts: Of the requests that came.
    """

    def __init__(self) -> None:
        self.may_stop = True
        self.go_on = asyncio.Event()
        self.holding = asyncio.Event()
        self.contexts: list[RequestContext] = []
        self._serial = itertools.count(1)

    def stream_options(self, thread: Thread, context: RunContext) -> StreamOptions:
        return StreamOptions(allow_cancel=self.may_stop)

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        self.contexts.append(context.request)
        name = words_of(encode(message) if message is not None else None)
        if name == "hold":
            async for event in self._hold(thread):
                yield event
            return
        if name == "break":
            raise RuntimeError("a secret")
        for json in play(name, thread.id, next(self._serial)):
            yield decode(WidgetEvent, json)

    async def _hold(self, thread: Thread) -> AsyncIterator[WidgetEvent]:
        events = list(play("text", thread.id, next(self._serial)))
        for json in events[:3]:
            yield decode(WidgetEvent, json)
        self.holding.set()
        await self.go_on.wait()
        for json in events[3:]:
            yield decode(WidgetEvent, json)

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        """All are known."""

    async def action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        for json in play(action.type, thread.id, next(self._serial)):
            yield decode(WidgetEvent, json)

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        return sender

    async def transcribe(self, audio: bytes, mime_type: str, context: RequestContext) -> str:
        return f"A recording of {len(audio)} bytes."


def create(resources: Resources) -> OurApp:
    """Make the application; what settings may name as its factory."""
    return OurApp()
