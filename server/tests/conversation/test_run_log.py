"""The log of a run: every reader gets every event once, in order, live or replayed."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import SequenceOutOfRangeError
from widgetstream_server.conversation.run_log import RunLog, RunReader

FOREVER = 3600.0


def log_of(count: int, *, ended: bool = False) -> RunLog:
    log = RunLog("run_a", "thr_a")
    for number in range(1, count + 1):
        log.append(events.progress(f"step {number}"))
    if ended:
        log.end()
    return log


async def read_all(reader: RunReader) -> list[bytes]:
    received: list[bytes] = []
    while frames := await reader.read():
        received.extend(frames)
    return received


def parse(frames: list[bytes]) -> list[WidgetEvent]:
    return [WidgetEvent.FromString(frame) for frame in frames]


async def test_events_are_numbered_from_one_without_gaps() -> None:
    received = parse(await read_all(RunReader(log_of(5, ended=True), 0, FOREVER)))

    assert [event.sequence for event in received] == [1, 2, 3, 4, 5]


async def test_ids_are_on_the_first_event_of_each_stream_alone() -> None:
    log = log_of(4, ended=True)

    for after in (0, 2):
        received = parse(await read_all(RunReader(log, after, FOREVER)))
        assert [event.run_id for event in received] == ["run_a"] + [""] * (3 - after)
        assert received[0].thread_id == "thr_a"
        assert not any(event.HasField("thread_id") for event in received[1:])


async def test_replay_equals_live_byte_for_byte() -> None:
    log = RunLog("run_a", "thr_a")
    live = asyncio.create_task(read_all(RunReader(log, 0, FOREVER)))
    for number in range(50):
        log.append(events.progress(f"step {number}"))
        await asyncio.sleep(0)
    log.end()

    assert await live == await read_all(RunReader(log, 0, FOREVER))


@settings(max_examples=50)
@given(
    total=st.integers(1, 30),
    starts=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=5),
    pauses=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_any_number_of_readers_join_at_any_time_and_miss_nothing(
    total: int, starts: list[tuple[int, int]], pauses: list[bool]
) -> None:
    async def scenario() -> None:
        log = RunLog("run_a", "thr_a")
        readers: list[tuple[int, asyncio.Task[list[bytes]]]] = []
        for number in range(total + 1):
            for joins_at, after in starts:
                if min(joins_at, total) == number and after <= number:
                    readers.append((after, asyncio.create_task(read_all(RunReader(log, after, FOREVER)))))
            if number < total:
                log.append(events.progress(f"step {number}"))
            if pauses[number % len(pauses)]:
                await asyncio.sleep(0)
        log.end()
        for after, task in readers:
            received = parse(await task)
            assert [event.sequence for event in received] == list(range(after + 1, total + 1))

    asyncio.run(scenario())


async def test_a_number_beyond_the_end_is_refused_with_the_last_number() -> None:
    with pytest.raises(SequenceOutOfRangeError) as refused:
        RunReader(log_of(3), 4, FOREVER)

    assert refused.value.metadata == {"last_sequence": "3"}


async def test_silence_gives_heartbeats_that_carry_the_last_number() -> None:
    log = log_of(2)
    reader = RunReader(log, 0, 0.005)
    await reader.read()

    beats = parse([*await reader.read(), *await reader.read()])
    log.append(events.progress("step 3"))
    after = parse(list(await reader.read()))
    reader.close()

    assert [(beat.WhichOneof("event"), beat.sequence) for beat in beats] == [("heartbeat", 2)] * 2
    assert [event.sequence for event in after] == [3]


async def test_a_canceled_read_loses_no_event() -> None:
    log = log_of(1)
    reader = RunReader(log, 1, FOREVER)
    waiting = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    log.append(events.progress("step 2"))

    received = parse(list(await reader.read()))
    reader.close()

    assert [event.sequence for event in received] == [2]
