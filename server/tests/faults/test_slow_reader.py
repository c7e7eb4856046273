"""A client that does not read is cut off, holds nothing, and can go on where it was."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest

from tests.rpc.conftest import Running
from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

RESPOND = "/widgetstream.chatkit.v1.ChatKitService/Respond"
# The window does not grow, and what is on its way is soon too much.
NARROW = [("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536)]
EVENTS = 2_000


async def drain(call: Any, received: list[WidgetEvent]) -> grpc.StatusCode:
    """Read what has come, and return how the call ended."""
    try:
        while isinstance(event := await call.read(), WidgetEvent):
            received.append(event)
    except grpc.aio.AioRpcError as error:
        return error.code()
    return grpc.StatusCode.OK


@pytest.mark.parametrize("running", [{"reader_timeout_seconds": 0.3}], indirect=True)
async def test_a_reader_that_never_reads_is_cut_off_and_can_resume(
    running: Running, client: AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    async with grpc.aio.insecure_channel(running.address, options=NARROW) as channel:
        respond = channel.unary_stream(
            RESPOND,
            request_serializer=pb.RespondRequest.SerializeToString,
            response_deserializer=WidgetEvent.FromString,
        )
        call = respond(pb.RespondRequest(text=f"flood {EVENTS}"), metadata=running.metadata())
        first = await call.read()
        assert isinstance(first, WidgetEvent)
        logged = ""
        async with asyncio.timeout(20):
            while "READER_TOO_SLOW" not in logged:
                await asyncio.sleep(0.05)
                logged += "".join(capfd.readouterr())
        received = [first]
        code = await drain(call, received)
    rest = [event async for event in client.subscribe(first.run_id, received[-1].sequence)]

    assert code in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED)
    assert len(received) < EVENTS
    numbers = [event.sequence for event in (*received, *rest)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert rest[-1].HasField("run_completed")
