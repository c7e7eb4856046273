"""What the errors of the API look like."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


def error_info(body: dict[str, Any]) -> dict[str, Any]:
    """Return the ErrorInfo of an error in JSON, after a look at its shape."""
    assert set(body) == {"code", "message", "details"}
    (info,) = [detail for detail in body["details"] if detail["@type"] == ERROR_INFO]
    assert info["domain"] == "widgetstream"
    return dict(info)


def reason_of(body: dict[str, Any]) -> str:
    return str(error_info(body)["reason"])


def violations_of(body: dict[str, Any]) -> dict[str, str]:
    """Return the fields at fault of an error in JSON, with what is wrong with each."""
    return {
        violation["field"]: violation["description"]
        for detail in body["details"]
        if detail["@type"] == BAD_REQUEST
        for violation in detail["field_violations"]
    }


def reason_in(status: status_pb2.Status | None) -> str:
    """Return the reason of a gRPC status."""
    assert status is not None, "the status has no details"
    info = error_details_pb2.ErrorInfo()
    assert any(_unpack(detail, info) for detail in status.details)
    return info.reason


def _unpack(detail: Any, message: Message) -> bool:
    return bool(detail.Unpack(message))
