"""What does not exist, or is another's: callers cannot tell which."""

from __future__ import annotations

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors.base import ConversationError


class ThreadNotFoundError(ConversationError):
    """There is no such thread, or it is another's."""

    reason = ErrorReason.ERROR_REASON_THREAD_NOT_FOUND

    def __init__(self, thread_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such thread.", metadata={"thread_id": thread_id})


class ItemNotFoundError(ConversationError):
    """There is no such item in the thread."""

    reason = ErrorReason.ERROR_REASON_ITEM_NOT_FOUND

    def __init__(self, item_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such item in this thread.", metadata={"item_id": item_id})


class RunNotFoundError(ConversationError):
    """There is no such run, or it is another's."""

    reason = ErrorReason.ERROR_REASON_RUN_NOT_FOUND

    def __init__(self, run_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such run.", metadata={"run_id": run_id})


class AttachmentNotFoundError(ConversationError):
    """There is no such attachment, or it is another's."""

    reason = ErrorReason.ERROR_REASON_ATTACHMENT_NOT_FOUND

    def __init__(self, attachment_id: str) -> None:
        """Make the error for the id that was asked for."""
        super().__init__("There is no such attachment.", metadata={"attachment_id": attachment_id})


class TaskNotFoundError(ConversationError):
    """There is no such task, or it is another's."""

    reason = ErrorReason.ERROR_REASON_TASK_NOT_FOUND

    def __init__(self, task_id: str) -> None:
        """Make the error for the id, or the number, that was asked for."""
        super().__init__("There is no such task.", metadata={"task_id": task_id})
