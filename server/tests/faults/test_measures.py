"""What resuming and waiting cost, with room for a busy machine; run with -s for the figures."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median

import grpc
import psutil
import pytest

from tests.e2e.processes import Program, token_in, widgetstream
from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

EVENTS = 2_000
IDLE = 1_000
SUBSCRIBE = "/widgetstream.chatkit.v1.ChatKitService/SubscribeRun"


def serve(folder: Path) -> tuple[Program, str]:
    settings = {
        "WIDGETSTREAM_GRPC_PORT": "0",
        "WIDGETSTREAM_APP": "tests.faults.talking_app:create",
        "WIDGETSTREAM_MAX_STREAMS_PER_USER": "2000",
        "WIDGETSTREAM_LOG_LEVEL": "warning",
        "WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS": "0",
    }
    program = Program(widgetstream("serve"), folder, settings, "serve")
    line = program.first_line()
    return program, f"127.0.0.1:{line.rpartition(':')[2].split()[0]}"


async def first_event(client: AsyncClient, run_id: str) -> float:
    began = time.perf_counter()
    events = aiter(client.subscribe(run_id))
    event = await anext(events)
    took = time.perf_counter() - began
    assert event.sequence == 1
    assert sum([1 async for _ in events]) >= EVENTS
    return took


@pytest.mark.slow
async def test_a_long_run_is_replayed_at_once_from_memory_and_from_the_journal(tmp_path: Path) -> None:
    figures = {}
    run_id = ""
    for place in ("memory", "journal"):
        program, address = await asyncio.to_thread(serve, tmp_path)
        try:
            async with AsyncClient(address, token=await asyncio.to_thread(token_in, tmp_path)) as client:
                if not run_id:
                    stream = client.respond(f"steps {EVENTS}")
                    assert [event async for event in stream][-1].HasField("run_completed")
                    run_id = stream.run_id
                figures[place] = median([await first_event(client, run_id) for _ in range(5)])
        finally:
            program.end()

    print("\nfirst of 2,000 events:", {place: f"{took * 1000:.1f} ms" for place, took in figures.items()})  # noqa: T201
    assert max(figures.values()) < 0.25  # 50 ms on a machine of its own


@pytest.mark.slow
async def test_a_thousand_idle_subscribers_cost_little(tmp_path: Path) -> None:
    program, address = await asyncio.to_thread(serve, tmp_path)
    try:
        token = await asyncio.to_thread(token_in, tmp_path)
        metadata = (("authorization", f"Bearer {token}"),)
        async with AsyncClient(address, token=token) as client, grpc.aio.insecure_channel(address) as channel:
            stream = client.respond("wait")
            async for _ in stream:
                break
            subscribe = channel.unary_stream(
                SUBSCRIBE,
                request_serializer=pb.SubscribeRunRequest.SerializeToString,
                response_deserializer=WidgetEvent.FromString,
            )
            server = psutil.Process(program.process.pid)
            request = pb.SubscribeRunRequest(run_id=stream.run_id)
            calls = []
            before = 0
            for number in range(IDLE + 100):
                if number == 100:  # what the first ones cost is the server's own
                    before = server.memory_info().rss
                calls.append(subscribe(request, metadata=metadata))
                assert isinstance(await calls[-1].read(), WidgetEvent)
            each = (server.memory_info().rss - before) / IDLE
            for call in calls:
                call.cancel()
    finally:
        program.end()

    print(f"\n{IDLE} idle subscribers: {each / 1000:.1f} KB each")  # noqa: T201
    assert each < 60_000
