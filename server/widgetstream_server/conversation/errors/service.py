"""The server, or what it needs, cannot: too much is under way, or something fails."""

from __future__ import annotations

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors.base import ConversationError


class TooManyRequestsError(ConversationError):
    """The caller, or the server as a whole, has too much under way."""

    reason = ErrorReason.ERROR_REASON_TOO_MANY_REQUESTS


class ReaderTooSlowError(ConversationError):
    """The reader was too slow for the stream."""

    reason = ErrorReason.ERROR_REASON_READER_TOO_SLOW

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The reader was too slow; subscribe to the run again.", retry_after=0.0)


class DependencyUnavailableError(ConversationError):
    """Something that the server needs does not answer."""

    reason = ErrorReason.ERROR_REASON_DEPENDENCY_UNAVAILABLE

    def __init__(self, what: str) -> None:
        """Make the error for what does not answer, such as ``database``."""
        super().__init__(f"The {what} does not answer.", metadata={"dependency": what}, retry_after=1.0)


class ShuttingDownError(ConversationError):
    """The server is being shut down."""

    reason = ErrorReason.ERROR_REASON_SHUTTING_DOWN

    def __init__(self) -> None:
        """Make the error."""
        super().__init__("The server is being shut down.", retry_after=1.0)


class WidgetInvalidError(ConversationError):
    """A widget of the application is nested too deep, too large, or uses an id twice."""

    reason = ErrorReason.ERROR_REASON_WIDGET_INVALID


class ModelUnavailableError(ConversationError):
    """The model could not be reached, or failed.

    Attributes:
        final: Whether trying again cannot help: something has to be changed here, or in the conversation.
    """

    reason = ErrorReason.ERROR_REASON_MODEL_UNAVAILABLE

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

    reason = ErrorReason.ERROR_REASON_RUN_LIMIT_EXCEEDED
