"""ChatKit's JSON: what writing and reading an event takes, beside the models of openai-chatkit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatkit import types
from pydantic import TypeAdapter

from benchmarks.conversation_app import ANSWER, task_list
from benchmarks.cpu import microseconds
from benchmarks.measure import Measure, median
from widgetstream.chatkit.v1 import item_pb2, workflow_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.chatkit_json import decode_bytes, encode_bytes
from widgetstream_server.conversation import events

HOW = (
    "in this process, on one thread: µs of CPU, the median of 100 batches. Writing: ours from a message to bytes; the "
    "peer's as ChatKitServer serializes it, from a model to bytes. Reading: bytes to a message, bytes to a model "
    "by a validator that was made once. Both write the same JSON, but for the number of the event."
)

_PEER: TypeAdapter[Any] = TypeAdapter(types.ThreadStreamEvent)


def run(_: Path) -> Iterator[Measure]:
    """Measure both, event by event."""
    for what, event in _events():
        written = encode_bytes(event)
        model = _PEER.validate_json(written)
        yield from _pair(f"write {what}", lambda event=event: encode_bytes(event), lambda model=model: _dump(model))
        yield from _pair(
            f"read {what}",
            lambda data=written: decode_bytes(WidgetEvent, data),
            lambda data=written: _PEER.validate_json(data),
        )


def _dump(model: Any) -> bytes:
    text: str = model.model_dump_json(by_alias=True, exclude_none=True, context={"exclude_metadata": True})
    return text.encode("utf-8")


def _pair(what: str, ours: Any, theirs: Any) -> Iterator[Measure]:
    def times(work: Any) -> Any:
        def repeat(many: int) -> None:
            for _ in range(many):
                work()

        return repeat

    own, other = (median(microseconds(times(work))) for work in (ours, theirs))
    yield Measure(what=what, value=own, unit="µs", bar=other, note=f"openai-chatkit: {other:.1f} µs")


def _events() -> Iterator[tuple[str, WidgetEvent]]:
    yield "a text delta", events.text_delta("msg_0123456789abcdef", "word ")
    yield "an assistant's message", events.item_done(_item(assistant_message=_message()))
    yield "a widget of 30 components", events.item_done(_item(widget=item_pb2.WidgetItem(widget=task_list())))
    task = workflow_pb2.Task(web_search=workflow_pb2.SearchTask(title="Opening hours", queries=["shop hours"]))
    workflow = workflow_pb2.Workflow(tasks=[task] * 3, type=workflow_pb2.WorkflowType.WORKFLOW_TYPE_CUSTOM)
    yield "a workflow of 3 tasks", events.item_done(_item(workflow=item_pb2.WorkflowItem(workflow=workflow)))


def _message() -> item_pb2.AssistantMessageItem:
    return item_pb2.AssistantMessageItem(content=[item_pb2.AssistantMessageContent(text=ANSWER)])


def _item(**kind: Any) -> ThreadItem:
    item = ThreadItem(id="msg_0123456789abcdef", thread_id="thr_0123456789abcdef", **kind)
    item.create_time.FromMicroseconds(1_790_000_000_123_456)
    return item
