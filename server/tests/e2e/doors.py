"""The doors of a stack, each of which takes a request of the schema and returns the events of its run."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import grpc
import httpx
from google.protobuf import json_format
from google.protobuf.json_format import MessageToDict

from tests.chatkit_protocol.client import frames_in
from widgetstream import Client
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1 import chatkit_service_pb2_grpc
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import UserMessageContent, UserMessageInput, UserMessageText
from widgetstream_server.chatkit_json import encode

Request = pb.RespondRequest | pb.ActionRequest
Send = Callable[[Request], list[WidgetEvent]]

_SERVICE = "/widgetstream.chatkit.v1.ChatKitService/"
_WEB = "application/grpc-web+proto"


def over_grpc(address: str, token: str) -> Send:
    """gRPC, to the server or to Envoy."""

    def send(request: Request) -> list[WidgetEvent]:
        with grpc.insecure_channel(address) as channel:
            stub = chatkit_service_pb2_grpc.ChatKitServiceStub(channel)
            method: Any = stub.Respond if isinstance(request, pb.RespondRequest) else stub.Action
            return list(method(request, metadata=(("authorization", f"Bearer {token}"),)))

    return send


def over_grpc_web(http: httpx.Client) -> Send:
    """gRPC-web, binary."""

    def send(request: Request) -> list[WidgetEvent]:
        data = request.SerializeToString()
        method = "Respond" if isinstance(request, pb.RespondRequest) else "Action"
        body = struct.pack(">BI", 0, len(data)) + data
        answer = http.post(_SERVICE + method, content=body, headers={"content-type": _WEB, "x-grpc-web": "1"})
        *messages, (_, trailers) = _web_frames(answer.content)
        assert b"grpc-status:0" in trailers
        return [WidgetEvent.FromString(message) for _, message in messages]

    return send


def over_json(http: httpx.Client) -> Send:
    """JSON, with server-sent events."""

    def send(request: Request) -> list[WidgetEvent]:
        body = MessageToDict(request, preserving_proto_field_name=True)
        thread = body.pop("thread_id", None)
        verb = "respond" if isinstance(request, pb.RespondRequest) else "action"
        answer = http.post(f"/v1/threads/{thread}:{verb}" if thread else f"/v1/threads:{verb}", json=body)
        assert answer.status_code == 200, answer.text
        lines = [line.removeprefix("data: ") for line in answer.text.split("\n") if line]
        return [json_format.ParseDict(json.loads(line), WidgetEvent()) for line in lines]

    return send


def over_python(address: str, token: str) -> Send:
    """The Python client, for threads."""

    def send(request: Request) -> list[WidgetEvent]:
        with Client(address, token=token) as client:
            if isinstance(request, pb.RespondRequest):
                return list(client.respond(request))
            action = request.action
            payload = MessageToDict(action.payload) if action.HasField("payload") else None
            stream = client.action(action.type, payload, thread_id=request.thread_id, item_id=request.item_id)
            return list(stream)

    return send


def over_chatkit(http: httpx.Client) -> Callable[[Request], list[dict[str, Any]]]:
    """ChatKit's own protocol. Its events are those of ChatKit, as JSON."""

    def send(request: Request) -> list[dict[str, Any]]:
        answer = http.post("/chatkit", json=chatkit_request(request))
        assert answer.status_code == 200, answer.text
        return [frame.data for frame in frames_in(answer.content) if frame.data]

    return send


def chatkit_request(request: Request) -> dict[str, Any]:
    """Return a request in ChatKit's words."""
    thread = {"thread_id": request.thread_id} if request.thread_id else {}
    if isinstance(request, pb.ActionRequest):
        params = {**thread, "item_id": request.item_id or None, "action": encode(request.action)}
        return {"type": "threads.custom_action", "params": params}
    match request.WhichOneof("input"):
        case "client_tool_output":
            result = MessageToDict(request.client_tool_output.result)
            return {"type": "threads.add_client_tool_output", "params": {**thread, "result": result}}
        case "structured_input":
            given = encode(request.structured_input)
            item_id = request.structured_input.item_id
            given.pop("item_id", None)
            return {"type": "threads.add_structured_input", "params": {**thread, "item_id": item_id, "input": given}}
        case "retry_after_item":
            item_id = request.retry_after_item.item_id
            return {"type": "threads.retry_after_item", "params": {**thread, "item_id": item_id}}
        case "text":
            text = UserMessageContent(input_text=UserMessageText(text=request.text))
            said = UserMessageInput(content=[text])
        case _:
            said = request.user_message
    kind = "threads.add_user_message" if thread else "threads.create"
    return {"type": kind, "params": {**thread, "input": encode(said)}}


def read_request(step: Mapping[str, Any]) -> Request:
    """Return a step of the table as its request."""
    if "respond" in step:
        return json_format.ParseDict(step["respond"], pb.RespondRequest())
    return json_format.ParseDict(step["action"], pb.ActionRequest())


def _web_frames(body: bytes) -> Iterator[tuple[int, bytes]]:
    while body:
        flags, size = struct.unpack(">BI", body[:5])
        yield flags, body[5 : 5 + size]
        body = body[5 + size :]
