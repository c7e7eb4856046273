"""What the database takes of a run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import uvloop

from benchmarks.measure import Measure, sampled
from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run, RunState
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.system import RandomIds
from widgetstream_server.storage import Database, ThreadRepository

HOW = (
    "in this process, one run after another on a SQLite file in the folder for temporary files: a new thread with the "
    "person's message (begin_run), the answer of 1,000 characters (put_item), and the end (end_run), each a "
    "transaction. Wall time, and CPU time of all threads. Then 100 of them at once, again and again."
)

_WARM_UP = 30
_RUNS = 300
_AT_ONCE = 100
_ROUNDS = 20
_OWNER = "dev:bench"


@dataclass(slots=True)
class _Samples:
    begin: list[float] = field(default_factory=list)
    put: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    at_once: list[float] = field(default_factory=list)


def run(folder: Path) -> Iterator[Measure]:
    """Measure the transactions of a run."""
    samples = uvloop.run(_measure(folder / "store.db"))
    yield sampled("begin_run, put_item and end_run", samples.whole, "ms")
    yield sampled("of it begin_run, with a new thread and a message", samples.begin, "ms")
    yield sampled("of it put_item", samples.put, "ms")
    yield sampled("of it end_run", samples.end, "ms")
    yield sampled("CPU time of the three", samples.cpu, "ms")
    yield sampled(f"CPU time of the three, {_AT_ONCE} runs at once", samples.at_once, "ms")


async def _measure(path: Path) -> _Samples:
    samples = _Samples()
    ids = RandomIds()
    database = await Database.open(f"sqlite:///{path}")
    store = ThreadRepository(database)
    try:
        for _ in range(_WARM_UP):
            await _one_run(store, ids, _Samples())
        for _ in range(_RUNS):
            await _one_run(store, ids, samples)
        for _ in range(_ROUNDS):
            began = time.process_time_ns()
            await asyncio.gather(*(_one_run(store, ids, _Samples()) for _ in range(_AT_ONCE)))
            samples.at_once.append((time.process_time_ns() - began) / _AT_ONCE / 1e6)
    finally:
        await database.close()
    return samples


async def _one_run(store: ThreadRepository, ids: RandomIds, samples: _Samples) -> None:
    now = datetime.now(UTC)
    thread = Thread(id=ids.new("thr"))
    thread.status.active.SetInParent()
    thread.create_time.FromDatetime(now)
    thread.update_time.FromDatetime(now)
    run_record = Run(run_id=ids.new("run"), thread_id=thread.id, state=RunState.RUN_STATE_RUNNING)
    run_record.create_time.FromDatetime(now)
    said = item_pb2.UserMessageContent(input_text=item_pb2.UserMessageText(text="add a task to buy milk"))
    message = ThreadItem(id=ids.new("msg"), thread_id=thread.id, user_message=item_pb2.UserMessageItem(content=[said]))
    message.create_time.FromDatetime(now)
    text = item_pb2.AssistantMessageContent(text="word " * 200)
    answer = ThreadItem(
        id=ids.new("msg"), thread_id=thread.id, assistant_message=item_pb2.AssistantMessageItem(content=[text])
    )
    answer.create_time.FromDatetime(now)

    cpu = time.process_time_ns()
    times = [time.monotonic_ns()]
    opening = await store.begin_run(_OWNER, run_record, new_thread=thread, items=[message])
    times.append(time.monotonic_ns())
    await store.put_item(_OWNER, answer, opening.next_position)
    times.append(time.monotonic_ns())
    run_record.state = RunState.RUN_STATE_COMPLETED
    run_record.end_time.FromDatetime(now)
    run_record.last_sequence = 12
    await store.end_run(_OWNER, run_record)
    times.append(time.monotonic_ns())
    samples.cpu.append((time.process_time_ns() - cpu) / 1e6)
    begin, put, end = ((after - before) / 1e6 for before, after in pairwise(times))
    samples.begin.append(begin)
    samples.put.append(put)
    samples.end.append(end)
    samples.whole.append(begin + put + end)
