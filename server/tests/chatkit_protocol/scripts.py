"""Answers written down once, in ChatKit's JSON, and played by an application of ours and by one of openai-chatkit's.

What a person says, or the type of an action, names the answer.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import StreamOptions, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json import decode, encode
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext

Json = dict[str, Any]

MIDNIGHT = "2026-02-03T00:00:00Z"


def updated(item: str, kind: str, **fields: Any) -> Json:
    return {"type": "thread.item.updated", "item_id": item, "update": {"type": kind, **fields}}


def text(value: str) -> Json:
    return {"type": "output_text", "text": value, "annotations": []}


def added(item: str, kind: str, **fields: Any) -> Json:
    return {"type": "thread.item.added", "item": {"id": item, "type": kind, **fields}}


def done(item: str, kind: str, **fields: Any) -> Json:
    return {"type": "thread.item.done", "item": {"id": item, "type": kind, **fields}}


def delta(item: str, words: str) -> Json:
    return updated(item, "assistant_message.content_part.text_delta", content_index=0, delta=words)


CARD = {
    "type": "Card",
    "children": [
        {"type": "Text", "id": "greeting", "value": "Hello", "streaming": True},
        {"type": "Button", "label": "Go", "onClickAction": {"type": "go", "payload": {"n": 1}}},
    ],
}
CARD_LONGER = {**CARD, "children": [{**CARD["children"][0], "value": "Hello you"}, CARD["children"][1]]}  # type: ignore[dict-item]
SOURCE = {"type": "url", "url": "https://example.com/", "title": "A page", "attribution": "Example"}
WEB_TASK = {"type": "web_search", "title": "Looking", "queries": ["milk"], "sources": [SOURCE]}
QUESTION = {
    "type": "multiple_choice",
    "id": "q1",
    "question": "Which?",
    "options": [{"value": "a"}, {"value": "b"}],
    "multiple": False,
}

SCRIPTS: dict[str, list[Json]] = {
    "text": [
        added("a", "assistant_message", content=[]),
        updated("a", "assistant_message.content_part.added", content_index=0, content=text("")),
        delta("a", "Hello "),
        delta("a", "you"),
        updated(
            "a",
            "assistant_message.content_part.annotation_added",
            content_index=0,
            annotation_index=0,
            annotation={"type": "annotation", "source": SOURCE, "index": 5},
        ),
        updated("a", "assistant_message.content_part.done", content_index=0, content=text("Hello you")),
        done("a", "assistant_message", content=[text("Hello you")]),
    ],
    "widget": [
        added("w", "widget", widget=CARD),
        updated("w", "widget.streaming_text.value_delta", component_id="greeting", delta=" you", done=False),
        done("w", "widget", widget=CARD_LONGER, copy_text="Hello you"),
    ],
    "workflow": [
        {"type": "progress_update", "icon": "search", "text": "Looking"},
        added("f", "workflow", workflow={"type": "custom", "tasks": []}),
        updated("f", "workflow.task.added", task_index=0, task=WEB_TASK),
        updated("f", "workflow.task.updated", task_index=0, task={**WEB_TASK, "status_indicator": "complete"}),
        done(
            "f",
            "workflow",
            workflow={"type": "custom", "tasks": [WEB_TASK], "summary": {"title": "Done"}, "expanded": True},
        ),
    ],
    "signals": [
        {"type": "notice", "level": "warning", "message": "Careful", "title": "So"},
        {"type": "client_effect", "name": "refresh", "data": {"n": 1}},
        {"type": "client_effect", "name": "blink"},
        {"type": "error", "code": "stream.error", "allow_retry": True},
        {"type": "error", "message": "No"},
        done("h", "hidden_context_item", content={"not": "for you"}),
        done("e", "end_of_turn"),
    ],
    "replace": [
        done("r", "assistant_message", content=[text("one")]),
        {
            "type": "thread.item.replaced",
            "item": {"id": "r", "type": "assistant_message", "content": [text("two")]},
        },
        done("s", "assistant_message", content=[text("gone")]),
        {"type": "thread.item.removed", "item_id": "s"},
    ],
    "tool": [
        done("t", "client_tool_call", call_id="call_1", name="place", arguments={"in": "room"}, status="pending"),
    ],
    "ask": [done("q", "structured_input", inputs=[QUESTION], status="pending")],
    "": [done("n", "assistant_message", content=[text("Going on")])],
}


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
