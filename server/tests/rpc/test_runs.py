"""Runs through the true server: order, numbering, one end; what is stored; how they are followed and stopped."""

from __future__ import annotations

import asyncio

import pytest

from widgetstream import AsyncClient, NotFoundError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import CancelCause
from widgetstream.chatkit.v1.run_pb2 import RunState

from .conftest import Running, kinds, read
from .scripted_app import SECRET

TERMINAL = {"run_completed", "run_failed", "run_canceled"}


async def test_a_run_has_a_beginning_and_one_end(client: AsyncClient) -> None:
    received = await read(client.respond("say 5"))

    assert kinds(received)[:4] == ["run_started", "thread_created", "item_done", "stream_options"]
    assert kinds(received)[4] == "item_added"
    assert kinds(received)[-2:] == ["item_done", "run_completed"]
    assert sum(kind in TERMINAL for kind in kinds(received)) == 1
    assert [event.sequence for event in received] == list(range(1, len(received) + 1))


async def test_ids_are_on_the_first_event_alone(client: AsyncClient) -> None:
    received = await read(client.respond("say 2"))

    assert received[0].run_id.startswith("run_")
    assert received[0].thread_id.startswith("thr_")
    assert not any(event.HasField("run_id") or event.HasField("thread_id") for event in received[1:])


async def test_deltas_add_up_to_the_item(client: AsyncClient) -> None:
    received = await read(client.respond("say 200"))

    said = "".join(event.item_updated.update.text_delta.delta for event in received if event.HasField("item_updated"))
    done = [event.item_done.item for event in received if event.HasField("item_done")]
    assert said == done[-1].assistant_message.content[0].text


async def test_the_thread_has_what_was_said(client: AsyncClient) -> None:
    stream = client.respond("say 2")
    await read(stream)
    items = [item async for item in client.list_items(stream.thread_id)]

    assert [item.WhichOneof("item") for item in items] == ["user_message", "assistant_message"]
    assert items[0].user_message.content[0].input_text.text == "say 2"
    assert items[1].assistant_message.content[0].text == "word1 word2 "


