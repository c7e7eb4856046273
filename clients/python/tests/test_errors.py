"""Statuses as errors with the details that the service sent."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

import widgetstream
from widgetstream.client.errors import FieldViolation, from_rpc_error


class Failed(grpc.RpcError):
    """An error as the synchronous stack raises it: a call that has ended."""

    def __init__(self, code: grpc.StatusCode, message: str, *details: Message) -> None:
        self._code = code
        self._message = message
        status = status_pb2.Status(code=code.value[0], message=message)
        for detail in details:
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        self._trailing = (("grpc-status-details-bin", status.SerializeToString()),)

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._message

    def trailing_metadata(self) -> Any:
        return self._trailing


def test_details_are_read() -> None:
    error = from_rpc_error(
        Failed(
            grpc.StatusCode.INVALID_ARGUMENT,
            "text: must not be blank",
            error_details_pb2.ErrorInfo(reason="INVALID_ARGUMENT", domain="widgetstream", metadata={"a": "b"}),
            error_details_pb2.BadRequest(field_violations=[{"field": "text", "description": "must not be blank"}]),
            error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(nanos=500_000_000)),
        )
    )

    assert isinstance(error, widgetstream.InvalidArgumentError)
    assert (error.reason, dict(error.metadata), error.retry_after) == ("INVALID_ARGUMENT", {"a": "b"}, 0.5)
    assert list(error.violations) == [FieldViolation("text", "must not be blank")]
    assert str(error) == "text: must not be blank [INVALID_ARGUMENT]"


@pytest.mark.parametrize(
    "code, kind",
    [
        (grpc.StatusCode.NOT_FOUND, widgetstream.NotFoundError),
        (grpc.StatusCode.UNAUTHENTICATED, widgetstream.UnauthenticatedError),
        (grpc.StatusCode.UNAVAILABLE, widgetstream.UnavailableError),
        (grpc.StatusCode.ABORTED, widgetstream.WidgetstreamError),
    ],
)
def test_codes_have_classes(code: grpc.StatusCode, kind: type[widgetstream.WidgetstreamError]) -> None:
    assert type(from_rpc_error(Failed(code, "no"))) is kind


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="Nothing"):
        widgetstream.Nothing  # noqa: B018
