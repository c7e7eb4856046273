"""Callers who are not known, or may not."""

from __future__ import annotations

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors.base import ConversationError


class TokenMissingError(ConversationError):
    """The call carries no token."""

    reason = ErrorReason.ERROR_REASON_TOKEN_MISSING

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("A bearer token is required: authorization: Bearer …")


class TokenInvalidError(ConversationError):
    """The token is not valid here."""

    reason = ErrorReason.ERROR_REASON_TOKEN_INVALID

    def __init__(self, failure: str) -> None:
        """Make the error for the kind of failure, such as ``WRONG_AUDIENCE``."""
        super().__init__("The token is not valid here.", metadata={"failure": failure})


class TokenExpiredError(ConversationError):
    """The token was valid, but is no longer."""

    reason = ErrorReason.ERROR_REASON_TOKEN_EXPIRED

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The token has expired.")


class AccessDeniedError(ConversationError):
    """The caller may not call this method."""

    reason = ErrorReason.ERROR_REASON_ACCESS_DENIED

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("This method is not open to you.")
