"""How a broken stream is picked up: what counts as received, when to try again, how long to wait."""

from __future__ import annotations

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetstream.chatkit.v1.event_pb2 import (
    HeartbeatEvent,
    ProgressUpdateEvent,
    RunCompletedEvent,
    RunStartedEvent,
    WidgetEvent,
)
from widgetstream.client.resuming import Backoff, StreamPosition


def started() -> WidgetEvent:
    return WidgetEvent(sequence=1, run_id="run_a", thread_id="thr_a", run_started=RunStartedEvent())


def step(sequence: int) -> WidgetEvent:
    return WidgetEvent(sequence=sequence, progress_update=ProgressUpdateEvent(text="step"))


def test_ids_come_with_the_first_event() -> None:
    position = StreamPosition()
    position.take(started())

    assert (position.run_id, position.thread_id, position.sequence) == ("run_a", "thr_a", 1)


def test_what_came_before_is_not_shown_again() -> None:
    position = StreamPosition()

    assert [position.take(event) for event in (started(), step(2), step(2), step(1), step(3))] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_a_heartbeat_moves_nothing() -> None:
    position = StreamPosition()
    position.take(started())
    position.take(WidgetEvent(sequence=1, heartbeat=HeartbeatEvent()))

    assert position.sequence == 1
    assert not position.ended


def test_nothing_is_resumed_after_the_end() -> None:
    position = StreamPosition()
    position.take(started())
    position.take(WidgetEvent(sequence=2, run_completed=RunCompletedEvent()))

    assert position.ended
    assert not position.may_resume(grpc.StatusCode.UNAVAILABLE, Backoff())


@pytest.mark.parametrize(
    "code, resumes",
    [
        (None, True),
        (grpc.StatusCode.UNAVAILABLE, True),
        (grpc.StatusCode.INTERNAL, True),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, True),
        (grpc.StatusCode.NOT_FOUND, False),
        (grpc.StatusCode.UNAUTHENTICATED, False),
        (grpc.StatusCode.OUT_OF_RANGE, False),
    ],
)
def test_only_broken_streams_are_resumed(code: grpc.StatusCode | None, resumes: bool) -> None:
    position = StreamPosition()
    position.take(started())

    assert position.may_resume(code, Backoff()) is resumes


def test_a_run_that_was_never_heard_of_is_not_resumed() -> None:
    assert not StreamPosition().may_resume(grpc.StatusCode.UNAVAILABLE, Backoff())


def test_attempts_are_bounded_and_an_event_resets_them() -> None:
    position, backoff = StreamPosition(), Backoff(attempts=2)
    position.take(started())
    position.attempts = 2
    exhausted = position.may_resume(None, backoff)
    position.take(step(2))

    assert not exhausted
    assert position.may_resume(None, backoff)


@given(attempt=st.integers(0, 60), luck=st.floats(0, 1))
def test_waits_grow_up_to_a_bound_and_differ(attempt: int, luck: float) -> None:
    backoff = Backoff(first=0.1, longest=5.0, random=lambda: luck)

    assert backoff.delay(attempt) == pytest.approx(luck * min(5.0, 0.1 * 2**attempt))


def test_a_request_that_nobody_answered_is_repeated() -> None:
    position, backoff = StreamPosition(), Backoff(first_attempts=2)
    at_first = position.may_repeat(grpc.StatusCode.UNAVAILABLE, backoff)
    refused = position.may_repeat(grpc.StatusCode.NOT_FOUND, backoff)
    position.attempts = 2
    in_the_end = position.may_repeat(grpc.StatusCode.UNAVAILABLE, backoff)

    assert (at_first, refused, in_the_end) == (True, False, False)


def test_a_run_that_has_begun_is_resumed_not_repeated() -> None:
    position = StreamPosition()
    position.take(started())

    assert not position.may_repeat(grpc.StatusCode.UNAVAILABLE, Backoff())
