"""Runs of one server process, seen and stopped from another."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import grpc
import pytest

from tests.rpc.conftest import kinds, read
from tests.rpc.test_busy_threads import first_of, hanging
from widgetstream import NotFoundError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import CancelCause
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream_server.conversation.processes import Process
from widgetstream_server.settings import Settings

from .conftest import Pair, Side, open_side

SUBSCRIBE = "/widgetstream.chatkit.v1.ChatKitService/SubscribeRun"


async def raw(side: Side, run_id: str, after_sequence: int = 0) -> list[bytes]:
    """Follow a run to its end, and return the messages as they came."""
    request = pb.SubscribeRunRequest(run_id=run_id, after_sequence=after_sequence)
    async with grpc.aio.insecure_channel(side.address) as channel:
        method: Any = channel.unary_stream(SUBSCRIBE)
        call = method(request.SerializeToString(), metadata=(("authorization", f"Bearer {side.token()}"),))
        return [message async for message in call]


@pytest.mark.parametrize("after_sequence", [0, 3])
async def test_a_run_is_the_same_bytes_from_both(pair: Pair, after_sequence: int) -> None:
    stream = await hanging(pair.a.client)
    readers = [asyncio.create_task(raw(side, stream.run_id, after_sequence)) for side in (pair.b, pair.b, pair.a)]
    attached = [pair.b.client.subscribe(stream.run_id) for _ in range(2)]
    for reader in attached:
        await first_of(reader)
    pair.a.app.released.set()
    received = [await reader for reader in readers]
    replayed = await raw(pair.b, stream.run_id, after_sequence)

    assert received[0] == received[1] == received[2] == replayed
    assert kinds([event async for event in pair.b.client.subscribe(stream.run_id)])[-1] == "run_completed"


async def test_what_has_ended_comes_from_the_journal_of_both(pair: Pair) -> None:
    stream = pair.a.client.respond("say 5")
    received = await read(stream)
    again = await read(pair.b.client.subscribe(stream.run_id))

    assert [event.SerializeToString() for event in again] == [event.SerializeToString() for event in received]


async def test_events_that_are_not_there_yet_are_refused(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    with pytest.raises(WidgetstreamError) as refused:
        await read(pair.b.client.subscribe(stream.run_id, 1000))

    assert refused.value.reason == "SEQUENCE_OUT_OF_RANGE"
    assert refused.value.metadata["last_sequence"] == str(stream.sequence)


async def test_a_cancel_stops_a_run_of_the_other_and_keeps_what_was_said(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    reading = asyncio.create_task(read(pair.b.client.subscribe(stream.run_id)))
    canceled = await pair.b.client.cancel_run(stream.run_id)
    received = await reading
    items = [item async for item in pair.b.client.list_items(stream.thread_id)]
    again = await pair.a.client.cancel_run(stream.run_id)

    assert canceled.state == RunState.RUN_STATE_CANCELED
    assert canceled == again
    assert received[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_USER
    assert items[-1].assistant_message.content[0].text == "word1 word2 word3 "
    assert pair.a.app.closed == 1


async def test_a_thread_shows_what_the_other_is_making(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    seen = [await side.client.get_thread(stream.thread_id) for side in (pair.a, pair.b)]

    assert seen[0] == seen[1]
    assert seen[1].active_run.run_id == stream.run_id
    assert seen[1].thread.items.data[-1].assistant_message.content[0].text == "word1 word2 word3 "


async def test_deleting_a_thread_stops_its_runs_in_the_other(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    reading = asyncio.create_task(read(pair.a.client.subscribe(stream.run_id, stream.sequence)))
    await pair.b.client.delete_thread(stream.thread_id)

    assert kinds(await reading)[-1] == "run_canceled"
    with pytest.raises(NotFoundError):
        await pair.a.client.get_thread(stream.thread_id)


async def test_what_is_anothers_is_in_neither(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    reading = asyncio.create_task(read(pair.b.client.subscribe(stream.run_id)))
    reasons = []
    for side in (pair.a, pair.b):
        calls = [
            read(side.stranger.subscribe(stream.run_id)),
            side.stranger.cancel_run(stream.run_id),
            side.stranger.get_thread(stream.thread_id),
            side.stranger.delete_thread(stream.thread_id),
            read(side.stranger.respond("say 1", thread_id=stream.thread_id)),
        ]
        for call in calls:
            with pytest.raises(NotFoundError) as refused:
                await call
            reasons.append(refused.value.reason)
    pair.a.app.released.set()

    assert reasons == [*["RUN_NOT_FOUND"] * 2, *["THREAD_NOT_FOUND"] * 3] * 2
    assert kinds(await reading)[-1] == "run_completed"


async def test_a_run_whose_process_cannot_be_reached_is_followed_in_the_journal(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreachable = Process(pair.a.application.others.processes.id, "127.0.0.1:1", "")

    async def find(_: str) -> Process:
        return unreachable

    monkeypatch.setattr(pair.b.application.others.processes, "find", find)
    stream = await hanging(pair.a.client)
    following = pair.b.client.subscribe(stream.run_id)
    received = []
    async for event in following:
        received.append(event)
        if "word3" in event.item_updated.update.text_delta.delta:
            break
    seen = await pair.b.client.get_thread(stream.thread_id)
    with pytest.raises(WidgetstreamError) as refused:
        await pair.b.client.cancel_run(stream.run_id)
    pair.a.app.released.set()
    received += await read(pair.b.client.subscribe(stream.run_id, received[-1].sequence))

    assert seen.thread.items.data[-1].assistant_message.content[0].text == "word1 word2 word3 "
    assert refused.value.reason == "DEPENDENCY_UNAVAILABLE"
    assert [event.sequence for event in received] == list(range(1, len(received) + 1))
    assert kinds(received)[-1] == "run_completed"


async def test_who_leaves_lets_its_runs_end_and_is_not_missed(both_settings: Settings) -> None:
    async with AsyncExitStack() as stays:
        b = await open_side(stays, both_settings)
        async with AsyncExitStack() as leaves:
            a = await open_side(leaves, both_settings)
            stream = await hanging(a.client)
            reading = asyncio.create_task(read(b.client.subscribe(stream.run_id)))
            await first_of(b.client.subscribe(stream.run_id))
        received = await reading
        again = await read(b.client.respond("say 1", thread_id=stream.thread_id))

    assert received[-1].run_canceled.cause == CancelCause.CANCEL_CAUSE_SHUTDOWN
    assert kinds(again)[-1] == "run_completed"
