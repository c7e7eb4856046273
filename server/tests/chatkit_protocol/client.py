"""Calls ChatKit's protocol on a server in this process, as a proxy would."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.api.httpbody_pb2 import HttpBody
from google.rpc import error_details_pb2
from grpc_status import rpc_status

PATH = "/widgetstream.chatkit.v1.ChatKitHttpService/Process"
EVENTS = "text/event-stream"


@dataclass
class Frame:
    """One server-sent event, or a comment."""

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass
class Reply:
    """What came back.

    Attributes:
        code: The gRPC status.
        content_type: Of the first message.
        body: All that came.
        reason: The reason of an error.
        fields: The fields at fault of an error, with what is wrong.
        run_id: The header that names a run.
        details: The text of an error.
    """

    code: str
    content_type: str
    body: bytes
    reason: str
    fields: dict[str, str]
    run_id: str
    details: str = ""

    @property
    def json(self) -> Any:
        assert self.content_type == "application/json"
        return json.loads(self.body)

    @property
    def frames(self) -> list[Frame]:
        assert self.content_type == EVENTS
        return frames_in(self.body)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [frame.data for frame in self.frames if frame.data]


def frames_in(body: bytes) -> list[Frame]:
    """Return the frames of a stream, after a look at their form."""
    text = body.decode()
    assert text.endswith("\n\n")
    return [_frame(block) for block in text.removesuffix("\n\n").split("\n\n")]


def _frame(block: str) -> Frame:
    frame = Frame(block)
    for line in block.split("\n"):
        name, _, value = line.partition(": ")
        match name:
            case "data":
                frame.data = json.loads(value)
            case "id":
                frame.id = value
            case _:
                assert line.startswith(":"), line
    return frame


class ChatKitClient:
    """A caller."""

    def __init__(self, channel: grpc.aio.Channel, token: str) -> None:
        self._process: Any = channel.unary_stream(PATH)
        self._token = token

    def open(self, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """Send a request, and return the call."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        metadata = (("authorization", f"Bearer {self._token}"), *(headers or {}).items())
        request = HttpBody(content_type="application/json", data=data)
        return self._process(request.SerializeToString(), metadata=metadata)

    async def post(self, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """Send a request, and return all of the reply."""
        call = self.open(body, headers)
        content_type, data = "", b""
        try:
            async for message in call:
                piece = HttpBody.FromString(message)
                content_type = content_type or piece.content_type
                data += piece.data
        except grpc.aio.AioRpcError as error:
            return _refused(error)
        run_id = dict(await call.initial_metadata()).get("x-run-id", "")
        return Reply("OK", content_type, data, "", {}, str(run_id))

    async def ask(self, type: str, **params: Any) -> Any:  # noqa: A002 - the protocol's name
        """Send a request that has a document for a reply, and return it."""
        return (await self.post({"type": type, "params": params})).json

    async def stream(self, type: str, **params: Any) -> list[dict[str, Any]]:  # noqa: A002 - likewise
        """Send a request that streams, and return its events."""
        return (await self.post({"type": type, "params": params})).events

    async def say(self, text: str, thread_id: str = "") -> list[dict[str, Any]]:
        """Say something in a thread, or a new one, and return the events."""
        if thread_id:
            return await self.stream("threads.add_user_message", thread_id=thread_id, input=message(text))
        return await self.stream("threads.create", input=message(text))


async def pieces(call: Any) -> AsyncIterator[bytes]:
    """Yield what a call sends, as it comes."""
    async for message_bytes in call:
        yield HttpBody.FromString(message_bytes).data


def message(text: str, **more: Any) -> dict[str, Any]:
    """Return a person's message, as the frontend sends it."""
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": [], "quoted_text": "", "inference_options": {}, **more}


def _refused(error: grpc.aio.AioRpcError) -> Reply:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # it has what a call has
    reason, fields = "", {}
    for detail in status.details if status else ():
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            fields = {violation.field: violation.description for violation in bad.field_violations}
    return Reply(error.code().name, "", b"", reason, fields, "", f"{error.details()} {error.debug_error_string()}")
