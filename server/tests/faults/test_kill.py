"""The process that answers is killed at any moment; its streams go on with the next one, and nothing kept is lost.

Ten times with the tests; as often as `WIDGETSTREAM_TEST_KILLS` says otherwise:

    WIDGETSTREAM_TEST_KILLS=200 .venv/bin/python -m pytest server/tests/faults/test_kill.py -s --timeout 3600
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.processes import Program, free_port, token_in, widgetstream
from widgetstream import AsyncClient, UnavailableError
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.client.resuming import Backoff

KILLS = int(os.environ.get("WIDGETSTREAM_TEST_KILLS", "10"))  # an option of the test, not a setting
LONGEST = 1.2
"""Seconds within which a process is killed; an answer takes about as long."""


@dataclass
class Server:
    """A server that can be killed and started again at the same place."""

    folder: Path
    port: int
    program: Program | None = None
    starts: int = 0

    async def start(self) -> None:
        self.starts += 1
        settings = {
            "WIDGETSTREAM_GRPC_PORT": str(self.port),
            "WIDGETSTREAM_APP": "tests.faults.talking_app:create",
            "WIDGETSTREAM_LOG_LEVEL": "warning",
        }
        self.program = Program(widgetstream("serve"), self.folder, settings, f"serve_{self.starts}")
        await asyncio.to_thread(self.program.first_line)

    async def kill(self) -> None:
        assert self.program is not None
        self.program.signal(signal.SIGKILL)
        await asyncio.to_thread(self.program.ended)

    def end(self) -> None:
        if self.program is not None:
            self.program.end()


async def follow(client: AsyncClient, thread_id: str, request_id: str) -> tuple[str, str, list[WidgetEvent]]:
    """Say something, and read the answer to its end, however often the server goes away."""
    while True:
        stream = client.respond("talk", thread_id=thread_id, request_id=request_id)
        try:
            received = [event async for event in stream]
        except UnavailableError:
            if stream.run_id:
                raise
            await asyncio.sleep(0.1)  # it never began: the same request again, by its id
            continue
        return stream.run_id, stream.thread_id, received


def without_ids(event: WidgetEvent) -> bytes:
    bare = WidgetEvent()
    bare.CopyFrom(event)
    bare.ClearField("run_id")
    bare.ClearField("thread_id")
    return bare.SerializeToString()


def kept_by_the_dead(replayed: list[WidgetEvent]) -> int:
    """Return how many of a run's events its own process has stored: those before the error of the recovery."""
    if replayed[-1].run_failed.reason != ErrorReason.ERROR_REASON_RUN_INTERRUPTED:
        return len(replayed)
    return max(at for at, event in enumerate(replayed) if event.HasField("error"))


@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * KILLS)
async def test_a_killed_process_loses_no_event_that_was_kept(tmp_path: Path) -> None:
    chance = random.Random(KILLS)
    server = Server(tmp_path, free_port())
    counts: Counter[str] = Counter()
    await server.start()
    try:
        backoff = Backoff(first=0.05, longest=0.5, attempts=200)
        token = await asyncio.to_thread(token_in, tmp_path)
        async with AsyncClient(f"127.0.0.1:{server.port}", token=token, backoff=backoff) as client:
            thread_id = ""
            for number in range(KILLS):
                reading = asyncio.create_task(follow(client, thread_id, f"request_{number}"))
                await asyncio.sleep(chance.uniform(0, LONGEST))
                await server.kill()
                await server.start()
                run_id, thread_id, received = await reading
                replayed = [event async for event in client.subscribe(run_id)]
                counts += check(received, replayed)
                await check_thread(client, thread_id, received)
    finally:
        server.end()

    print(f"\n{KILLS} kills: {dict(counts)}")  # noqa: T201  # these figures are what the test is for
    assert counts["lost"] == counts["duplicated"] == counts["gaps"] == counts["without an end"] == 0


def check(received: list[WidgetEvent], replayed: list[WidgetEvent]) -> Counter[str]:
    """Compare what a client has got with what is kept."""
    counts: Counter[str] = Counter()
    numbers = [event.sequence for event in received]
    counts["duplicated"] += len(numbers) - len(set(numbers))
    counts["gaps"] += numbers != list(range(1, len(numbers) + 1))
    kept = replayed[: kept_by_the_dead(replayed)]
    got = {event.sequence: without_ids(event) for event in received}
    counts["lost"] += sum(got.get(event.sequence) != without_ids(event) for event in kept)
    counts["events"] += len(received)
    counts["kept"] += len(kept)
    end = received[-1].WhichOneof("event")
    if end == "run_completed":
        counts["ended before"] += 1
    else:
        interrupted = received[-1].run_failed.reason == ErrorReason.ERROR_REASON_RUN_INTERRUPTED
        counts["interrupted" if interrupted else "without an end"] += 1
        counts["received but not kept"] += max(0, len(received) - len(replayed))
    return counts


async def check_thread(client: AsyncClient, thread_id: str, received: list[WidgetEvent]) -> None:
    """The thread is free, and has what was said to the end, in order."""
    found = await client.get_thread(thread_id)
    assert not found.HasField("active_run")
    stored = {item.id: item async for item in client.list_items(thread_id, page_size=100)}
    done = [event.item_done.item for event in received if event.HasField("item_done")]
    for item in done:
        assert stored[item.id] == item
    places = list(stored)
    assert [places.index(item.id) for item in done] == sorted(places.index(item.id) for item in done)
