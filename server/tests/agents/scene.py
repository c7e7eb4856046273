"""A stage for agents: a run's context with a clock and ids that are known, models that follow a script, and traces."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from agents import Agent, Model
from agents.items import TResponseStreamEvent
from agents.testing import ModelStep, ScriptedModel
from agents.tool import Tool
from google.protobuf.json_format import MessageToDict

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.agents import AgentContext
from widgetstream_server.agents.models.response_events import message_item, response_events
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.ports import Slice, StoredItem, ThreadStore
from widgetstream_server.conversation.principal import Principal

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class ManualClock:
    """A clock that stands until it is told otherwise."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


class CountingIds:
    """Ids that count from 1, each prefix for itself."""

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()

    def new(self, prefix: str) -> str:
        self._made[prefix] += 1
        return f"{prefix}_{self._made[prefix]}"


class FixedItems:
    """As much of a store as ``RunContext.history`` asks for."""

    def __init__(self, items: Sequence[ThreadItem]) -> None:
        self._items = items

    async def list_items(self, owner: str, thread_id: str, *, limit: int, **_: Any) -> Slice[StoredItem, int]:
        newest_first = [StoredItem(item, place) for place, item in enumerate(self._items, 1)][::-1]
        return Slice(newest_first[:limit], None)


@dataclass
class Scene:
    """A run's context, and the application's resources: a list of what its tools did."""

    clock: ManualClock = field(default_factory=ManualClock)
    did: list[str] = field(default_factory=list)
    items: Sequence[ThreadItem] = ()

    def __post_init__(self) -> None:
        self.run = RunContext(
            run_id="run_1",
            thread=Thread(id="thr_1"),
            request=RequestContext(Principal("i:ann", "ann", "i"), ZoneInfo("Europe/Oslo")),
            clock=self.clock,
            ids=CountingIds(),
            store=cast("ThreadStore", FixedItems(self.items)),
        )
        self.context: AgentContext[Scene] = AgentContext(self.run, self)


Play = AgentContext[Scene]


def agent(model: Model, *tools: Tool, **settings: Any) -> Agent[Play]:
    return Agent[Play](name="assistant", instructions="Help.", model=model, tools=list(tools), **settings)


def text_events(*deltas: str) -> Sequence[TResponseStreamEvent]:
    """The stream of a response that says these deltas, without regard to where words end."""
    whole = list(response_events([message_item("up_1", "x")], response_id="r"))
    text = "".join(deltas)
    events: list[TResponseStreamEvent] = []
    for event in whole:
        if event.type == "response.output_text.delta":
            events.extend(event.model_copy(update={"delta": delta}) for delta in deltas)
        elif event.type == "response.content_part.done":
            events.append(event.model_copy(update={"part": event.part.model_copy(update={"text": text})}))
        elif event.type == "response.output_item.done":
            events.append(event.model_copy(update={"item": message_item("up_1", text)}))
        else:
            events.append(event)
    return events


def says(*deltas: str) -> ModelStep:
    return ModelStep.stream(text_events(*deltas))


def says_then(events: Sequence[TResponseStreamEvent], then: Callable[[], Any]) -> ModelStep:
    """A stream that delivers some events, and then does something: waits, or fails."""

    async def stream(_: object) -> AsyncIterator[TResponseStreamEvent]:
        for event in events:
            yield event
        result = then()
        if asyncio.iscoroutine(result):
            await result

    return ModelStep.stream(stream)


def script(*steps: Any) -> ScriptedModel:
    return ScriptedModel(steps)


def said(event: WidgetEvent) -> str:
    """One event in one short line."""
    kind = event.WhichOneof("event")
    match kind:
        case "item_added":
            return f"{event.item_added.item.id} added"
        case "item_done":
            return f"{event.item_done.item.id} done{_content(event.item_done.item)}"
        case "item_removed":
            return f"{event.item_removed.item_id} removed"
        case "item_updated":
            return f"{event.item_updated.item_id} {_update(event)}"
        case "progress_update":
            return f"progress: {event.progress_update.text}"
        case "notice":
            return f"notice: {event.notice.message}"
        case "client_effect":
            return f"effect: {event.client_effect.name} {MessageToDict(event.client_effect.data)}"
        case "error":
            return f"error: {event.error.message}"
        case _:
            raise AssertionError(f"unexpected event {kind}")


def _update(event: WidgetEvent) -> str:
    update = event.item_updated.update
    match update.WhichOneof("update"):
        case "text_delta":
            return f"+{update.text_delta.delta!r}"
        case "content_part_added":
            return f"part {update.content_part_added.content_index}"
        case "content_part_done":
            return f"part {update.content_part_done.content_index} = {update.content_part_done.content.text!r}"
        case "annotation_added":
            annotation = update.annotation_added.annotation
            source = annotation.source.url.url or annotation.source.file.filename
            return f"annotation {update.annotation_added.annotation_index}: {source} at {annotation.index}"
        case "workflow_task_added":
            added = update.workflow_task_added
            return f"task {added.task_index}: {added.task.thought.content or added.task.custom.title}"
        case "workflow_task_updated":
            changed = update.workflow_task_updated
            return f"task {changed.task_index} is {changed.task.thought.content or changed.task.custom.title}"
        case kind:
            return str(kind)


def _content(item: ThreadItem) -> str:
    match item.WhichOneof("item"):
        case "assistant_message":
            return ": " + " | ".join(part.text for part in item.assistant_message.content)
        case "widget":
            return ": " + text_of(item.widget.widget)
        case "workflow":
            return f": {len(item.workflow.workflow.tasks)} tasks"
        case "client_tool_call":
            return f": {item.client_tool_call.name}"
        case _:
            return ""


def card(*texts: str) -> Widget:
    widget = Widget(id="card")
    widget.card.SetInParent()
    for place, text in enumerate(texts):
        child = widget.card.children.add(id=f"text_{place}")
        child.text.value = text
        child.text.streaming = True
    return widget


def text_of(widget: Widget) -> str:
    return " / ".join(child.text.value for child in widget.card.children)


async def others() -> set[asyncio.Task[Any]]:
    """The tasks there are beside the test's own, after those that are ending had a chance to."""
    for _ in range(5):
        await asyncio.sleep(0)
    return asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}
