"""What a server holds in memory, and what an open stream adds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.measure import Measure
from benchmarks.programs import SCRIPTED_APP, Server, serving
from benchmarks.streams import Crowd

HOW = (
    "resident memory (RSS) of the server process; 1 MB is 1,000,000 bytes. The built-in app after 50 answered "
    "messages. Then the scripted application, after 200 runs, before and after 1,000 streams are opened by 10 people, "
    "each of a run of its own that said one word and waits."
)

IDLE_BAR = 180.0
STREAM_BAR = 100.0

_STREAMS = 1000
_PEOPLE = 10
_SETTLE_SECONDS = 1.0


def run(folder: Path) -> Iterator[Measure]:
    """Measure an idle server, and one with many open streams."""
    (folder / "todo").mkdir()
    with serving(folder / "todo") as server:
        uvloop.run(_talk(server, ["hello", "add a task to buy milk tomorrow", "what is due?"], 50))
        value = _resident(server) / 1e6
        yield Measure(what="an idle server, the built-in app", value=value, unit="MB", bar=IDLE_BAR)
    (folder / "scripted").mkdir()
    with serving(folder / "scripted", app=SCRIPTED_APP) as server:
        uvloop.run(_talk(server, ["say 20 0"], 200))
        before = _resident(server)
        yield Measure(what="an idle server, an application without the Agents SDK", value=before / 1e6, unit="MB")
        after = uvloop.run(_with_open_streams(server))
        value = (after - before) / _STREAMS / 1e3
        yield Measure(what=f"an open stream, of {_STREAMS:,}", value=value, unit="KB", bar=STREAM_BAR)


async def _talk(server: Server, texts: list[str], runs: int) -> None:
    async with Crowd(server) as crowd:
        for number in range(runs):
            await crowd.respond(texts[number % len(texts)])


async def _with_open_streams(server: Server) -> int:
    async with Crowd(server, _PEOPLE) as crowd:
        await crowd.open("hang", _STREAMS)
        await asyncio.sleep(_SETTLE_SECONDS)
        return _resident(server)


def _resident(server: Server) -> int:
    resident: int = server.process.memory_info().rss
    return resident
