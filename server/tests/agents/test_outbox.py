"""The queue between what produces events and what reads them."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.scene import said
from widgetstream_server.agents.outbox import Outbox
from widgetstream_server.conversation import events


async def read(outbox: Outbox) -> list[str]:
    got = []
    while await outbox.more():
        while (event := outbox.take()) is not None:
            got.append(said(event).removeprefix("progress: "))
    return got


async def produce(outbox: Outbox, name: str, count: int) -> None:
    for place in range(count):
        await outbox.room()
        outbox.push(events.progress(f"{name}{place}"))


@given(counts=st.lists(st.integers(0, 20), max_size=5), limit=st.integers(1, 8))
def test_each_producers_events_arrive_in_order_and_the_bound_holds(counts: list[int], limit: int) -> None:
    async def scenario() -> list[str]:
        outbox = Outbox(limit)
        names = "abcde"[: len(counts)]
        producers = [produce(outbox, name, count) for name, count in zip(names, counts, strict=True)]
        reader = asyncio.create_task(read(outbox))
        await asyncio.gather(*producers)
        outbox.end()
        return await reader

    got = asyncio.run(scenario())

    for name, count in zip("abcde", counts, strict=False):
        assert [each for each in got if each[0] == name] == [f"{name}{place}" for place in range(count)]
    assert len(got) == sum(counts)


async def test_a_failure_comes_after_what_was_there_and_stops_what_comes_later() -> None:
    outbox = Outbox()
    outbox.push(events.progress("before"))
    outbox.fail(ValueError("first"))
    outbox.fail(ValueError("second"))
    outbox.push(events.progress("after"))
    first = outbox.take()
    with pytest.raises(ValueError, match="first"):
        await outbox.more()

    assert first is not None
    assert outbox.take() is None


async def test_producers_that_wait_go_on_when_nobody_reads_any_more() -> None:
    outbox = Outbox(1)
    waiting = [asyncio.create_task(produce(outbox, str(number), 3)) for number in range(4)]
    await asyncio.sleep(0)
    stuck = [task.done() for task in waiting]
    outbox.close()
    await asyncio.gather(*waiting)

    assert stuck == [False] * 4
    assert outbox.take() is None


async def test_a_producer_that_is_canceled_while_it_waits_leaves_room_to_others() -> None:
    outbox = Outbox(1)
    outbox.push(events.progress("x0"))
    canceled = asyncio.create_task(produce(outbox, "a", 1))
    patient = asyncio.create_task(produce(outbox, "b", 1))
    await asyncio.sleep(0)
    canceled.cancel()
    await asyncio.wait({canceled})
    outbox.take()
    await patient
    outbox.end()

    assert await read(outbox) == ["b0"]


async def test_a_reader_that_is_canceled_may_be_followed_by_another() -> None:
    outbox = Outbox()
    first = asyncio.create_task(read(outbox))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    outbox.push(events.progress("a"))
    outbox.end()

    assert await read(outbox) == ["a"]