async def test_a_fault_of_the_application_fails_the_run_and_tells_nothing(
    client: AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = client.respond("raise")
    received = await read(stream)
    again = await read(client.respond("say 1", thread_id=stream.thread_id))

    failed = received[-1].run_failed
    assert failed.reason == ErrorReason.ERROR_REASON_INTERNAL
    assert failed.correlation_id.startswith("err_")
    assert SECRET not in str(received)
    logged = capfd.readouterr()
    assert failed.correlation_id in logged.err + logged.out
    assert SECRET not in logged.err + logged.out
    assert kinds(again)[-1] == "run_completed"


async def test_an_error_for_the_person_reaches_the_person(client: AsyncClient) -> None:
    received = await read(client.respond("fail"))

    assert kinds(received)[-2:] == ["error", "run_failed"]
    assert received[-1].run_failed.message == "The model does not answer."
    assert received[-1].run_failed.allow_retry


async def test_a_widget_nested_too_deep_fails_the_run(client: AsyncClient) -> None:
    received = await read(client.respond("nest 100"))

    assert received[-1].run_failed.reason == ErrorReason.ERROR_REASON_WIDGET_INVALID


async def test_a_disconnect_does_not_stop_a_run(running: Running, client: AsyncClient) -> None:
    stream = client.respond("hang")
    async for event in stream:
        if event.HasField("item_updated"):
            break
    running.app.released.set()
    rest = await read(client.subscribe(stream.run_id, stream.sequence))

    assert kinds(rest)[-2:] == ["item_done", "run_completed"]
    assert rest[0].sequence == stream.sequence + 1


async def test_replay_equals_live(client: AsyncClient) -> None:
    stream = client.respond("say 20")
    live = await read(stream)
    replayed = await read(client.subscribe(stream.run_id))

    assert [event.SerializeToString() for event in replayed] == [event.SerializeToString() for event in live]


async def test_cancel_keeps_the_partial_text_and_ends_every_stream(running: Running, client: AsyncClient) -> None:
    stream = client.respond("hang")
    first = aiter(stream)
    received = []
    async for event in first:
        received.append(event)
        if event.HasField("item_updated") and "word3" in event.item_updated.update.text_delta.delta:
            break
    other = asyncio.create_task(read(client.subscribe(stream.run_id)))
    canceled = await client.cancel_run(stream.run_id)
    again = await client.cancel_run(stream.run_id)
    received += [event async for event in client.subscribe(stream.run_id, received[-1].sequence)]
    seen_elsewhere = await other
    items = [item async for item in client.list_items(stream.thread_id)]

    assert canceled.state == again.state == RunState.RUN_STATE_CANCELED
    assert canceled.last_sequence == received[-1].sequence == seen_elsewhere[-1].sequence
    assert received[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_USER
    assert items[-1].assistant_message.content[0].text == "word1 word2 word3 "
    assert running.app.closed == 1


async def test_a_busy_thread_refuses_and_names_the_run(running: Running, client: AsyncClient) -> None:
    stream = client.respond("hang")
    async for _ in stream:
        break
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.respond("say 1", thread_id=stream.thread_id))
    found = await client.get_thread(stream.thread_id)
    running.app.released.set()

    assert refused.value.reason == "THREAD_BUSY"
    assert refused.value.metadata["run_id"] == stream.run_id == found.active_run.run_id


async def test_a_thread_in_the_middle_of_a_run_shows_the_partial_item(running: Running, client: AsyncClient) -> None:
    stream = client.respond("hang")
    async for event in stream:
        if event.HasField("item_updated") and "word3" in event.item_updated.update.text_delta.delta:
            break
    found = await client.get_thread(stream.thread_id)
    running.app.released.set()

    assert found.thread.items.data[-1].assistant_message.content[0].text == "word1 word2 word3 "


async def test_numbers_beyond_the_end_are_refused(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.subscribe(stream.run_id, stream.sequence + 1))

    assert refused.value.reason == "SEQUENCE_OUT_OF_RANGE"
    assert refused.value.violations[0].field == "after_sequence"


@pytest.mark.parametrize("running", [{"run_log_retention_seconds": 0.001}], indirect=True)
async def test_events_that_are_no_longer_kept_have_an_error_of_their_own(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.subscribe(stream.run_id))
    items = [item async for item in client.list_items(stream.thread_id)]

    assert refused.value.reason == "RUN_LOG_EXPIRED"
    assert len(items) == 2


@pytest.mark.parametrize("running", [{"max_run_seconds": 0.05}], indirect=True)
async def test_a_run_that_takes_too_long_is_ended_and_keeps_what_it_said(client: AsyncClient) -> None:
    stream = client.respond("hang")
    received = await read(stream)
    items = [item async for item in client.list_items(stream.thread_id)]

    assert received[-1].run_failed.reason == ErrorReason.ERROR_REASON_RUN_LIMIT_EXCEEDED
    assert items[-1].assistant_message.content[0].text == "word1 word2 word3 "


async def test_changes_of_the_thread_are_stored_and_sent(client: AsyncClient) -> None:
    stream = client.respond("title Groceries")
    received = await read(stream)
    threads = [thread async for thread in client.list_threads()]

    assert [e.thread_updated.thread.title for e in received if e.HasField("thread_updated")] == ["Groceries"]
    assert [(thread.id, thread.title) for thread in threads] == [(stream.thread_id, "Groceries")]


async def test_a_locked_thread_takes_no_messages(client: AsyncClient) -> None:
    stream = client.respond("lock")
    await read(stream)
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.respond("say 1", thread_id=stream.thread_id))

    assert refused.value.reason == "THREAD_NOT_ACTIVE"
    assert refused.value.metadata == {"status": "locked"}


