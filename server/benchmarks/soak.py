"""What half an hour of new conversations leaves behind in memory."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import BenchmarkFailed, Measure, median
from benchmarks.programs import Server
from benchmarks.side_by_side import cores, doors
from benchmarks.side_by_side.arrivals import Arrivals, grpc_messages
from benchmarks.side_by_side.clients import GrpcConnection
from benchmarks.side_by_side.doors import People
from widgetstream.chatkit.v1.chatkit_service_pb2 import CancelRunRequest, RespondRequest
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

HOW = (
    "new conversations at a steady rate, each a new thread of one of 100 people with a question to the todo app's "
    "agent, whose model is the stand-in of `sweep` and says 25 words in half a second; one in ten says more, and is "
    "canceled after its first words. gRPC, SQLite, auth. Memory is the server's resident memory, a sample a second; "
    "its growth is from the third minute, when caches are full and the runs of the last minute are in memory, to the "
    "last."
)

GROWTH_BAR = 5.0

_SERVICE = "/widgetstream.chatkit.v1.ChatKitService"
_WORDS = 25
_CANCELED_WORDS = 2000
_CANCEL_EVERY = 10
_CONNECTIONS = 20
_SETTLED_MINUTE = 2.0
_PATIENCE_SECONDS = 60.0

minutes = 30.0
"""How long. Set by ``prepare``."""
rate = 50.0
"""New conversations a second. Set by ``prepare``."""


def prepare(options: argparse.Namespace) -> None:
    """Take how long and how many from the command line."""
    global minutes, rate
    minutes, rate = options.minutes, options.rate


@dataclass(slots=True)
class _Seen:
    ends: Counter[str] = field(default_factory=Counter)
    late: int = 0
    memory: list[tuple[float, int]] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    cpu: float = 0.0
    seconds: float = 0.0


def run(folder: Path) -> Iterator[Measure]:
    """Talk for as long as was asked for."""
    if minutes <= _SETTLED_MINUTE + 1:
        raise BenchmarkFailed(f"it takes more than {_SETTLED_MINUTE + 1:g} minutes to tell growth from warming up")
    with (
        cores.off_the_servers_core(),
        doors.token_server() as tokens,
        doors.our_server(folder, tokens.url) as server,
    ):
        seen = uvloop.run(_talk(server))
    database = sum(file.stat().st_size for file in (folder / "data").glob("widgetstream.db*"))
    yield from _measures(seen, database)


def _measures(seen: _Seen, database: int) -> Iterator[Measure]:
    asked = sum(seen.ends.values())
    settled = _memory_in(seen.memory, _SETTLED_MINUTE, _SETTLED_MINUTE + 1)
    last = _memory_in(seen.memory, minutes - 1, minutes)
    growth = (last - settled) / settled * 100
    what = f"memory growth over {minutes:g} minutes at {asked / seen.seconds:.0f} conversations/s"
    note = f"From {settled / 1e6:.0f} MB in the third minute to {last / 1e6:.0f} MB in the last."
    yield Measure(what=what, value=growth, unit="%", bar=GROWTH_BAR, samples=len(seen.memory), note=note)
    ends = ", ".join(f"{number:,} {end}" for end, number in sorted(seen.ends.items()))
    yield Measure(what="conversations", value=asked, unit="", note=f"{ends}.")
    yield Measure(what="conversations that were begun over a second late", value=seen.late, unit="")
    unexpected = asked - seen.ends["completed"] - seen.ends["canceled"]
    yield Measure(what="conversations that ended otherwise than meant", value=unexpected, unit="", bar=1)
    yield Measure(what="CPU of the server per conversation", value=seen.cpu / asked * 1e3, unit="ms")
    yield Measure(what="open files and sockets, third minute to last: growth", value=_growth(seen.descriptors), unit="")
    yield Measure(what="the database at the end", value=database / 1e6, unit="MB")


async def _talk(server: Server) -> _Seen:
    people = People(server)
    connections = [await GrpcConnection.open(server.port) for _ in range(_CONNECTIONS)]
    seen = _Seen()
    await _converse(connections[0], people, Counter(), cancel=False)
    loop = asyncio.get_running_loop()
    began, cpu = loop.time(), cpu_seconds(server.process)
    watching = asyncio.create_task(_watch(server.process, seen, began))
    under_way: set[asyncio.Task[None]] = set()
    for number in range(int(minutes * 60 * rate)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
        seen.late += loop.time() - due > 1.0
        connection = connections[number % _CONNECTIONS]
        cancel = number % _CANCEL_EVERY == _CANCEL_EVERY - 1
        task = asyncio.create_task(_converse(connection, people, seen.ends, cancel=cancel))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    seen.seconds, seen.cpu = loop.time() - began, cpu_seconds(server.process) - cpu
    watching.cancel()
    if under_way:
        await asyncio.wait(under_way)
    for connection in connections:
        connection.close()
    return seen


async def _converse(connection: GrpcConnection, people: People, ends: Counter[str], *, cancel: bool) -> None:
    headers = people.next()
    text = f"say {_CANCELED_WORDS if cancel else _WORDS}"
    arrivals = connection.call(f"{_SERVICE}/Respond", RespondRequest(text=text).SerializeToString(), headers)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            if cancel:
                await _cancel_after_text(connection, arrivals, headers)
            await arrivals.ended.wait()
    except TimeoutError:
        ends["not in time"] += 1
        return
    last = next((message for _, message in reversed(list(grpc_messages(arrivals)))), b"")
    ends[(WidgetEvent.FromString(last).WhichOneof("event") or "nothing").removeprefix("run_")] += 1


async def _cancel_after_text(connection: GrpcConnection, arrivals: Arrivals, headers: dict[str, str]) -> None:
    await arrivals.began.wait()
    while not arrivals.ended.is_set():
        events = [WidgetEvent.FromString(message) for _, message in grpc_messages(arrivals)]
        if any(event.item_updated.update.text_delta.delta for event in events):
            request = CancelRunRequest(run_id=events[0].run_id)
            connection.call(f"{_SERVICE}/CancelRun", request.SerializeToString(), headers)
            return
        await asyncio.sleep(0.05)


async def _watch(process: psutil.Process, seen: _Seen, began: float) -> None:
    loop = asyncio.get_running_loop()
    told = 0
    while True:
        elapsed = (loop.time() - began) / 60
        seen.memory.append((elapsed, process.memory_info().rss))
        seen.descriptors.append(process.num_fds())
        if int(elapsed) > told:
            told = int(elapsed)
            print(
                f"  {time.strftime('%H:%M:%S')} minute {told} of {minutes:g}: {seen.memory[-1][1] / 1e6:.0f} MB, "
                f"{sum(seen.ends.values()):,} conversations, {seen.late:,} late",
                file=sys.stderr,
                flush=True,
            )
        await asyncio.sleep(1.0)


def _memory_in(samples: Sequence[tuple[float, int]], first: float, last: float) -> float:
    return median([memory for minute, memory in samples if first <= minute < last])


def _growth(descriptors: Sequence[int]) -> float:
    after = descriptors[int(_SETTLED_MINUTE * 60) :]
    return median(after[-60:]) - median(after[:60])
