"""Who gets in where server processes ask each other; and ChatKit's own door on two of them."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest

from tests.chatkit_protocol.client import ChatKitClient, frames_in, message, pieces
from tests.rpc.conftest import kinds, read
from tests.rpc.test_busy_threads import hanging
from widgetstream.chatkit.v1.chatkit_service_pb2 import CancelRunRequest
from widgetstream.peer.v1.peer_pb2 import Caller, PeerRequest
from widgetstream_server.rpc.peer_messages import ASK, KEY

from .conftest import Pair, Side


async def asked(side: Side, address: str, run_id: str, *keys: str) -> grpc.StatusCode:
    """Ask for a cancel at an address as another process would, and return the status."""
    caller = Caller(principal_id="dev:ada", subject="ada", issuer="dev", time_zone="UTC", locale="en")
    request = PeerRequest(caller=caller, cancel_run=CancelRunRequest(run_id=run_id))
    metadata = (("authorization", f"Bearer {side.token()}"), *((KEY, key) for key in keys))
    async with grpc.aio.insecure_channel(address) as channel:
        method: Any = channel.unary_unary(ASK)
        call = method(request.SerializeToString(), metadata=metadata)
        code: grpc.StatusCode = await call.code()
        return code


async def test_only_who_has_the_key_is_answered_and_only_at_that_door(pair: Pair) -> None:
    stream = await hanging(pair.a.client)
    processes = pair.b.application.others.processes
    process = await processes.find(pair.a.application.others.processes.id)
    assert process is not None
    without = await asked(pair.a, process.address, stream.run_id)
    wrong = await asked(pair.a, process.address, stream.run_id, processes.key)
    public = await asked(pair.a, pair.a.address, stream.run_id, process.key)
    still = await pair.b.client.get_thread(stream.thread_id)
    right = await asked(pair.a, process.address, stream.run_id, process.key)

    assert without == wrong == grpc.StatusCode.UNAUTHENTICATED
    assert public == grpc.StatusCode.UNIMPLEMENTED
    assert still.active_run.run_id == stream.run_id
    assert right == grpc.StatusCode.OK


@pytest.fixture
async def doors(pair: Pair) -> Any:
    """ChatKit's own door of both."""
    async with (
        grpc.aio.insecure_channel(pair.a.address) as a,
        grpc.aio.insecure_channel(pair.b.address) as b,
    ):
        yield ChatKitClient(a, pair.a.token()), ChatKitClient(b, pair.b.token())


async def test_a_stream_of_chatkit_is_taken_up_at_the_other(
    pair: Pair, doors: tuple[ChatKitClient, ChatKitClient]
) -> None:
    a, b = doors
    call = a.open({"type": "threads.create", "params": {"input": message("hang")}}, {"x-when-lost": "go-on"})
    begun = b""
    async for piece in pieces(call):
        begun += piece
        if b"word3" in begun:
            break
    frames = [frame for frame in frames_in(begun) if frame.id]
    thread_id = frames[0].data["thread"]["id"]
    seen = await b.ask("threads.get_by_id", thread_id=thread_id)
    attaching = asyncio.create_task(
        b.post(
            {"type": "threads.add_user_message", "params": {"thread_id": thread_id, "input": message("hang")}},
            {"last-event-id": frames[0].id},
        )
    )
    call.cancel()
    pair.a.app.released.set()
    attached = await attaching
    ids = [frame.id for frame in attached.frames if frame.id]

    assert seen["items"]["data"][-1]["content"][0]["text"] == "word1 word2 word3 "
    assert ids[: len(frames) - 1] == [frame.id for frame in frames[1:]]
    assert attached.events[-1]["type"] == "thread.item.done"


async def test_a_client_that_goes_away_from_the_other_stops_the_run(
    pair: Pair, doors: tuple[ChatKitClient, ChatKitClient]
) -> None:
    stream = await hanging(pair.a.client)
    call = doors[1].open(
        {"type": "threads.add_user_message", "params": {"thread_id": stream.thread_id, "input": message("hang")}},
        {"last-event-id": f"{stream.run_id}:1"},
    )
    async for piece in pieces(call):
        if b"word3" in piece:
            break
    call.cancel()
    received = await read(pair.a.client.subscribe(stream.run_id))

    assert kinds(received)[-1] == "run_canceled"
