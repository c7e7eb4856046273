"""A thread that one server process is busy with, and requests that come to another: as if there were one process."""

from __future__ import annotations

import asyncio

import pytest

from tests.rpc.conftest import kinds, read
from tests.rpc.test_busy_threads import ENQUEUE, INTERRUPT, ROLLBACK, first_of, hanging, said
from widgetstream import WidgetstreamError
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream.chatkit.v1.event_pb2 import CancelCause
from widgetstream.chatkit.v1.run_pb2 import RunState

from .conftest import Pair


async def test_a_thread_that_the_other_is_busy_with_is_busy(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    with pytest.raises(WidgetstreamError) as refused:
        await read(pair.b.client.respond("say 1", thread_id=stream.thread_id))
    pair.a.app.released.set()
    await read(pair.b.client.subscribe(stream.run_id))
    again = await read(pair.b.client.respond("say 1", thread_id=stream.thread_id))

    assert refused.value.reason == "THREAD_BUSY"
    assert refused.value.metadata["run_id"] == stream.run_id
    assert kinds(again)[-1] == "run_completed"


async def test_runs_that_wait_keep_their_order_wherever_they_were_asked_for(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    streams = []
    for number in range(1, 5):
        client = (pair.a, pair.b)[number % 2].client
        stream = client.respond(f"say {number}", thread_id=first.thread_id, concurrency=ENQUEUE)
        assert (await first_of(stream)).HasField("run_started")
        streams.append(stream)
    pair.a.app.released.set()
    rest = await asyncio.gather(*(read(pair.b.client.subscribe(stream.run_id, 1)) for stream in streams))

    assert all(kinds(received)[:2] == ["item_done", "stream_options"] for received in rest)
    assert all(kinds(received)[-1] == "run_completed" for received in rest)
    assert await said(pair.b.client, first.thread_id) == ["hang", "say 1", "say 2", "say 3", "say 4"]


async def test_a_run_that_waits_in_the_other_can_be_canceled(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    waiting = pair.a.client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE)
    await first_of(waiting)
    canceled = await pair.b.client.cancel_run(waiting.run_id)
    received = await read(pair.b.client.subscribe(waiting.run_id))

    assert canceled.state == RunState.RUN_STATE_CANCELED
    assert kinds(received) == ["run_started", "run_canceled"]


async def test_a_queue_is_bounded_for_all_together(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    for _ in range(10):
        for side in (pair.a, pair.b):
            await first_of(side.client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE))
    with pytest.raises(WidgetstreamError) as refused:
        await first_of(pair.b.client.respond("say 1", thread_id=first.thread_id, concurrency=ENQUEUE))
    await pair.b.client.delete_thread(first.thread_id)

    assert refused.value.reason == "TOO_MANY_REQUESTS"
    assert refused.value.retry_after is not None


async def test_an_interrupt_ends_the_others_run_and_keeps_what_was_said(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    waiting = pair.a.client.respond("say 2", thread_id=first.thread_id, concurrency=ENQUEUE)
    await first_of(waiting)
    received = await read(pair.b.client.respond("say 1", thread_id=first.thread_id, concurrency=INTERRUPT))
    ended = await read(pair.b.client.subscribe(first.run_id, first.sequence))
    await read(pair.b.client.subscribe(waiting.run_id))
    items = [item async for item in pair.b.client.list_items(first.thread_id)]

    assert ended[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_INTERRUPTED
    assert kinds(received)[:3] == ["run_started", "item_done", "stream_options"]
    assert kinds(received)[-1] == "run_completed"
    assert items[1].assistant_message.content[0].text == "word1 word2 word3 "
    assert await said(pair.b.client, first.thread_id) == ["hang", "say 1", "say 2"]


async def test_a_rollback_removes_what_the_others_run_has_made(pair: Pair) -> None:
    await read(before := pair.b.client.respond("say 1"))
    first = await hanging(pair.a.client, before.thread_id)
    received = await read(pair.b.client.respond("say 2", thread_id=before.thread_id, concurrency=ROLLBACK))
    ended = await read(pair.a.client.subscribe(first.run_id, first.sequence))

    assert ended[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_ROLLED_BACK
    assert kinds(received)[:5] == ["run_started", "item_removed", "item_removed", "item_done", "stream_options"]
    assert await said(pair.b.client, before.thread_id) == ["say 1", "say 2"]


async def test_an_action_takes_its_turn_too(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    waiting = pair.b.client.action("greet", thread_id=first.thread_id, concurrency=ENQUEUE)
    await first_of(waiting)
    pair.a.app.released.set()
    received = await read(pair.b.client.subscribe(waiting.run_id))

    assert "progress_update" in kinds(received)
    assert kinds(received)[-1] == "run_completed"


async def test_a_request_that_comes_to_both_has_one_run(pair: Pair) -> None:
    await read(stream := pair.a.client.respond("say 1"))
    streams = [
        side.client.respond("say 2", thread_id=stream.thread_id, request_id="req_1")
        for side in (pair.a, pair.b)
        for _ in range(3)
    ]
    received = await asyncio.gather(*map(read, streams))

    assert len({stream.run_id for stream in streams}) == 1
    assert len({events[-1].sequence for events in received}) == 1
    assert await said(pair.b.client, stream.thread_id) == ["say 1", "say 2"]


async def test_a_request_that_waits_is_one_run_wherever_it_is_repeated(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    again = [
        side.client.respond("say 1", thread_id=first.thread_id, request_id="req_2", concurrency=ENQUEUE)
        for side in (pair.b, pair.b, pair.a)
    ]
    for stream in again:
        await first_of(stream)
    pair.a.app.released.set()
    received = await read(pair.b.client.subscribe(again[0].run_id))

    assert len({stream.run_id for stream in again}) == 1
    assert kinds(received)[-1] == "run_completed"


async def test_those_that_race_for_a_thread_from_both_sides_are_one_that_runs(pair: Pair) -> None:
    await read(stream := pair.a.client.respond("say 1"))
    racing = [
        asyncio.create_task(read(side.client.respond("hang", thread_id=stream.thread_id)))
        for side in (pair.a, pair.b)
        for _ in range(3)
    ]
    outcomes = []
    for number, ended in enumerate(asyncio.as_completed(racing), 1):
        try:
            outcomes.append(kinds(await ended)[-1])
        except WidgetstreamError as error:
            outcomes.append(error.reason)
        if number == len(racing) - 1:
            for side in (pair.a, pair.b):
                side.app.released.set()

    assert outcomes == [*["THREAD_BUSY"] * 5, "run_completed"]


async def test_what_is_wrong_with_a_request_is_said_wherever_its_thread_is(pair: Pair) -> None:
    first = await hanging(pair.a.client)
    request = RespondRequest(thread_id=first.thread_id, concurrency=INTERRUPT)
    request.retry_after_item.item_id = "msg_unknown"
    with pytest.raises(WidgetstreamError) as refused:
        await read(pair.b.client.respond(request))

    assert refused.value.reason == "ITEM_NOT_FOUND"
    assert refused.value.metadata["item_id"] == "msg_unknown"


async def test_sync_actions_on_one_widget_come_one_after_another(pair: Pair) -> None:
    await pair.a.application.others.processes.beat()  # it sees the other one now
    received = await read(stream := pair.a.client.respond("widget"))
    widget = next(event.item_done.item for event in received if event.item_done.item.HasField("widget"))
    await asyncio.gather(
        *(
            side.client.sync_action("greet", thread_id=stream.thread_id, item_id=widget.id)
            for side in (pair.a, pair.b)
            for _ in range(5)
        )
    )
    items = [item async for item in pair.b.client.list_items(stream.thread_id)]

    assert items[-1].widget.widget.card.children[0].text.value == "Hello" + 10 * "!"
