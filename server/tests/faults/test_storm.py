"""Clients that come and go at any moment leave nothing behind: no task, no connection, no memory.

Three hundred with the tests; as many as `WIDGETSTREAM_TEST_CONNECTS` says otherwise:

    WIDGETSTREAM_TEST_CONNECTS=10000 .venv/bin/python -m pytest server/tests/faults/test_storm.py -s --timeout 3600
"""

from __future__ import annotations

import asyncio
import gc
import os
import random

import psutil
import pytest

from tests.rpc.conftest import Running, read
from widgetstream import AsyncClient, WidgetstreamError

CONNECTS = int(os.environ.get("WIDGETSTREAM_TEST_CONNECTS", "300"))  # an option of the test, not a setting
AT_ONCE = 30
MOST_GROWTH = 30_000_000


async def come_and_go(client: AsyncClient, chance: random.Random) -> None:
    """Begin to follow a run, and leave at some moment: before it began, in its middle, or at its end."""
    reading = asyncio.create_task(read(client.respond(f"say {chance.randrange(60)}")))
    await asyncio.sleep(chance.uniform(0, 0.1))
    reading.cancel()
    await asyncio.wait([reading])


async def settle(running: Running) -> int:
    """Wait until no run is under way, and return how many tasks there are."""
    async with asyncio.timeout(30):
        while running.application._runs.under_way or running.application.database.connections_in_use:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    gc.collect()
    return len(asyncio.all_tasks())


@pytest.mark.slow
@pytest.mark.timeout(60 + CONNECTS)
@pytest.mark.parametrize("running", [{"run_log_retention_seconds": 1.0}], indirect=True)
async def test_a_storm_of_connects_and_disconnects_leaves_nothing(running: Running, client: AsyncClient) -> None:
    chance = random.Random(CONNECTS)
    process = psutil.Process()

    async def storm(count: int) -> None:
        for _ in range(count // AT_ONCE):
            await asyncio.gather(*(come_and_go(client, chance) for _ in range(AT_ONCE)), return_exceptions=True)

    await storm(60)
    tasks, memory = await settle(running), process.memory_info().rss
    await storm(CONNECTS)
    tasks_after, memory_after = await settle(running), process.memory_info().rss
    again = await read(client.respond("say 1"))

    print(f"\n{CONNECTS} connects: {tasks} to {tasks_after} tasks, {(memory_after - memory) / 1e6:.1f} MB more")  # noqa: T201
    assert tasks_after <= tasks + 2
    assert memory_after - memory < MOST_GROWTH
    assert again[-1].HasField("run_completed")
    threads = [thread async for thread in client.list_threads(page_size=100)]
    busy = [thread.id for thread in threads[:50] if (await client.get_thread(thread.id)).HasField("active_run")]
    assert busy == []


async def test_replies_that_race_for_a_thread_take_turns(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)

    async def reply(number: int) -> str:
        try:
            received = await read(client.respond(f"say {number}", thread_id=stream.thread_id))
        except WidgetstreamError as error:
            return error.reason
        return received[-1].WhichOneof("event") or ""

    outcomes = await asyncio.gather(*(reply(number) for number in range(1, 21)))
    items = [item async for item in client.list_items(stream.thread_id, page_size=100)]
    pairs = [item.WhichOneof("item") for item in items]

    assert set(outcomes) == {"run_completed", "THREAD_BUSY"}
    assert pairs == ["user_message", "assistant_message"] * (1 + outcomes.count("run_completed"))
