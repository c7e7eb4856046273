"""Everything that a request can fail of, one class each.

The transports translate these, and nothing else, into statuses: whatever other exception reaches them is a fault of the
server, and is answered without its text. The messages here are for callers and hold nothing that is another's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from widgetstream.chatkit.v1 import error_reason_pb2

Reason = error_reason_pb2.ErrorReason


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """A field of a request that breaks a rule.

    Attributes:
        field: Path of the field in the request, such as ``action.payload.task_id``.
        description: The rule, as a phrase that follows the field's name: ``must not be blank``.
    """

    field: str
    description: str


class ConversationError(Exception):
    """A request that cannot be served, with the reason that callers see."""

    reason: ClassVar[error_reason_pb2.ErrorReason.ValueType] = Reason.ERROR_REASON_INTERNAL

    def __init__(
        self,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
        retry_after: float | None = None,
    ) -> None:
        """Make the error.

        Args:
            message: For the caller.
            metadata: Facts for the caller's program, such as the id that was not found.
            violations: The fields at fault.
            retry_after: Seconds after which trying again may help.
        """
        super().__init__(message)
        self.message = message
        self.metadata: Mapping[str, str] = metadata or {}
        self.violations = tuple(violations)
        self.retry_after = retry_after


class InvalidArgumentError(ConversationError):
    """A field of the request breaks its rule."""

    reason = Reason.ERROR_REASON_INVALID_ARGUMENT

    @classmethod
    def of(cls, field: str, description: str) -> InvalidArgumentError:
        """Make the error for one field."""
        return cls(f"{field}: {description}", violations=[FieldViolation(field, description)])


class MalformedRequestError(ConversationError):
    """The request is not a message of this service."""

    reason = Reason.ERROR_REASON_MALFORMED_REQUEST

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The request is not a valid message: its bytes cannot be decoded, or a text is not UTF-8.")


class RequestTooLargeError(ConversationError):
    """The message is larger than the server takes."""

    reason = Reason.ERROR_REASON_REQUEST_TOO_LARGE

    def __init__(self, limit: int, *, exceptions: str = "") -> None:
        """Make the error.

        Args:
            limit: In bytes.
            exceptions: What may be larger, as a phrase that follows.
        """
        description = f"must have at most {limit} bytes{exceptions}"
        super().__init__(
            f"The request is larger than the server takes: it {description}.",
            metadata={"limit_bytes": str(limit)},
            violations=[FieldViolation("body", description)],
        )


class TokenMissingError(ConversationError):
    """The call carries no token."""

    reason = Reason.ERROR_REASON_TOKEN_MISSING

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("A bearer token is required: authorization: Bearer …")


class TokenInvalidError(ConversationError):
    """The token is not valid here."""

    reason = Reason.ERROR_REASON_TOKEN_INVALID

    def __init__(self, failure: str) -> None:
        """Make the error for the kind of failure, such as ``WRONG_AUDIENCE``."""
        super().__init__("The token is not valid here.", metadata={"failure": failure})


class TokenExpiredError(ConversationError):
    """The token was valid, but is no longer."""

    reason = Reason.ERROR_REASON_TOKEN_EXPIRED

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The token has expired.")


class AccessDeniedError(ConversationError):
    """The caller may not call this method."""

    reason = Reason.ERROR_REASON_ACCESS_DENIED

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("This method is not open to you.")


class PageTokenInvalidError(ConversationError):
    """A page token that was not made here for this list and these filters."""

    reason = Reason.ERROR_REASON_PAGE_TOKEN_INVALID

    def __init__(self) -> None:
        """Make the error."""
        description = "was not returned by this method for the same filters"
        super().__init__(f"page_token: {description}", violations=[FieldViolation("page_token", description)])


class ThreadNotFoundError(ConversationError):
    """There is no such thread, or it is another's."""

    reason = Reason.ERROR_REASON_THREAD_NOT_FOUND

    def __init__(self, thread_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such thread.", metadata={"thread_id": thread_id})


class ItemNotFoundError(ConversationError):
    """There is no such item in the thread."""

    reason = Reason.ERROR_REASON_ITEM_NOT_FOUND

    def __init__(self, item_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such item in this thread.", metadata={"item_id": item_id})


class RunNotFoundError(ConversationError):
    """There is no such run, or it is another's."""

    reason = Reason.ERROR_REASON_RUN_NOT_FOUND

    def __init__(self, run_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such run.", metadata={"run_id": run_id})


class AttachmentNotFoundError(ConversationError):
    """There is no such attachment, or it is another's."""

    reason = Reason.ERROR_REASON_ATTACHMENT_NOT_FOUND

    def __init__(self, attachment_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such attachment.", metadata={"attachment_id": attachment_id})


class AttachmentMismatchError(ConversationError):
    """The content of an attachment is not what was declared."""

    reason = Reason.ERROR_REASON_ATTACHMENT_MISMATCH

    @classmethod
    def of(cls, field: str, description: str) -> AttachmentMismatchError:
        """Make the error for what was declared: ``size``, ``mime_type``, ``sha256`` or ``content``."""
        return cls(f"{field}: {description}", violations=[FieldViolation(field, description)])


class TaskNotFoundError(ConversationError):
    """There is no such task, or it is another's."""

    reason = Reason.ERROR_REASON_TASK_NOT_FOUND

    def __init__(self, task_id: str) -> None:
        """Make the error for the id, or the number, that was asked for."""
        super().__init__("There is no such task.", metadata={"task_id": task_id})


class ThreadBusyError(ConversationError):
    """The thread has a run under way."""

    reason = Reason.ERROR_REASON_THREAD_BUSY

    def __init__(self, run_id: str) -> None:
        """Make the error for the run under way."""
        super().__init__("The thread has a run under way.", metadata={"run_id": run_id})


class ThreadNotActiveError(ConversationError):
    """The thread is locked or closed."""

    reason = Reason.ERROR_REASON_THREAD_NOT_ACTIVE

    def __init__(self, status: str) -> None:
        """Make the error for the status, ``locked`` or ``closed``."""
        super().__init__(f"The thread is {status}.", metadata={"status": status})


class ActionUnknownError(ConversationError):
    """The application does not know the action."""

    reason = Reason.ERROR_REASON_ACTION_UNKNOWN

    def __init__(self, action_type: str, known: Sequence[str]) -> None:
        """Make the error for the action's type, with the types that are known."""
        description = f"must be one of {', '.join(sorted(known))}"
        super().__init__(
            "The application does not know this action.",
            metadata={"action_type": action_type[:128]},
            violations=[FieldViolation("action.type", description)],
        )


class ActionPayloadInvalidError(ConversationError):
    """The payload of an action has the wrong shape."""

    reason = Reason.ERROR_REASON_ACTION_PAYLOAD_INVALID

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        """Make the error for the fields, each below ``action.payload``."""
        text = "; ".join(f"{v.field}: {v.description}" for v in violations)
        super().__init__(text or "The payload has the wrong shape.", violations=violations)


class ItemStateInvalidError(ConversationError):
    """The item is not of a kind, or in a state, that the request fits."""

    reason = Reason.ERROR_REASON_ITEM_STATE_INVALID


class RequestIdReusedError(ConversationError):
    """The same request id was used before with another request."""

    reason = Reason.ERROR_REASON_REQUEST_ID_REUSED

    def __init__(self) -> None:
        """Make the error."""
        description = "was used before with another request"
        super().__init__(f"request_id: {description}", violations=[FieldViolation("request_id", description)])


class RequestInProgressError(ConversationError):
    """The same request is being served."""

    reason = Reason.ERROR_REASON_REQUEST_IN_PROGRESS

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The same request is being served; try again for its response.", retry_after=1.0)


class RunLogExpiredError(ConversationError):
    """The events of the run are no longer kept."""

    reason = Reason.ERROR_REASON_RUN_LOG_EXPIRED

    def __init__(self, run_id: str) -> None:
        """Make the error for the run."""
        super().__init__(
            "The events of this run are no longer kept; the thread has what it said.",
            metadata={"run_id": run_id},
        )


class SequenceOutOfRangeError(ConversationError):
    """The run has no event of that number yet."""

    reason = Reason.ERROR_REASON_SEQUENCE_OUT_OF_RANGE

    def __init__(self, last_sequence: int) -> None:
        """Make the error, with the number of the run's last event."""
        description = f"must be at most {last_sequence}, the number of the run's last event"
        super().__init__(
            f"after_sequence: {description}",
            metadata={"last_sequence": str(last_sequence)},
            violations=[FieldViolation("after_sequence", description)],
        )


class TooManyRequestsError(ConversationError):
    """The caller, or the server as a whole, has too much under way."""

    reason = Reason.ERROR_REASON_TOO_MANY_REQUESTS


class ReaderTooSlowError(ConversationError):
    """The reader was too slow for the stream."""

    reason = Reason.ERROR_REASON_READER_TOO_SLOW

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The reader was too slow; subscribe to the run again.", retry_after=0.0)


class UnsupportedError(ConversationError):
    """The method is not served."""

    reason = Reason.ERROR_REASON_NOT_IMPLEMENTED

    def __init__(self, what: str) -> None:
        """Make the error for the method or feature."""
        super().__init__(f"{what} is not served here.", metadata={"feature": what})


class NotConfiguredError(ConversationError):
    """What the method needs is not configured."""

    reason = Reason.ERROR_REASON_NOT_CONFIGURED


class DependencyUnavailableError(ConversationError):
    """Something that the server needs does not answer."""

    reason = Reason.ERROR_REASON_DEPENDENCY_UNAVAILABLE

    def __init__(self, what: str) -> None:
        """Make the error for what does not answer, such as ``database``."""
        super().__init__(f"The {what} does not answer.", metadata={"dependency": what}, retry_after=1.0)


class ShuttingDownError(ConversationError):
    """The server is being shut down."""

    reason = Reason.ERROR_REASON_SHUTTING_DOWN

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The server is being shut down.", retry_after=1.0)


class WidgetInvalidError(ConversationError):
    """A widget of the application is nested too deep, too large, or uses an id twice."""

    reason = Reason.ERROR_REASON_WIDGET_INVALID


class ModelUnavailableError(ConversationError):
    """The model could not be reached, or failed.

    Attributes:
        final: Whether trying again cannot help: something has to be changed here, or in the conversation.
    """

    reason = Reason.ERROR_REASON_MODEL_UNAVAILABLE

    def __init__(self, message: str, *, final: bool = False, retry_after: float | None = None) -> None:
        """Make the error.

        Args:
            message: For the caller.
            final: Whether trying again cannot help.
            retry_after: Seconds after which trying again may help, where the model's server says so.
        """
        super().__init__(message, retry_after=retry_after)
        self.final = final


class RunLimitExceededError(ConversationError):
    """The model took more steps, or more time, than a run may."""

    reason = Reason.ERROR_REASON_RUN_LIMIT_EXCEEDED


def rebuilt(
    reason: error_reason_pb2.ErrorReason.ValueType,
    message: str,
    *,
    metadata: Mapping[str, str],
    violations: Sequence[FieldViolation],
    retry_after: float | None,
) -> ConversationError:
    """Return the error that another server process has raised, as it was."""
    kind = _BY_REASON.get(reason, ConversationError)
    error = kind.__new__(kind)
    ConversationError.__init__(error, message, metadata=metadata, violations=violations, retry_after=retry_after)
    return error


_BY_REASON = {kind.reason: kind for kind in ConversationError.__subclasses__()}
