"""What a process still holds of runs that have ended: enough to follow them, for a while, and never too much."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.agents.scene import ManualClock
from widgetstream.chatkit.v1.event_pb2 import ProgressUpdateEvent, WidgetEvent
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream_server.conversation.limits import EngineLimits
from widgetstream_server.conversation.registry import EndedRun, Registry
from widgetstream_server.conversation.run import Run
from widgetstream_server.conversation.run_log import RunLog


class _Run(SimpleNamespace):
    """What a registry looks at of a run."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def a_run(number: int, length: int) -> Run:
    record = RunRecord(run_id=f"run_{number}", thread_id="thr_1")
    log = RunLog(record.run_id, record.thread_id)
    log.append(WidgetEvent(progress_update=ProgressUpdateEvent(text="x" * length)))
    log.end()
    return cast("Run", _Run(owner="ada", record=record, log=log))


def retired(registry: Registry, *runs: Run) -> None:
    for run in runs:
        registry.add(run)
    for run in runs:
        registry.retire(run)


def held(registry: Registry, count: int) -> list[int]:
    return [number for number in range(count) if registry.find(f"run_{number}") is not None]


def test_the_oldest_are_left_to_the_journal_when_there_is_too_much(clock: ManualClock) -> None:
    registry = Registry(clock, EngineLimits(memory_bytes=10_000))
    retired(registry, *(a_run(number, 3_000) for number in range(5)))

    assert held(registry, 5) == [2, 3, 4]


def test_one_that_is_larger_than_all_may_be_is_not_held(clock: ManualClock) -> None:
    registry = Registry(clock, EngineLimits(memory_bytes=10_000))
    retired(registry, a_run(0, 20_000), a_run(1, 100))

    assert held(registry, 2) == [1]


def test_time_makes_room(clock: ManualClock) -> None:
    registry = Registry(clock, EngineLimits(memory_bytes=10_000, memory_seconds=60))
    retired(registry, a_run(0, 3_000))
    clock.passed += 61
    assert held(registry, 1) == []
    retired(registry, *(a_run(number, 3_000) for number in range(1, 4)))

    assert held(registry, 4) == [1, 2, 3]


def test_a_run_under_way_is_held_however_large(clock: ManualClock) -> None:
    registry = Registry(clock, EngineLimits(memory_bytes=10_000))
    run = a_run(0, 20_000)
    registry.add(run)

    assert registry.find("run_0") is run


def test_nothing_is_left_but_the_record_and_the_events(clock: ManualClock) -> None:
    registry = Registry(clock, EngineLimits())
    run: Any = a_run(0, 10)
    log, record, gone = run.log, run.record, weakref.ref(run)
    retired(registry, run)
    del run
    gc.collect()

    assert gone() is None
    assert registry.find("run_0") == EndedRun("ada", record, log, clock.monotonic(), log.size)
