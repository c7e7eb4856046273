"""Threads, items and runs that are not in a state for the request."""

from __future__ import annotations

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors.base import ConversationError, FieldViolation


class ThreadBusyError(ConversationError):
    """The thread has a run under way."""

    reason = ErrorReason.ERROR_REASON_THREAD_BUSY

    def __init__(self, run_id: str) -> None:
        """Make the error for the run under way."""
        super().__init__("The thread has a run under way.", metadata={"run_id": run_id})


class ThreadNotActiveError(ConversationError):
    """The thread is locked or closed."""

    reason = ErrorReason.ERROR_REASON_THREAD_NOT_ACTIVE

    def __init__(self, status: str) -> None:
        """Make the error for the status, ``locked`` or ``closed``."""
        super().__init__(f"The thread is {status}.", metadata={"status": status})


class ItemStateInvalidError(ConversationError):
    """The item is not of a kind, or in a state, that the request fits."""

    reason = ErrorReason.ERROR_REASON_ITEM_STATE_INVALID


class RunLogExpiredError(ConversationError):
    """The events of the run are no longer kept."""

    reason = ErrorReason.ERROR_REASON_RUN_LOG_EXPIRED

    def __init__(self, run_id: str) -> None:
        """Make the error for the run."""
        super().__init__(
            "The events of this run are no longer kept; the thread has what it said.",
            metadata={"run_id": run_id},
        )


class SequenceOutOfRangeError(ConversationError):
    """The run has no event of that number yet."""

    reason = ErrorReason.ERROR_REASON_SEQUENCE_OUT_OF_RANGE

    def __init__(self, last_sequence: int) -> None:
        """Make the error, with the number of the run's last event."""
        description = f"must be at most {last_sequence}, the number of the run's last event"
        super().__init__(
            f"after_sequence: {description}",
            metadata={"last_sequence": str(last_sequence)},
            violations=[FieldViolation("after_sequence", description)],
        )
