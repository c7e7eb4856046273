"""How long a server takes to start."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import Measure, sampled
from benchmarks.programs import Server, free_port, running, wait_until_serving
from benchmarks.streams import Crowd

HOW = (
    "seconds from the start of the process `widgetstream serve` with the built-in app until its health is SERVING; "
    "then a person says hello at once, and waits for the end of the answer. The first start makes the database. CPU "
    "time is what all its threads took until then."
)

START_BAR = 3.0

_STARTS = 3


def run(folder: Path) -> Iterator[Measure]:
    """Measure a first start, and others."""
    first = _start(folder)
    yield Measure(what="first start: until SERVING", value=first[0], unit="s", bar=START_BAR)
    others = [_start(folder) for _ in range(_STARTS)]
    yield sampled("start: until SERVING", [start[0] for start in others], "s", bar=START_BAR)
    yield sampled("start: CPU time until SERVING", [start[1] for start in others], "s")
    yield sampled("start: until the first answer of the built-in app", [start[2] for start in others], "s")
    yield sampled("start: CPU time until the first answer of the built-in app", [start[3] for start in others], "s")


def _start(folder: Path) -> tuple[float, float, float, float]:
    """Return time and CPU time until the server serves, and until it has answered."""
    port = free_port()
    began = time.monotonic()
    with running(["serve"], folder, {"WIDGETSTREAM_GRPC_PORT": str(port)}) as program:
        process = psutil.Process(program.pid)
        wait_until_serving(port, program, folder)
        serving = time.monotonic() - began, cpu_seconds(process)
        uvloop.run(_say_hello(Server(process, port, folder / "data")))
        return *serving, time.monotonic() - began, cpu_seconds(process)


async def _say_hello(server: Server) -> None:
    async with Crowd(server) as crowd:
        await crowd.respond("hello")
