"""Requests that are repeated under the id of their first time."""

from __future__ import annotations

import asyncio

import grpc
import pytest

from widgetstream import AsyncClient, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy
from widgetstream.todo.v1 import task_service_pb2 as todo

from .conftest import Running, read


async def test_the_same_request_attaches_to_the_same_run(client: AsyncClient) -> None:
    first, second = client.respond("say 3", request_id="a"), client.respond("say 3", request_id="a")
    once, again = await asyncio.gather(read(first), read(second))
    later = await read(client.respond("say 3", request_id="a"))
    threads = [thread async for thread in client.list_threads()]

    assert first.run_id == second.run_id
    assert once == again == later
    assert len(threads) == 1


async def test_a_repeated_interrupt_does_not_interrupt_itself(running: Running, client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    policy = ConcurrencyPolicy.CONCURRENCY_POLICY_INTERRUPT
    streams = [client.respond("hang", thread_id=stream.thread_id, request_id="b", concurrency=policy) for _ in range(3)]
    reading = [asyncio.create_task(read(each)) for each in streams]
    while not all(each.run_id for each in streams):  # noqa: ASYNC110  # the streams have no event to wait for
        await asyncio.sleep(0.01)
    running.app.released.set()
    received = await asyncio.gather(*reading)

    assert len({each.run_id for each in streams}) == 1
    assert [events[-1].WhichOneof("event") for events in received] == ["run_completed"] * 3


async def test_another_request_with_the_same_id_is_refused(client: AsyncClient) -> None:
    await read(client.respond("say 1", request_id="a"))
    calls = [
        read(client.respond("say 2", request_id="a")),
        client.call(client.tasks.CreateTask, todo.CreateTaskRequest(title="Milk", request_id="a")),
    ]
    for call in calls:
        with pytest.raises(WidgetstreamError) as refused:
            await call
        assert refused.value.reason == "REQUEST_ID_REUSED"
        assert refused.value.code == grpc.StatusCode.ALREADY_EXISTS
        assert refused.value.violations[0].field == "request_id"


async def test_ids_are_each_callers_own(client: AsyncClient, stranger: AsyncClient) -> None:
    mine, theirs = client.respond("say 1", request_id="a"), stranger.respond("say 2", request_id="a")
    await read(mine)
    await read(theirs)

    assert mine.run_id != theirs.run_id


async def test_a_call_without_a_stream_does_its_work_once(client: AsyncClient) -> None:
    request = todo.CreateTaskRequest(title="Milk", request_id="t")
    responses = await asyncio.gather(*(client.call(client.tasks.CreateTask, request) for _ in range(10)))
    listed = await client.call(client.tasks.ListTasks, todo.ListTasksRequest())

    assert len({response.task.task_id for response in responses}) == 1
    assert listed.total_size == 1


async def test_a_call_that_failed_may_be_repeated(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    request = pb.UpdateThreadRequest(thread_id="thr_unknown", title="Later", request_id="u")
    for _ in range(2):
        with pytest.raises(WidgetstreamError) as refused:
            await client.call(client.chatkit.UpdateThread, request)
        assert refused.value.reason == "THREAD_NOT_FOUND"
    request.thread_id = stream.thread_id
    changed = await client.call(client.chatkit.UpdateThread, request)

    assert changed.thread.title == "Later"


async def test_a_repeated_delete_is_answered_as_the_first(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    request = pb.DeleteThreadRequest(thread_id=stream.thread_id, request_id="d")

    assert await client.call(client.chatkit.DeleteThread, request) == await client.call(
        client.chatkit.DeleteThread, request
    )


async def test_the_id_may_be_a_header(running: Running, channel: grpc.aio.Channel, client: AsyncClient) -> None:
    metadata = (*running.metadata(), ("idempotency-key", "h"))
    create = channel.unary_unary(
        "/widgetstream.todo.v1.TaskService/CreateTask",
        request_serializer=todo.CreateTaskRequest.SerializeToString,
        response_deserializer=todo.CreateTaskResponse.FromString,
    )
    first = await create(todo.CreateTaskRequest(title="Milk"), metadata=metadata)
    second = await create(todo.CreateTaskRequest(title="Milk"), metadata=metadata)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await create(
            todo.CreateTaskRequest(title="Milk"), metadata=(*running.metadata(), ("idempotency-key", "x" * 129))
        )

    assert first == second
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
