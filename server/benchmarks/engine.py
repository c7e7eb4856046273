"""What a word costs on its way through the conversation engine, piece by piece and in one go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import uvloop

from benchmarks.cpu import microseconds, microseconds_async
from benchmarks.measure import BenchmarkFailed, Measure, sampled
from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.coalesce import TextCoalescer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.fold import PendingItem
from widgetstream_server.conversation.limits import EngineLimits, RunLimits
from widgetstream_server.conversation.principal import Principal
from widgetstream_server.conversation.run_log import RunLog
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.conversation.system import RandomIds, SystemClock
from widgetstream_server.storage import Database, JournalRepository, RequestRepository, ThreadRepository
from widgetstream_server.widgets.updates import apply_in_place

HOW = (
    "in this process, on one thread: µs of CPU, the median and the 99th percentile of 100 batches of some 2 ms. Words "
    "have 5 characters, ids 20. Whole runs have 5,000 words without a pause in between, and no reader until they end."
)

_WORD = "word "
_WORDS = 5000
_RUNS = 30


def run(folder: Path) -> Iterator[Measure]:
    """Measure the pieces, then the whole."""
    yield from _pieces()
    yield from uvloop.run(_coalescing())
    yield sampled("a word through the whole engine, each an event", uvloop.run(_whole_runs(folder, 0.0)), "µs")
    yield sampled("a word through the whole engine, merged to 2 KiB", uvloop.run(_whole_runs(folder, 0.02)), "µs")


def _pieces() -> Iterator[Measure]:
    ids = RandomIds()
    item_id, run_id, thread_id = ids.new("msg"), ids.new("run"), ids.new("thr")
    event = events.text_delta(item_id, _WORD)
    event.sequence = 1000

    def make(times: int) -> None:
        for _ in range(times):
            events.text_delta(item_id, _WORD)

    def serialize(times: int) -> None:
        for _ in range(times):
            event.SerializeToString()

    def append(times: int) -> None:
        log = RunLog(run_id, thread_id)
        for _ in range(times):
            log.append(event)

    def fold(times: int) -> None:
        item = ThreadItem(id=item_id, assistant_message=item_pb2.AssistantMessageItem())
        pending = PendingItem(item, 1, apply_in_place)
        for _ in range(times):
            pending.append_text(0, _WORD)
        pending.value()

    pieces: dict[str, Callable[[int], None]] = {
        "make the event of a word (events.text_delta)": make,
        "serialize it": serialize,
        "number it, serialize it, and keep the bytes (RunLog.append)": append,
        "fold it into the item (PendingItem.append_text)": fold,
    }
    for what, work in pieces.items():
        yield sampled(what, microseconds(work), "µs")
    size = len(event.SerializeToString())
    yield Measure(
        what="a word on the wire: the event, and the 5 bytes of its gRPC frame",
        value=size + 5,
        unit="B",
        note="HTTP/2 adds 9 bytes a DATA frame, which may hold several events.",
    )


def _drop(_: tuple[str, int], __: str) -> None:
    """Take a text for nothing."""


async def _coalescing() -> list[Measure]:
    def through(window: float) -> list[float]:
        def add(times: int) -> None:
            texts = TextCoalescer(_drop, window=window)
            for _ in range(times):
                texts.add(("msg_0123456789abcdef", 0), _WORD)
            texts.flush()

        return microseconds(add)

    return [
        sampled("merge it with others (TextCoalescer.add)", through(0.02), "µs"),
        sampled("pass it on at once (TextCoalescer.add, no window)", through(0.0), "µs"),
    ]


class _Speaker(ChatKitServer):
    """Says many words without a pause."""

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        item = ThreadItem(id=context.ids.new("msg"), assistant_message=item_pb2.AssistantMessageItem())
        yield events.item_added(item)
        for _ in range(_WORDS):
            yield events.text_delta(item.id, _WORD)
        item.assistant_message.content.add(text=_WORD * _WORDS)
        yield events.item_done(item)


async def _whole_runs(folder: Path, window: float) -> list[float]:
    """Return µs of CPU per word of whole runs, their beginning and end in the database included."""
    database = await Database.open(f"sqlite:///{folder / f'{window}.db'}")
    clock = SystemClock()
    runs = Runs(
        _Speaker(),
        ThreadRepository(database),
        RequestRepository(database),
        JournalRepository(database),
        clock=clock,
        ids=RandomIds(),
        apply_widget_update=apply_in_place,
        limits=EngineLimits(run=RunLimits(coalesce_seconds=window), memory_seconds=0.0),
    )
    context = RequestContext(Principal("dev:bench", "bench", "dev"), ZoneInfo("UTC"))

    async def play(_: int) -> None:
        reader = await runs.respond(RespondRequest(text="speak"), context)
        received = 0
        while frames := await reader.read():
            received += len(frames)
            # What follows is the run's own work; the reader is not to be woken for each of its steps.
            await asyncio.sleep(0)
        if window == 0 and received < _WORDS:
            raise BenchmarkFailed(f"a run of {_WORDS} words gave {received} events")

    try:
        samples = await microseconds_async(play, times=1, batches=_RUNS, warm_up=3)
    finally:
        await runs.stop(0)
        await database.close()
    return [sample / _WORDS for sample in samples]
