"""What a reader gets of a run that has ended, from the journal."""

from __future__ import annotations

from collections.abc import Sequence

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.conversation.errors import SequenceOutOfRangeError
from widgetstream_server.conversation.journal import RecordedRun, frames_after, unpack


def rest_of(recorded: RecordedRun, after_sequence: int) -> Sequence[bytes]:
    """Return the events after a number of a run that has ended.

    Of a run that was interrupted, a reader may have got events that are not in the journal. Their numbers are then
    those of the events with which the run was ended later, or higher ones. Such a reader gets all of these events,
    under numbers after its own.

    Args:
        recorded: The run with its events after the number, and its last ones.
        after_sequence: The number of the last event that the reader has.

    Raises:
        SequenceOutOfRangeError: The run has no event of that number, and had none.
    """
    ending = _ending_of_interrupted(recorded)
    if ending and after_sequence >= ending[0].sequence:
        for number, event in enumerate(ending, after_sequence + 1):
            event.sequence = number
        return [event.SerializeToString() for event in ending]
    if after_sequence > recorded.run.last_sequence:
        raise SequenceOutOfRangeError(recorded.run.last_sequence)
    return frames_after(recorded.entries, after_sequence)


def _ending_of_interrupted(recorded: RecordedRun) -> list[WidgetEvent]:
    """Return the events with which another process has ended the run: its last entry. None: it ended by itself."""
    if not recorded.entries:
        return []
    events = [WidgetEvent.FromString(frame) for frame in unpack(recorded.entries[-1].frames)]
    interrupted = events[-1].run_failed.reason == ErrorReason.ERROR_REASON_RUN_INTERRUPTED
    return events if interrupted else []
