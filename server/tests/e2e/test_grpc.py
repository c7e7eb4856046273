"""gRPC through Envoy: everything that reaches the server on its own port does so on Envoy's."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Value
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.chatkit_service_pb2_grpc import ChatKitServiceStub
from widgetstream.todo.v1 import task_service_pb2
from widgetstream.todo.v1.task_service_pb2_grpc import TaskServiceStub

from .conftest import Stack
from .errors import reason_in

pytestmark = pytest.mark.e2e


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


def test_a_run_arrives_event_by_event(channel: grpc.Channel, token: str) -> None:
    stub = ChatKitServiceStub(channel)
    stream = stub.Respond(pb.RespondRequest(text="steps 2"), metadata=bearer(token), timeout=30)

    first = next(stream)
    go = pb.SyncActionRequest(thread_id=first.thread_id, action=Action(type="go"))
    seen = [first]
    while seen[-1].WhichOneof("event") != "item_added":
        seen.append(next(stream))
    texts = []
    for _ in range(2):
        # The server has nothing more to send now: what was sent has arrived.
        stub.SyncAction(go, metadata=bearer(token), timeout=30)
        seen.append(next(stream))
        texts.append(seen[-1].item_updated.update.text_delta.delta)
    seen.extend(stream)

    assert texts == ["word1 ", "word2 "]
    assert seen[-1].WhichOneof("event") == "run_completed"
    assert [event.sequence for event in seen] == list(range(1, len(seen) + 1))


def test_a_canceled_call_leaves_the_run_alone(channel: grpc.Channel, token: str) -> None:
    stub = ChatKitServiceStub(channel)
    stream = stub.Respond(pb.RespondRequest(text="steps 1"), metadata=bearer(token), timeout=30)
    first = next(stream)
    stream.cancel()

    go = pb.SyncActionRequest(thread_id=first.thread_id, action=Action(type="go"))
    stub.SyncAction(go, metadata=bearer(token), timeout=30)
    again = stub.SubscribeRun(
        pb.SubscribeRunRequest(run_id=first.run_id, after_sequence=first.sequence), metadata=bearer(token), timeout=30
    )
    rest = list(again)

    assert rest[0].sequence == 2
    assert rest[-1].WhichOneof("event") == "run_completed"


def test_a_status_carries_its_details(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        TaskServiceStub(channel).ListTasks(task_service_pb2.ListTasksRequest(), timeout=30)

    error: Any = caught.value
    assert error.code() == grpc.StatusCode.UNAUTHENTICATED
    assert reason_in(rpc_status.from_call(error)) == "TOKEN_MISSING"


def test_a_caller_s_deadline_is_kept(channel: grpc.Channel, token: str) -> None:
    stream = ChatKitServiceStub(channel).Respond(pb.RespondRequest(text="steps 1"), metadata=bearer(token), timeout=0.5)
    with pytest.raises(grpc.RpcError) as caught:
        list(stream)

    error: Any = caught.value
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED


def test_large_messages_pass(channel: grpc.Channel, token: str) -> None:
    # Larger than the buffers of connections; a tenth of what a request may have.
    size = 400_000
    stream = ChatKitServiceStub(channel).Respond(
        pb.RespondRequest(text=f"large {size}"), metadata=bearer(token), timeout=30
    )
    done = [event.item_done.item for event in stream if event.WhichOneof("event") == "item_done"]

    assert len(done[-1].assistant_message.content[0].text) == size


def test_a_request_that_is_too_large_is_refused(channel: grpc.Channel, token: str) -> None:
    action = Action(type="go", payload=Value(string_value="x" * 5_000_000))
    with pytest.raises(grpc.RpcError) as caught:
        ChatKitServiceStub(channel).SyncAction(
            pb.SyncActionRequest(thread_id="thr_any", action=action), metadata=bearer(token), timeout=30
        )

    error: Any = caught.value
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert reason_in(rpc_status.from_call(error)) == "REQUEST_TOO_LARGE"


def test_health_passes(channel: grpc.Channel) -> None:
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    for service in ("", "widgetstream.chatkit.v1.ChatKitService", "widgetstream.todo.v1.TaskService"):
        answer = check(health_pb2.HealthCheckRequest(service=service), timeout=30)

        assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_reflection_passes(channel: grpc.Channel) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)

    assert {"widgetstream.chatkit.v1.ChatKitService", "widgetstream.todo.v1.TaskService"} <= set(
        database.get_services()
    )
    file = database.FindFileContainingSymbol("widgetstream.chatkit.v1.WidgetEvent")
    assert file.name == "widgetstream/chatkit/v1/event.proto"


def test_a_stranger_s_tool_finds_its_way_by_reflection(stack: Stack, token: str) -> None:
    buf = Path(sys.executable).with_name("buf")
    done = subprocess.run(
        [
            buf,
            "curl",
            "--protocol=grpc",
            "--http2-prior-knowledge",
            "--reflect-protocol=grpc-v1",
            f"--header=authorization: Bearer {token}",
            '--data={"title": "buy milk", "tags": ["Shop"]}',
            f"{stack.url}/widgetstream.todo.v1.TaskService/CreateTask",
        ],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    task = json.loads(done.stdout)["task"]

    assert task["title"] == "buy milk"
    assert task["tags"] == ["shop"]


def test_many_streams_share_a_connection(channel: grpc.Channel, token: str) -> None:
    stub = ChatKitServiceStub(channel)
    ended: list[str] = []

    def follow() -> None:
        stream = stub.Respond(pb.RespondRequest(text="large 10"), metadata=bearer(token), timeout=60)
        ended.append(list(stream)[-1].WhichOneof("event") or "")

    threads = [threading.Thread(target=follow) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ended == ["run_completed"] * 40
