"""A thread has one run at a time: what happens to requests that come meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from widgetstream import AsyncClient, WidgetstreamError
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy, RunState
from widgetstream.client.asynchronous import RunStream

from .conftest import Running, kinds, read

ENQUEUE = ConcurrencyPolicy.CONCURRENCY_POLICY_ENQUEUE
INTERRUPT = ConcurrencyPolicy.CONCURRENCY_POLICY_INTERRUPT
ROLLBACK = ConcurrencyPolicy.CONCURRENCY_POLICY_ROLLBACK


async def hanging(client: AsyncClient, thread_id: str = "") -> RunStream:
    """A run that has said three words, and says no more until it is released."""
    stream = client.respond("hang", thread_id=thread_id)
    async for event in stream:
        if "word3" in event.item_updated.update.text_delta.delta:
            break
    return stream


async def first_of(stream: RunStream) -> WidgetEvent:
    async for event in stream:
        return event
    raise AssertionError("the stream ended at once")


async def said(client: AsyncClient, thread_id: str) -> list[str]:
    return [
        part.input_text.text
        for item in [item async for item in client.list_items(thread_id)]
        for part in item.user_message.content
    ]


async def test_two_that_race_for_a_thread_are_one_that_runs_and_one_that_is_told_so(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    outcomes = await asyncio.gather(
        *(read(client.respond("say 50", thread_id=stream.thread_id)) for _ in range(2)), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, WidgetstreamError)]
    assert [error.reason for error in refused] == ["THREAD_BUSY"]
    assert refused[0].metadata["run_id"].startswith("run_")


async def test_queued_runs_begin_at_once_and_go_on_in_order(running: Running, client: AsyncClient) -> None:
    first = await hanging(client)
    streams = [client.respond(f"say {n}", thread_id=first.thread_id, concurrency=ENQUEUE) for n in (1, 2, 3)]
    begun = [(await first_of(stream)).WhichOneof("event") for stream in streams]
    waiting = await client.get_thread(first.thread_id)
    running.app.released.set()
    rest = await asyncio.gather(*(read(client.subscribe(stream.run_id, 1)) for stream in streams))

    assert begun == ["run_started"] * 3
    assert waiting.active_run.run_id == first.run_id
    assert all(kinds(received)[:2] == ["item_done", "stream_options"] for received in rest)
    assert all(kinds(received)[-1] == "run_completed" for received in rest)
    assert await said(client, first.thread_id) == ["hang", "say 1", "say 2", "say 3"]


async def test_a_queued_run_can_be_canceled_before_its_turn(running: Running, client: AsyncClient) -> None:
    first = await hanging(client)
    queued = client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE)
    await first_of(queued)
    canceled = await client.cancel_run(queued.run_id)
    received = await read(client.subscribe(queued.run_id))
    running.app.released.set()
    await read(client.subscribe(first.run_id))

    assert canceled.state == RunState.RUN_STATE_CANCELED
    assert kinds(received) == ["run_started", "run_canceled"]
    assert await said(client, first.thread_id) == ["hang"]


async def test_a_queue_is_bounded(running: Running, client: AsyncClient) -> None:
    first = await hanging(client)
    for _ in range(20):
        await first_of(client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE))
    with pytest.raises(WidgetstreamError) as refused:
        await first_of(client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE))
    running.app.released.set()

    assert refused.value.reason == "TOO_MANY_REQUESTS"
    assert refused.value.retry_after is not None


async def test_an_interrupt_keeps_what_was_said(client: AsyncClient) -> None:
    first = await hanging(client)
    second = client.respond("say 1", thread_id=first.thread_id, concurrency=INTERRUPT)
    received = await read(second)
    ended = await read(client.subscribe(first.run_id, first.sequence))
    items = [item async for item in client.list_items(first.thread_id)]

    assert ended[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_INTERRUPTED
    assert kinds(received)[:3] == ["run_started", "item_done", "stream_options"]
    assert kinds(received)[-1] == "run_completed"
    assert items[1].assistant_message.content[0].text == "word1 word2 word3 "


async def test_an_interrupt_goes_before_those_that_wait(running: Running, client: AsyncClient) -> None:
    first = await hanging(client)
    queued = client.respond("say 2", thread_id=first.thread_id, concurrency=ENQUEUE)
    await first_of(queued)
    await read(client.respond("say 1", thread_id=first.thread_id, concurrency=INTERRUPT))
    await read(client.subscribe(queued.run_id))

    assert await said(client, first.thread_id) == ["hang", "say 1", "say 2"]


async def test_a_rollback_removes_what_the_run_has_made(client: AsyncClient) -> None:
    before = client.respond("say 1")
    await read(before)
    thread_id = before.thread_id
    first = await hanging(client, thread_id)
    shown = [item.id async for item in client.list_items(thread_id)]
    second = client.respond("say 2", thread_id=thread_id, concurrency=ROLLBACK)
    received = await read(second)
    ended = await read(client.subscribe(first.run_id, first.sequence))

    assert ended[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_ROLLED_BACK
    assert kinds(received)[:5] == ["run_started", "item_removed", "item_removed", "item_done", "stream_options"]
    assert received[1].item_removed.item_id == shown[2]
    assert kinds(ended)[-3:] == ["item_removed", "item_removed", "run_canceled"]
    assert await said(client, thread_id) == ["say 1", "say 2"]
    assert len([item async for item in client.list_items(thread_id)]) == 4


async def test_deleting_a_thread_ends_those_that_wait_too(client: AsyncClient) -> None:
    first = await hanging(client)
    queued = client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE)
    await first_of(queued)
    waiting = asyncio.create_task(read(client.subscribe(queued.run_id, 1)))
    await asyncio.sleep(0)
    await client.delete_thread(first.thread_id)

    # Canceled before the thread is gone; or not found by one that asked after it.
    try:
        assert kinds(await waiting)[-1] == "run_canceled"
    except WidgetstreamError as error:
        assert error.reason == "RUN_NOT_FOUND"  # noqa: PT017  # either is right


async def test_a_queued_retry_of_an_item_that_goes_before_its_turn_fails_in_its_stream(
    running: Running, client: AsyncClient
) -> None:
    answered = client.respond("say 1")
    await read(answered)
    await hanging(client, answered.thread_id)
    items = [item async for item in client.list_items(answered.thread_id)]
    # Another answer to the first message takes the second one away.
    queued = [client.respond(retry_of(item.id, answered.thread_id)) for item in items if item.HasField("user_message")]
    for stream in queued:
        await first_of(stream)
    running.app.released.set()
    ends = [(await read(client.subscribe(stream.run_id)))[-1] for stream in queued]

    assert [end.WhichOneof("event") for end in ends] == ["run_completed", "run_failed"]
    assert ends[1].run_failed.reason == ErrorReason.ERROR_REASON_ITEM_NOT_FOUND


async def test_a_retry_of_an_item_that_is_none_is_refused_at_once(client: AsyncClient) -> None:
    first = await hanging(client)
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.respond(retry_of("msg_unknown", first.thread_id)))

    assert refused.value.reason == "ITEM_NOT_FOUND"


def retry_of(item_id: str, thread_id: str) -> RespondRequest:
    request = RespondRequest(thread_id=thread_id, concurrency=ENQUEUE)
    request.retry_after_item.item_id = item_id
    return request
