"""Scripted streams through ChatKit's own protocol, beside openai-chatkit."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import BenchmarkFailed, Measure, sampled
from benchmarks.programs import SCRIPTED_APP
from benchmarks.side_by_side import cores, doors
from benchmarks.side_by_side.arrivals import Arrivals, sse_frames
from benchmarks.side_by_side.doors import ChatKitDoor

HOW = (
    "an application that says 200 deltas at once, and ends; 100 connections, each of which asks again, in a new "
    "thread, when it is answered, for some seconds. Ours through Envoy, with SQLite and auth; openai-chatkit on "
    "FastAPI and uvicorn (uvloop, httptools) with a store in memory and without auth. Either Python process has a "
    "core; Envoy and the clients have the other. Deltas of text are counted by what the application said, however "
    "many came in a frame; notes of progress are never merged. CPU time is that of the Python process. The first event "
    "is that of one client on an idle server."
)

FACTOR_BAR = 3.0

_DELTAS = 200
_CONNECTIONS = 100
_SETTLE_SECONDS = 2.0
_WINDOW_SECONDS = 5.0
_FIRSTS = 100
_WORD = 9  # characters of a word of the scripted application


@dataclass(frozen=True, slots=True)
class _Rate:
    """How many came in a second, and the µs of CPU that each took."""

    per_second: float
    cpu: float


@dataclass(frozen=True, slots=True)
class _Seen:
    deltas: _Rate
    notes: _Rate
    firsts: list[float]


def run(folder: Path) -> Iterator[Measure]:
    """Measure both, one after the other."""
    seen: list[_Seen] = []
    with cores.off_the_servers_core():
        for name, way in (("peer", doors.peer), ("ours", _ours)):
            (folder / name).mkdir()
            with way(folder / name) as door:
                seen.append(uvloop.run(_measure(door)))
    peer, ours = seen
    yield from _compared("deltas of text", "a delta of text", peer.deltas, ours.deltas)
    yield from _compared("notes of progress", "a note", peer.notes, ours.notes)
    yield sampled("openai-chatkit: first event", peer.firsts, "ms")
    yield sampled("Widgetstream: first event", ours.firsts, "ms", bar=sorted(peer.firsts)[len(peer.firsts) // 2])


def _compared(many: str, one: str, peer: _Rate, ours: _Rate) -> Iterator[Measure]:
    yield Measure(what=f"openai-chatkit: {many}", value=peer.per_second, unit="/s")
    yield Measure(what=f"Widgetstream: {many}", value=ours.per_second, unit="/s", at_least=FACTOR_BAR * peer.per_second)
    yield Measure(what=f"openai-chatkit: CPU time of {one}", value=peer.cpu, unit="µs")
    yield Measure(what=f"Widgetstream: CPU time of {one}", value=ours.cpu, unit="µs", bar=peer.cpu / FACTOR_BAR)


@contextlib.contextmanager
def _ours(folder: Path) -> Iterator[ChatKitDoor]:
    with doors.ours_behind_envoy(folder, app=SCRIPTED_APP) as door:
        yield door


async def _measure(door: ChatKitDoor) -> _Seen:
    firsts = []
    for _ in range(_FIRSTS):
        arrivals = await door.ask("say 3 0")
        await arrivals.ended.wait()
        first = next(now for now, frame in sse_frames(arrivals) if b"data: " in frame)
        firsts.append((first - arrivals.asked_at) / 1e6)
    deltas = await _rate(door, f"say {_DELTAS} 0", lambda frame: _words(frame) if b'"delta"' in frame else 0)
    notes = await _rate(door, f"progress {_DELTAS}", lambda frame: b'"progress_update"' in frame)
    door.close()
    return _Seen(deltas, notes, firsts[_FIRSTS // 5 :])


def _words(frame: bytes) -> int:
    _, _, text = frame.rpartition(b'"delta":"')
    return text.index(b'"') // _WORD


async def _rate(door: ChatKitDoor, text: str, count: Callable[[bytes], int]) -> _Rate:
    """Return how many things came in a second, and what each took."""
    answers: list[Arrivals] = []

    async def ask_again_and_again() -> None:
        while True:
            arrivals = await door.ask(text)
            answers.append(arrivals)
            await arrivals.ended.wait()

    tasks = [asyncio.create_task(ask_again_and_again()) for _ in range(_CONNECTIONS)]
    await asyncio.sleep(_SETTLE_SECONDS)
    began, cpu = time.monotonic_ns(), cpu_seconds(door.process)
    await asyncio.sleep(_WINDOW_SECONDS)
    ended, cpu = time.monotonic_ns(), cpu_seconds(door.process) - cpu
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    door.close()
    came = sum(count(frame) for arrivals in answers for now, frame in sse_frames(arrivals) if began <= now < ended)
    if not came:
        raise BenchmarkFailed(f"nothing came of {text!r}")
    return _Rate(came / (ended - began) * 1e9, cpu / came * 1e6)
