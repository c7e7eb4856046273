"""gRPC-web, its frames written and read by hand."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator

import httpx
import pytest
from google.rpc import status_pb2

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

from .errors import reason_in

pytestmark = pytest.mark.e2e

RESPOND = "/widgetstream.chatkit.v1.ChatKitService/Respond"
BINARY = "application/grpc-web+proto"
TEXT = "application/grpc-web-text"
TRAILERS = 0x80


def frame(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def frames(body: bytes) -> Iterator[tuple[int, bytes]]:
    while body:
        flags, size = struct.unpack(">BI", body[:5])
        yield flags, body[5 : 5 + size]
        body = body[5 + size :]


def decoded(text: bytes) -> bytes:
    """Decode pieces of Base64, each padded for itself."""
    return b"".join(base64.b64decode(text[start : start + 4]) for start in range(0, len(text), 4))


@pytest.mark.parametrize("form", [BINARY, TEXT])
def test_a_run(http: httpx.Client, form: str) -> None:
    request = frame(pb.RespondRequest(text="large 5").SerializeToString())
    answer = http.post(
        RESPOND,
        content=base64.b64encode(request) if form == TEXT else request,
        headers={"content-type": form, "accept": form, "x-grpc-web": "1"},
    )
    body = decoded(answer.content) if form == TEXT else answer.content
    *messages, (flags, trailers) = frames(body)

    assert answer.headers["content-type"].startswith(form)
    assert flags == TRAILERS
    assert b"grpc-status:0" in trailers
    events = [WidgetEvent.FromString(message) for _, message in messages]
    assert events[0].WhichOneof("event") == "run_started"
    assert events[-1].WhichOneof("event") == "run_completed"


def test_an_error_of_the_server(http: httpx.Client) -> None:
    request = frame(pb.RespondRequest(text="").SerializeToString())
    answer = http.post(
        RESPOND,
        content=request,
        headers={"content-type": BINARY, "x-grpc-web": "1", "origin": "https://page.example"},
    )

    assert answer.headers["grpc-status"] == "3"
    assert reason_in(details_of(answer)) == "INVALID_ARGUMENT"
    exposed = {name.strip() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert {"grpc-status", "grpc-message", "grpc-status-details-bin"} <= exposed


def test_malformed_bytes_are_an_error_and_no_more(http: httpx.Client) -> None:
    answer = http.post(RESPOND, content=frame(b"\xff\xff\xff"), headers={"content-type": BINARY, "x-grpc-web": "1"})

    assert answer.headers["grpc-status"] == "3"
    assert reason_in(details_of(answer)) == "MALFORMED_REQUEST"


def details_of(answer: httpx.Response) -> status_pb2.Status:
    encoded = answer.headers["grpc-status-details-bin"]
    return status_pb2.Status.FromString(base64.b64decode(encoded + "=" * (-len(encoded) % 4)))


def test_a_caller_s_deadline_is_kept(http: httpx.Client) -> None:
    answer = http.post(
        RESPOND,
        content=frame(pb.RespondRequest(text="steps 1").SerializeToString()),
        headers={"content-type": BINARY, "accept": BINARY, "x-grpc-web": "1", "grpc-timeout": "500m"},
    )
    *_, (flags, trailers) = frames(answer.content)

    assert flags == TRAILERS
    assert b"grpc-status:4" in trailers
