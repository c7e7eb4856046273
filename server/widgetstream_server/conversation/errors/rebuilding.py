"""Errors that another server process has raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widgetstream.chatkit.v1 import error_reason_pb2
from widgetstream_server.conversation.errors import access, missing, requests, service, state
from widgetstream_server.conversation.errors.base import ConversationError, FieldViolation

_MODULES = (access, missing, requests, service, state)

_BY_REASON = {
    kind.reason: kind
    for module in _MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, ConversationError) and kind is not ConversationError
}


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
