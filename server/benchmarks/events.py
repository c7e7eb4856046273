"""What events cost when a hundred people are answered at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import Measure, sampled
from benchmarks.programs import SCRIPTED_APP, Server, serving
from benchmarks.streams import EVENTS_BEFORE_THE_APP, Crowd, Stream, delta_of, lags

HOW = (
    "streams of the scripted application over 10 gRPC connections, read by a process of its own. CPU time of the whole "
    "server process, in a window that begins a second after all streams have; divided by the events, and by the words, "
    "that came in it. The lag of a word is from the application's yield to the client's loop, both on this machine; up "
    "to 25 ms of it are meant: in a busy process words that come together go out together."
)

_PEOPLE = 10
_SETTLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Load:
    """So many streams, so many words a second in each, watched for so many seconds."""

    streams: int
    rate: int
    seconds: float

    def command(self, name: str) -> str:
        # Long enough for all streams to open, and for the window.
        return f"{name} {int((self.seconds + 15) * self.rate)} {self.rate}"

    def __str__(self) -> str:
        return f"{self.streams} streams of {self.rate} words/s"


def run(folder: Path) -> Iterator[Measure]:
    """Measure words as they come from a usual model, and from a fast one."""
    # Each on a server of its own: runs that are given up go on to the end of what they have to say.
    for number, load in enumerate((_Load(100, 50, 10.0), _Load(25, 200, 6.0))):
        yield from _measure(folder / f"said{number}", load)
    load = _Load(100, 50, 5.0)
    (folder / "ticked").mkdir()
    with serving(folder / "ticked", app=SCRIPTED_APP) as server:
        seconds = uvloop.run(_ticked(server, load))
        yield Measure(
            what="CPU per word that is not said: the application's own timers",
            value=seconds / (load.streams * load.rate * load.seconds) * 1e6,
            unit="µs",
            note="In the figures above too; an application that waits for a model has such costs of its own.",
        )


def _measure(folder: Path, load: _Load) -> Iterator[Measure]:
    folder.mkdir()
    with serving(folder, app=SCRIPTED_APP) as server:
        arrivals, seconds = uvloop.run(_said(server, load))
    texts = [(when, len(event), delta_of(event)) for when, event in arrivals]
    under_way = [lag for when, _, text in texts for lag in lags(when, text)]
    events, words = len(texts), len(under_way)
    yield Measure(what=f"{load}: CPU of the server per event", value=seconds / events * 1e6, unit="µs", samples=events)
    yield Measure(what=f"{load}: CPU of the server per word", value=seconds / words * 1e6, unit="µs", samples=words)
    yield Measure(what=f"{load}: words per event", value=words / events, unit="", samples=events)
    yield sampled(f"{load}: lag of a word", under_way, "ms")
    yield Measure(
        what=f"{load}: bytes per word, with gRPC frames",
        value=sum(size + 5 for _, size, _ in texts) / words,
        unit="B",
        samples=words,
        note="A word has 9 characters here.",
    )


async def _said(server: Server, load: _Load) -> tuple[list[tuple[int, bytes]], float]:
    """Return what came in the window, and the server's CPU time in it."""
    async with Crowd(server, _PEOPLE) as crowd:
        streams = await crowd.open(load.command("say"), load.streams)
        await asyncio.sleep(_SETTLE_SECONDS)
        before = _seen(streams)
        began = cpu_seconds(server.process)
        await asyncio.sleep(load.seconds)
        seconds = cpu_seconds(server.process) - began
        after = _seen(streams)
    arrivals = [
        arrival
        for stream, first, last in zip(streams, before, after, strict=True)
        for arrival in stream.arrivals[first:last]
    ]
    return arrivals, seconds


async def _ticked(server: Server, load: _Load) -> float:
    """Return the server's CPU time in the window when nothing is said."""
    async with Crowd(server, _PEOPLE) as crowd:
        await crowd.open(load.command("tick"), load.streams, until=EVENTS_BEFORE_THE_APP)
        await asyncio.sleep(_SETTLE_SECONDS)
        began = cpu_seconds(server.process)
        await asyncio.sleep(load.seconds)
        return cpu_seconds(server.process) - began


def _seen(streams: list[Stream]) -> list[int]:
    return [len(stream.arrivals) for stream in streams]
