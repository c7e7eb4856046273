"""What calls can fail of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

_STATUS_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """A field of a request that breaks a rule.

    Attributes:
        field: Path of the field in the request.
        description: The rule.
    """

    field: str
    description: str


@dataclass
class WidgetstreamError(Exception):
    """A call that failed.

    Attributes:
        code: The status code.
        message: For people.
        reason: The name of a ``widgetstream.chatkit.v1.ErrorReason`` without its prefix; empty when the failure did not
            come from the service.
        metadata: Facts, such as the id that was not found.
        violations: The fields at fault.
        retry_after: Seconds after which trying again may help. None: not stated.
    """

    code: grpc.StatusCode
    message: str
    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    violations: Sequence[FieldViolation] = ()
    retry_after: float | None = None

    def __str__(self) -> str:
        """Return the message, and the reason by which a program tells failures apart."""
        return f"{self.message} [{self.reason or self.code.name}]"


class InvalidArgumentError(WidgetstreamError):
    """A field of the request breaks its rule; see ``violations``."""


class UnauthenticatedError(WidgetstreamError):
    """The token is missing, expired, or not valid here; see ``reason``."""


class NotFoundError(WidgetstreamError):
    """What was asked for does not exist, or is another's."""


class UnavailableError(WidgetstreamError):
    """The service cannot be reached, or cannot serve now."""


class RunCutError(WidgetstreamError):
    """The stream of a run broke, and could not be picked up again. What the run said is in its thread."""


_CLASSES: Mapping[grpc.StatusCode, type[WidgetstreamError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgumentError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
}


def from_rpc_error(error: grpc.RpcError) -> WidgetstreamError:
    """Return a gRPC error as one of ours, with the details that the service sent."""
    # Pairs, named or not: the synchronous and the asynchronous stack differ.
    trailing: Any = error.trailing_metadata() or ()
    code: grpc.StatusCode = error.code()
    found = _CLASSES.get(code, WidgetstreamError)(code, error.details() or code.name)
    for key, value in trailing:
        if key == _STATUS_DETAILS and isinstance(value, bytes):
            _read_details(found, value)
    return found


def _read_details(error: WidgetstreamError, serialized: bytes) -> None:
    for detail in status_pb2.Status.FromString(serialized).details:
        info = error_details_pb2.ErrorInfo()
        bad_request = error_details_pb2.BadRequest()
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            error.reason = info.reason
            error.metadata = dict(info.metadata)
        elif detail.Unpack(bad_request):
            error.violations = tuple(FieldViolation(v.field, v.description) for v in bad_request.field_violations)
        elif detail.Unpack(retry):
            error.retry_after = retry.retry_delay.ToMilliseconds() / 1000
