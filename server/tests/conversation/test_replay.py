"""What readers get of a run that another process has ended, whatever they had before."""

from __future__ import annotations

import pytest

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import RunCompletedEvent, RunFailedEvent, WidgetEvent
from widgetstream.chatkit.v1.run_pb2 import Run, RunState
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import SequenceOutOfRangeError
from widgetstream_server.conversation.journal import JournalEntry, RecordedRun
from widgetstream_server.conversation.replay import rest_of

KEPT = 10
"""How many events the process that died had stored."""


def recorded(last: list[WidgetEvent], state: RunState.ValueType) -> RecordedRun:
    said = [events.text_delta("msg_1", f"{number} ") for number in range(1, KEPT + 1)]
    for number, event in enumerate([*said, *last], 1):
        event.sequence = number
    run = Run(run_id="run_1", thread_id="thr_1", state=state, last_sequence=KEPT + len(last))
    return RecordedRun(
        run,
        None,
        [
            JournalEntry.of("run_1", 1, [event.SerializeToString() for event in said]),
            JournalEntry.of("run_1", KEPT + 1, [event.SerializeToString() for event in last]),
        ],
    )


@pytest.fixture
def interrupted() -> RecordedRun:
    failed = WidgetEvent(run_failed=RunFailedEvent(reason=ErrorReason.ERROR_REASON_RUN_INTERRUPTED))
    ending = [events.error("interrupted", allow_retry=True), events.item_removed("msg_1"), failed]
    return recorded(ending, RunState.RUN_STATE_FAILED)


def read(run: RecordedRun, after: int) -> list[tuple[int, str]]:
    read = [WidgetEvent.FromString(frame) for frame in rest_of(run, after)]
    return [(event.sequence, event.WhichOneof("event") or "") for event in read]


@pytest.mark.parametrize("after", range(KEPT + 1))
def test_who_has_what_is_kept_reads_on(interrupted: RecordedRun, after: int) -> None:
    received = read(interrupted, after)

    assert [number for number, _ in received] == list(range(after + 1, KEPT + 4))
    assert [kind for _, kind in received[-3:]] == ["error", "item_removed", "run_failed"]


@pytest.mark.parametrize("after", [KEPT + 1, KEPT + 2, KEPT + 3, KEPT + 50])
def test_who_has_more_gets_the_whole_end_under_numbers_after_its_own(interrupted: RecordedRun, after: int) -> None:
    assert read(interrupted, after) == [(after + 1, "error"), (after + 2, "item_removed"), (after + 3, "run_failed")]


def test_of_a_run_that_ended_by_itself_there_is_nothing_after_its_end() -> None:
    run = recorded([WidgetEvent(run_completed=RunCompletedEvent())], RunState.RUN_STATE_COMPLETED)

    assert read(run, KEPT) == [(KEPT + 1, "run_completed")]
    assert read(run, KEPT + 1) == []
    with pytest.raises(SequenceOutOfRangeError) as refused:
        rest_of(run, KEPT + 2)
    assert refused.value.metadata == {"last_sequence": str(KEPT + 1)}
