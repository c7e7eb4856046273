"""What calls without a stream cost: the interceptors, and the usual reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psutil
import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import BenchmarkFailed, Measure
from benchmarks.programs import SCRIPTED_APP, Server, serving
from benchmarks.streams import Crowd
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

HOW = (
    "CPU time of the whole server process per call, 16 calls at a time on one connection for some 2 s, SQLite file; "
    "its inverse is what one core can serve. The token is the same for all calls, so its verification is remembered. "
    "The access log is written to a file."
)

_SERVICE = "/widgetstream.chatkit.v1.ChatKitService"
_AT_ONCE = 16
_WARM_UP = 300
_CALLS = 2000
_THREADS = 50


def run(folder: Path) -> Iterator[Measure]:
    """Measure calls of more and more work."""
    with serving(folder, app=SCRIPTED_APP) as server:
        costs = uvloop.run(_measure(server))
    for what, microseconds in costs.items():
        yield Measure(
            what=what,
            value=microseconds,
            unit="µs",
            samples=_CALLS,
            note=f"{1e6 / microseconds:,.0f} calls/s on a core",
        )
    health, canceled = list(costs.values())[:2]
    yield Measure(
        what="interceptors and the engine's look-up: the first two's difference",
        value=canceled - health,
        unit="µs",
        samples=_CALLS,
    )


async def _measure(server: Server) -> dict[str, float]:
    async with Crowd(server) as crowd:
        # A thread with 50 items, and 49 more threads.
        first = WidgetEvent.FromString((await crowd.respond("say 1 0"))[0][1])
        for _ in range(_THREADS // 2 - 1):
            await crowd.respond("say 1 0", thread_id=first.thread_id)
        for _ in range(_THREADS - 1):
            await crowd.respond("say 1 0")
        # Canceling a run that has ended asks no database.
        requests = {
            "Health.Check: gRPC itself, and two interceptors": ("/grpc.health.v1.Health/Check", b""),
            "CancelRun of a run that has ended: all interceptors, no database": (
                f"{_SERVICE}/CancelRun",
                pb.CancelRunRequest(run_id=first.run_id).SerializeToString(),
            ),
            "GetThread with its 20 newest items": (
                f"{_SERVICE}/GetThread",
                pb.GetThreadRequest(thread_id=first.thread_id).SerializeToString(),
            ),
            "ListThreads, 50 threads": (
                f"{_SERVICE}/ListThreads",
                pb.ListThreadsRequest(page_size=50).SerializeToString(),
            ),
            "ListItems, 50 items": (
                f"{_SERVICE}/ListItems",
                pb.ListItemsRequest(thread_id=first.thread_id, page_size=50).SerializeToString(),
            ),
        }
        await _check(crowd, requests["ListThreads, 50 threads"], requests["ListItems, 50 items"])
        return {what: await _cost(crowd, server.process, *call) for what, call in requests.items()}


async def _check(crowd: Crowd, threads: tuple[str, bytes], items: tuple[str, bytes]) -> None:
    found = (
        len(pb.ListThreadsResponse.FromString(await crowd.call(*threads)).threads),
        len(pb.ListItemsResponse.FromString(await crowd.call(*items)).items),
    )
    if found != (_THREADS, _THREADS):
        raise BenchmarkFailed(f"there are {found[0]} threads and {found[1]} items to list, not {_THREADS} of each")


async def _cost(crowd: Crowd, process: psutil.Process, path: str, request: bytes) -> float:
    """Return the µs of CPU that the server takes for a call."""

    async def call_again_and_again(times: int) -> None:
        for _ in range(times):
            await crowd.call(path, request)

    async def calls(times: int) -> None:
        await asyncio.gather(*(call_again_and_again(times // _AT_ONCE) for _ in range(_AT_ONCE)))

    await calls(_WARM_UP)
    before = cpu_seconds(process)
    await calls(_CALLS)
    return (cpu_seconds(process) - before) / (_CALLS // _AT_ONCE * _AT_ONCE) * 1e6
