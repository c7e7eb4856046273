"""Everything that a request can fail of, one class each.

The transports translate these, and nothing else, into statuses: whatever other exception reaches them is a fault of the
server, and is answered without its text. The messages here are for callers and hold nothing that is another's.
"""

from widgetstream_server.conversation.errors.access import (
    AccessDeniedError,
    TokenExpiredError,
    TokenInvalidError,
    TokenMissingError,
)
from widgetstream_server.conversation.errors.base import (
    ConversationError,
    FieldViolation,
)
from widgetstream_server.conversation.errors.missing import (
    AttachmentNotFoundError,
    ItemNotFoundError,
    RunNotFoundError,
    TaskNotFoundError,
    ThreadNotFoundError,
)
from widgetstream_server.conversation.errors.rebuilding import rebuilt
from widgetstream_server.conversation.errors.requests import (
    ActionPayloadInvalidError,
    ActionUnknownError,
    AttachmentMismatchError,
    InvalidArgumentError,
    MalformedRequestError,
    NotConfiguredError,
    PageTokenInvalidError,
    RequestIdReusedError,
    RequestInProgressError,
    RequestTooLargeError,
    UnsupportedError,
)
from widgetstream_server.conversation.errors.service import (
    DependencyUnavailableError,
    ModelUnavailableError,
    ReaderTooSlowError,
    RunLimitExceededError,
    ShuttingDownError,
    TooManyRequestsError,
    WidgetInvalidError,
)
from widgetstream_server.conversation.errors.state import (
    ItemStateInvalidError,
    RunLogExpiredError,
    SequenceOutOfRangeError,
    ThreadBusyError,
    ThreadNotActiveError,
)

__all__ = [
    "AccessDeniedError",
    "ActionPayloadInvalidError",
    "ActionUnknownError",
    "AttachmentMismatchError",
    "AttachmentNotFoundError",
    "ConversationError",
    "DependencyUnavailableError",
    "FieldViolation",
    "InvalidArgumentError",
    "ItemNotFoundError",
    "ItemStateInvalidError",
    "MalformedRequestError",
    "ModelUnavailableError",
    "NotConfiguredError",
    "PageTokenInvalidError",
    "ReaderTooSlowError",
    "RequestIdReusedError",
    "RequestInProgressError",
    "RequestTooLargeError",
    "RunLimitExceededError",
    "RunLogExpiredError",
    "RunNotFoundError",
    "SequenceOutOfRangeError",
    "ShuttingDownError",
    "TaskNotFoundError",
    "ThreadBusyError",
    "ThreadNotActiveError",
    "ThreadNotFoundError",
    "TokenExpiredError",
    "TokenInvalidError",
    "TokenMissingError",
    "TooManyRequestsError",
    "UnsupportedError",
    "WidgetInvalidError",
    "rebuilt",
]
