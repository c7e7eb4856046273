"""Errors as gRPC statuses with the details of google.rpc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast
from urllib.parse import quote

import grpc
from google.protobuf import any_pb2
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors import ConversationError, FieldViolation

DOMAIN = "widgetstream"
STATUS_HEADER = "x-http-status"
"""With it the server asks the proxy for an HTTP status that no gRPC status becomes."""

_PREFIX = "ERROR_REASON_"

# A status travels in trailers, and gRPC's clients bear 8 KiB of them: beyond that they report RESOURCE_EXHAUSTED in its
# place, without a reason, some of the time, and always beyond 16 KiB. With these limits the largest has some 6 KiB.
_MESSAGE_BYTES = 1024
_VALUE_BYTES = 512
_VIOLATIONS_BYTES = 2048
_LEFT_OUT = "violations_left_out"
_MORE = "…"
# What a message has in trailers as it is; each other byte takes three.
_AS_IT_IS = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")

_CODES: dict[str, grpc.StatusCode] = {
    "INVALID_ARGUMENT": grpc.StatusCode.INVALID_ARGUMENT,
    "MALFORMED_REQUEST": grpc.StatusCode.INVALID_ARGUMENT,
    "PAGE_TOKEN_INVALID": grpc.StatusCode.INVALID_ARGUMENT,
    "TOKEN_MISSING": grpc.StatusCode.UNAUTHENTICATED,
    "TOKEN_INVALID": grpc.StatusCode.UNAUTHENTICATED,
    "TOKEN_EXPIRED": grpc.StatusCode.UNAUTHENTICATED,
    "ACCESS_DENIED": grpc.StatusCode.PERMISSION_DENIED,
    "THREAD_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "ITEM_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "RUN_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "ATTACHMENT_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "TASK_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "THREAD_BUSY": grpc.StatusCode.ABORTED,
    "THREAD_NOT_ACTIVE": grpc.StatusCode.FAILED_PRECONDITION,
    "ACTION_UNKNOWN": grpc.StatusCode.INVALID_ARGUMENT,
    "ACTION_PAYLOAD_INVALID": grpc.StatusCode.INVALID_ARGUMENT,
    "ITEM_STATE_INVALID": grpc.StatusCode.FAILED_PRECONDITION,
    "REQUEST_ID_REUSED": grpc.StatusCode.ALREADY_EXISTS,
    "REQUEST_IN_PROGRESS": grpc.StatusCode.ABORTED,
    "RUN_LOG_EXPIRED": grpc.StatusCode.OUT_OF_RANGE,
    "SEQUENCE_OUT_OF_RANGE": grpc.StatusCode.OUT_OF_RANGE,
    "TOO_MANY_REQUESTS": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "REQUEST_TOO_LARGE": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "READER_TOO_SLOW": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "NOT_IMPLEMENTED": grpc.StatusCode.UNIMPLEMENTED,
    "DEPENDENCY_UNAVAILABLE": grpc.StatusCode.UNAVAILABLE,
    "SHUTTING_DOWN": grpc.StatusCode.UNAVAILABLE,
    "INTERNAL": grpc.StatusCode.INTERNAL,
    "MODEL_UNAVAILABLE": grpc.StatusCode.UNAVAILABLE,
    "RUN_LIMIT_EXCEEDED": grpc.StatusCode.DEADLINE_EXCEEDED,
    "WIDGET_INVALID": grpc.StatusCode.INTERNAL,
    "RUN_INTERRUPTED": grpc.StatusCode.ABORTED,
    "NOT_CONFIGURED": grpc.StatusCode.FAILED_PRECONDITION,
    "ATTACHMENT_MISMATCH": grpc.StatusCode.INVALID_ARGUMENT,
}

# What HTTP wants beside the status. Over gRPC it does no harm.
_HEADERS: dict[str, tuple[tuple[str, str], ...]] = {
    "TOKEN_MISSING": (("www-authenticate", f'Bearer realm="{DOMAIN}"'),),
    "TOKEN_INVALID": (("www-authenticate", f'Bearer realm="{DOMAIN}", error="invalid_token"'),),
    "TOKEN_EXPIRED": (
        (
            "www-authenticate",
            f'Bearer realm="{DOMAIN}", error="invalid_token", error_description="The token has expired."',
        ),
    ),
    "REQUEST_TOO_LARGE": ((STATUS_HEADER, "413"),),
}


class _Status(NamedTuple):
    """A ``grpc.Status``, which is an interface that a named tuple cannot inherit from."""

    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, str | bytes], ...]


def reason_name(error: ConversationError) -> str:
    """Return the reason as ``ErrorInfo`` has it: without the enum's prefix."""
    return ErrorReason.Name(error.reason).removeprefix(_PREFIX)


def status_code(error: ConversationError) -> grpc.StatusCode:
    """Return the status code of an error."""
    return _CODES[reason_name(error)]


def to_proto(error: ConversationError) -> status_pb2.Status:
    """Return an error as ``google.rpc.Status``: ErrorInfo always, then BadRequest and RetryInfo where they apply.

    Long texts are cut, and of many violations the first are named, so that every client takes it; ``ErrorInfo`` then
    says how many are left out.
    """
    status = status_pb2.Status(code=status_code(error).value[0], message=_cut(error.message, _MESSAGE_BYTES))
    info = error_details_pb2.ErrorInfo(reason=reason_name(error), domain=DOMAIN)
    info.metadata.update({name: _cut(value, _VALUE_BYTES) for name, value in error.metadata.items()})
    bad_request = error_details_pb2.BadRequest(field_violations=_first(error.violations))
    left_out = len(error.violations) - len(bad_request.field_violations)
    if left_out:
        info.metadata[_LEFT_OUT] = str(left_out)
    _pack(status, info)
    if bad_request.field_violations:
        _pack(status, bad_request)
    if error.retry_after is not None:
        delay = Duration()
        delay.FromMilliseconds(int(error.retry_after * 1000))
        _pack(status, error_details_pb2.RetryInfo(retry_delay=delay))
    return status


def _first(violations: Sequence[FieldViolation]) -> Iterator[error_details_pb2.BadRequest.FieldViolation]:
    """Yield what there is room for: one always."""
    room = _VIOLATIONS_BYTES
    for violation in violations:
        found = error_details_pb2.BadRequest.FieldViolation(
            field=_cut(violation.field, _VALUE_BYTES), description=_cut(violation.description, _VALUE_BYTES)
        )
        room -= found.ByteSize()
        if room < 0:
            return
        yield found


def _cut(text: str, size: int) -> str:
    """Return a text that has at most so many bytes as trailers carry it, where most of Unicode takes three a byte."""
    if len(text) * 12 <= size or len(quote(text, safe=_AS_IT_IS)) <= size:
        return text
    room = size - len(quote(_MORE))
    for end, character in enumerate(text):
        room -= len(quote(character, safe=_AS_IT_IS))
        if room < 0:
            return text[:end] + _MORE
    return text


def to_status(error: ConversationError) -> grpc.Status:
    """Return an error as a status that ``abort_with_status`` takes."""
    status = rpc_status.to_status(to_proto(error))
    headers = _HEADERS.get(reason_name(error), ())
    return cast("grpc.Status", _Status(status.code, status.details, (*status.trailing_metadata, *headers)))


def _pack(
    status: status_pb2.Status,
    detail: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest | error_details_pb2.RetryInfo,
) -> None:
    packed = any_pb2.Any()
    packed.Pack(detail)
    status.details.append(packed)