async def test_hidden_items_are_never_sent(client: AsyncClient) -> None:
    stream = client.respond("hide")
    received = await read(stream)
    found = await client.get_thread(stream.thread_id)
    items = [item async for item in client.list_items(stream.thread_id, page_size=1)]

    assert SECRET not in str(received) + str(found) + str(items)
    assert [item.WhichOneof("item") for item in items] == ["user_message"]


async def test_threads_are_listed_with_the_last_changed_first_and_page_by_page(client: AsyncClient) -> None:
    streams = [client.respond("say 1") for _ in range(5)]
    for stream in streams:
        await read(stream)
    await read(client.respond("say 1", thread_id=streams[1].thread_id))
    listed = [thread.id async for thread in client.list_threads(page_size=2)]

    assert listed == [streams[i].thread_id for i in (1, 4, 3, 2, 0)]


async def test_a_thread_is_renamed_and_deleted(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    renamed = await client.update_thread(stream.thread_id, "  My   thread ")
    await client.delete_thread(stream.thread_id)

    assert renamed.title == "My thread"
    with pytest.raises(NotFoundError) as gone:
        await client.get_thread(stream.thread_id)
    assert gone.value.reason == "THREAD_NOT_FOUND"


async def test_deleting_a_thread_ends_its_run(client: AsyncClient) -> None:
    stream = client.respond("hang")
    events = aiter(stream)
    await anext(events)
    await client.delete_thread(stream.thread_id)
    rest = [event async for event in events]

    assert kinds(rest)[-1] == "run_canceled"


async def test_an_action_gets_its_widget(client: AsyncClient) -> None:
    stream = client.respond("widget")
    received = await read(stream)
    item_id = received[4].item_done.item.id
    answered = await read(client.action("greet", thread_id=stream.thread_id, item_id=item_id))

    assert answered[2].progress_update.text == f"greeting {item_id}"


async def test_a_sync_action_changes_its_widget_beside_a_run(running: Running, client: AsyncClient) -> None:
    stream = client.respond("widget")
    item_id = (await read(stream))[4].item_done.item.id
    busy = client.respond("hang", thread_id=stream.thread_id)
    async for _ in busy:
        break
    updated = await asyncio.gather(
        *(client.sync_action("rename", thread_id=stream.thread_id, item_id=item_id) for _ in range(5))
    )
    running.app.released.set()

    texts = sorted(item.widget.widget.card.children[0].text.value for item in updated if item)
    assert texts == ["Hello!", "Hello!!", "Hello!!!", "Hello!!!!", "Hello!!!!!"]


async def test_what_is_anothers_does_not_exist(client: AsyncClient, stranger: AsyncClient) -> None:
    stream = client.respond("widget")
    await read(stream)
    thread, run = stream.thread_id, stream.run_id
    calls = [
        read(stranger.respond("say 1", thread_id=thread)),
        read(stranger.action("greet", thread_id=thread)),
        read(stranger.subscribe(run)),
        stranger.cancel_run(run),
        stranger.get_thread(thread),
        stranger.update_thread(thread, "mine"),
        stranger.delete_thread(thread),
        stranger.sync_action("rename", thread_id=thread),
        stranger.call(stranger.chatkit.ListItems, pb.ListItemsRequest(thread_id=thread)),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            await call
    assert [item async for item in stranger.list_threads()] == []
    assert (await client.get_thread(thread)).thread.id == thread


async def test_the_time_zone_of_the_caller_reaches_the_application(running: Running) -> None:
    async with AsyncClient(running.address, token=running.token(), time_zone="Asia/Tokyo") as client:
        await read(client.respond("say 1"))

    assert running.app.time_zones == ["Asia/Tokyo"]


async def test_runs_under_way_are_stored_when_the_server_stops(running: Running, client: AsyncClient) -> None:
    stream = client.respond("hang")
    events = aiter(stream)
    received = [await anext(events)]
    stopping = asyncio.create_task(running.application.__aexit__(None, None, None))
    received += [event async for event in events]
    await stopping

    assert received[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_SHUTDOWN
