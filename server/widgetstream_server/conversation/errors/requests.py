"""Requests that are at fault by themselves, and those that are not served at all."""

from __future__ import annotations

from collections.abc import Sequence

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors.base import ConversationError, FieldViolation


class InvalidArgumentError(ConversationError):
    """A field of the request breaks its rule."""

    reason = ErrorReason.ERROR_REASON_INVALID_ARGUMENT

    @classmethod
    def of(cls, field: str, description: str) -> InvalidArgumentError:
        """Make the error for one field."""
        return cls(f"{field}: {description}", violations=[FieldViolation(field, description)])


class MalformedRequestError(ConversationError):
    """The request is not a message of this service."""

    reason = ErrorReason.ERROR_REASON_MALFORMED_REQUEST

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The request is not a valid message: its bytes cannot be decoded, or a text is not UTF-8.")


class RequestTooLargeError(ConversationError):
    """The message is larger than the server takes."""

    reason = ErrorReason.ERROR_REASON_REQUEST_TOO_LARGE

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


class PageTokenInvalidError(ConversationError):
    """A page token that was not made here for this list and these filters."""

    reason = ErrorReason.ERROR_REASON_PAGE_TOKEN_INVALID

    def __init__(self) -> None:
        """Make the error."""
        description = "was not returned by this method for the same filters"
        super().__init__(f"page_token: {description}", violations=[FieldViolation("page_token", description)])


class RequestIdReusedError(ConversationError):
    """The same request id was used before with another request."""

    reason = ErrorReason.ERROR_REASON_REQUEST_ID_REUSED

    def __init__(self) -> None:
        """Make the error."""
        description = "was used before with another request"
        super().__init__(f"request_id: {description}", violations=[FieldViolation("request_id", description)])


class RequestInProgressError(ConversationError):
    """The same request is being served."""

    reason = ErrorReason.ERROR_REASON_REQUEST_IN_PROGRESS

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The same request is being served; try again for its response.", retry_after=1.0)


class ActionUnknownError(ConversationError):
    """The application does not know the action."""

    reason = ErrorReason.ERROR_REASON_ACTION_UNKNOWN

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

    reason = ErrorReason.ERROR_REASON_ACTION_PAYLOAD_INVALID

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        """Make the error for the fields, each below ``action.payload``."""
        text = "; ".join(f"{v.field}: {v.description}" for v in violations)
        super().__init__(text or "The payload has the wrong shape.", violations=violations)


class AttachmentMismatchError(ConversationError):
    """The content of an attachment is not what was declared."""

    reason = ErrorReason.ERROR_REASON_ATTACHMENT_MISMATCH

    @classmethod
    def of(cls, field: str, description: str) -> AttachmentMismatchError:
        """Make the error for what was declared: ``size``, ``mime_type``, ``sha256`` or ``content``."""
        return cls(f"{field}: {description}", violations=[FieldViolation(field, description)])


class UnsupportedError(ConversationError):
    """The method is not served."""

    reason = ErrorReason.ERROR_REASON_NOT_IMPLEMENTED

    def __init__(self, what: str) -> None:
        """Make the error for the method or feature."""
        super().__init__(f"{what} is not served here.", metadata={"feature": what})


class NotConfiguredError(ConversationError):
    """What the method needs is not configured."""

    reason = ErrorReason.ERROR_REASON_NOT_CONFIGURED
