"""Requests that are refused get a precise status, with ErrorInfo and the field at fault, and leave nothing behind."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import grpc
import pytest
from google.protobuf import json_format
from google.rpc import error_details_pb2
from hypothesis import example, given
from hypothesis import strategies as st

from widgetstream import AsyncClient, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as chatkit_pb
from widgetstream.client.errors import from_rpc_error
from widgetstream.todo.v1 import task_service_pb2 as todo_pb
from widgetstream_server.app import Application
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.conversation.errors import FieldViolation, InvalidArgumentError
from widgetstream_server.rpc.status import to_proto

from .bad_requests import BAD_REQUESTS, BadRequest
from .conftest import Running, read, settings_for, token_for

SERVICES = (
    (chatkit_pb.DESCRIPTOR.services_by_name["ChatKitService"], chatkit_pb),
    (todo_pb.DESCRIPTOR.services_by_name["TaskService"], todo_pb),
)


@pytest.fixture
async def todo(tmp_path: Path) -> AsyncIterator[tuple[AsyncClient, dict[str, str]]]:
    """A client of the built-in app, and ids of its caller and of somebody else."""
    settings = settings_for(tmp_path)
    async with Application(settings) as application:
        address = f"127.0.0.1:{application.port}"
        key = DevelopmentKey.load_or_create(settings.data_dir / "keys")
        ids: dict[str, str] = {}
        for user, prefix in (("mallory", "other_"), ("ada", "")):
            async with AsyncClient(address, token=token_for(key, user)) as client:
                stream = client.respond("add a task to buy milk")
                received = await read(stream)
                tasks = await client.call(client.tasks.ListTasks, todo_pb.ListTasksRequest())
                ids[f"{prefix}thread"] = stream.thread_id
                ids[f"{prefix}task"] = tasks.tasks[0].task_id
                ids[f"{prefix}message"] = received[2].item_done.item.id
        async with AsyncClient(address, token=token_for(key, "ada")) as client:
            yield client, ids


async def call(client: AsyncClient, rpc: str, request: dict[str, Any]) -> None:
    for service, module in SERVICES:
        if rpc in service.methods_by_name:
            message = json_format.ParseDict(request, getattr(module, f"{rpc}Request")())
            stub = client.chatkit if module is chatkit_pb else client.tasks
            method = getattr(stub, rpc)
            if service.methods_by_name[rpc].server_streaming:
                try:
                    async for _ in method(message, metadata=await client.metadata()):
                        break
                except grpc.aio.AioRpcError as error:
                    raise from_rpc_error(error) from None
            else:
                await client.call(method, message)


async def test_each_is_refused_as_the_table_says_and_leaves_nothing(
    todo: tuple[AsyncClient, dict[str, str]], subtests: pytest.Subtests
) -> None:
    client, ids = todo
    before = await everything(client, ids["thread"])
    for case in BAD_REQUESTS:
        with subtests.test(case.name):
            await refused(client, case, ids)

    assert await everything(client, ids["thread"]) == before


async def refused(client: AsyncClient, case: BadRequest, ids: Mapping[str, str]) -> None:
    with pytest.raises(WidgetstreamError) as error:
        await call(client, case.rpc, case.filled(ids))
    assert (error.value.code.name, error.value.reason) == (case.code, case.reason)
    assert [violation.field for violation in error.value.violations] == ([case.field] if case.field else [])


async def everything(client: AsyncClient, thread_id: str) -> list[str]:
    threads = [str(thread) async for thread in client.list_threads()]
    items = [str(item) async for item in client.list_items(thread_id)]
    tasks = await client.call(client.tasks.ListTasks, todo_pb.ListTasksRequest())
    return [*threads, *items, str(tasks)]


# gRPC's clients bear 8 KiB of trailers. Of a longer status they report RESOURCE_EXHAUSTED, and nothing of ours.
@pytest.mark.parametrize("wrong", [1, 300, 5000])
async def test_many_faults_at_once_are_told_in_what_a_client_takes(client: AsyncClient, wrong: int) -> None:
    kind = chatkit_pb.FEEDBACK_KIND_POSITIVE
    request = chatkit_pb.SubmitFeedbackRequest(thread_id="thr_1", kind=kind, item_ids=[""] * wrong)
    with pytest.raises(WidgetstreamError) as refused:
        await client.call(client.chatkit.SubmitFeedback, request)

    error = refused.value
    left_out = int(error.metadata.get("violations_left_out", "0"))
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")
    assert "item_ids[0]" in [violation.field for violation in error.violations]
    assert len(error.violations) + left_out >= wrong
    assert (left_out > 0) == (wrong > 1)


@given(
    message=st.text(),
    metadata=st.dictionaries(st.sampled_from(["thread_id", "item_id"]), st.text(max_size=3000)),
    violations=st.lists(st.builds(FieldViolation, st.text(max_size=3000), st.text(max_size=3000)), max_size=200),
)
@example("\N{BLACK CHESS KNIGHT}" * 5000, {"thread_id": "%" * 3000}, [FieldViolation("a" * 3000, "b" * 3000)] * 200)
@example("x" * 5000, {}, [FieldViolation(f"item_ids[{index}]", "must not be empty") for index in range(200)])
def test_no_status_is_larger_than_clients_take(
    message: str, metadata: dict[str, str], violations: list[FieldViolation]
) -> None:
    status = to_proto(InvalidArgumentError(message, metadata=metadata, violations=violations, retry_after=1))
    info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    assert status.details[0].Unpack(info)
    assert not violations or status.details[1].Unpack(bad_request)

    assert len(quote(status.message)) + len(base64.b64encode(status.SerializeToString())) < 7 * 1024
    assert info.reason == "INVALID_ARGUMENT"
    assert bool(bad_request.field_violations) == bool(violations)
    assert len(bad_request.field_violations) + int(info.metadata.get("violations_left_out", "0")) == len(violations)


@pytest.mark.parametrize(
    "request_bytes",
    [b"\x52\x02\xff\xfe", b"\xff\xff\xff", b"\x52\x7f"],
    ids=["a text that is not UTF-8", "no field", "a field that is cut off"],
)
async def test_bytes_that_are_no_message(running: Running, channel: grpc.aio.Channel, request_bytes: bytes) -> None:
    error = await respond_with(channel, request_bytes, running)

    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED_REQUEST")


@pytest.mark.parametrize("running", [{"max_request_bytes": 64 * 1024}], indirect=True)
async def test_a_request_larger_than_the_limit(running: Running, channel: grpc.aio.Channel) -> None:
    error = await respond_with(channel, b"\x0a" + b"x" * 70_000, running)

    assert (error.code, error.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE")
    assert error.metadata == {"limit_bytes": "65536"}


async def respond_with(channel: grpc.aio.Channel, request: bytes, running: Running) -> WidgetstreamError:
    respond: Any = channel.unary_stream("/widgetstream.chatkit.v1.ChatKitService/Respond")
    call = respond(request, metadata=running.metadata())
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call.read()
    return from_rpc_error(refused.value)


async def test_a_method_that_nobody_serves(running: Running, channel: grpc.aio.Channel) -> None:
    explode: Any = channel.unary_unary("/widgetstream.chatkit.v1.ChatKitService/Explode")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await explode(b"")

    error = from_rpc_error(refused.value)
    assert (error.code, error.reason) == (grpc.StatusCode.UNIMPLEMENTED, "NOT_IMPLEMENTED")


@pytest.mark.parametrize("running", [{"max_streams_per_user": 2}], indirect=True)
async def test_more_streams_than_one_caller_may_have(running: Running, client: AsyncClient) -> None:
    streams = [aiter(client.respond("hang")) for _ in range(2)]
    for stream in streams:
        await anext(stream)
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.respond("say 1"))
    async with AsyncClient(running.address, token=running.token("grace")) as other:
        received = await read(other.respond("say 1"))
    running.app.released.set()

    assert refused.value.reason == "TOO_MANY_REQUESTS"
    assert refused.value.retry_after == 1.0
    assert received
