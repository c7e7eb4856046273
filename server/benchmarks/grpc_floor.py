"""What gRPC itself takes to send a message: the floor under all that the server does.

As a program (``python -m benchmarks.grpc_floor``) it is the server that is measured: it prints its port, and serves
streams of messages that are always the same, as bytes or as messages to be serialized.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import psutil
import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import BenchmarkFailed, Measure, sampled
from benchmarks.programs import end
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.conversation import events

HOW = (
    "a grpc.aio server on uvloop with nothing else in it, in a process of its own, and a client that reads bytes. CPU "
    "time of the server process per message of one word: streams of 2,000 messages written one after another; then 100 "
    "streams on 10 connections that write 50 messages a second each, as in the benchmark `events`."
)

_SERVICE = "benchmarks.Floor"
_MESSAGES = 2000
_STREAMS = 5
_BATCHES = 5

_PACED_STREAMS = 100
_CONNECTIONS = 10
_RATE = 50.0
_SETTLE_SECONDS = 1.5
_WINDOW_SECONDS = 5.0


def run(_: Path) -> Iterator[Measure]:
    """Measure messages as bytes, and messages as objects."""
    program = subprocess.Popen([sys.executable, "-m", "benchmarks.grpc_floor"], stdout=subprocess.PIPE)
    try:
        line = program.stdout.readline() if program.stdout else b""
        if not line:
            raise BenchmarkFailed("the bare gRPC server did not start")
        process, address = psutil.Process(program.pid), f"127.0.0.1:{int(line)}"
        yield sampled("a message that is bytes already", uvloop.run(_costs(process, address, "Bytes")), "µs")
        yield sampled("a message that gRPC has serialized", uvloop.run(_costs(process, address, "Objects")), "µs")
        value = uvloop.run(_paced_cost(process, address))
        yield Measure(what="a message that is bytes already, 100 streams of 50 messages/s", value=value, unit="µs")
    finally:
        end(program)


async def _costs(process: psutil.Process, address: str, method: str) -> list[float]:
    async with grpc.aio.insecure_channel(address) as channel:
        call: Any = channel.unary_stream(f"/{_SERVICE}/{method}")

        async def read_stream() -> int:
            received = 0
            async for _ in call(b""):
                received += 1
            return received

        async def batch() -> float:
            before = cpu_seconds(process)
            counts = await asyncio.gather(*(read_stream() for _ in range(_STREAMS)))
            return (cpu_seconds(process) - before) / sum(counts) * 1e6

        await batch()
        return [await batch() for _ in range(_BATCHES)]


async def _paced_cost(process: psutil.Process, address: str) -> float:
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(address, options=options) for _ in range(_CONNECTIONS)]
    received = 0

    async def read_stream(number: int) -> None:
        nonlocal received
        call: Any = channels[number % _CONNECTIONS].unary_stream(f"/{_SERVICE}/Paced")
        async for _ in call(b""):
            received += 1

    tasks = [asyncio.create_task(read_stream(number)) for number in range(_PACED_STREAMS)]
    await asyncio.sleep(_SETTLE_SECONDS)
    before, first = cpu_seconds(process), received
    await asyncio.sleep(_WINDOW_SECONDS)
    seconds, last = cpu_seconds(process) - before, received
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for channel in channels:
        await channel.close()
    if last == first:
        raise BenchmarkFailed("no message came")
    return seconds / (last - first) * 1e6


async def _serve() -> None:
    event = events.text_delta("msg_0123456789abcdef", "word ")
    event.sequence = 1000
    frame = event.SerializeToString()

    async def write_bytes(_: bytes, context: Any) -> None:
        for _number in range(_MESSAGES):
            await context.write(frame)

    async def write_objects(_: bytes, context: Any) -> None:
        for number in range(_MESSAGES):
            message = events.text_delta("msg_0123456789abcdef", "word ")
            message.sequence = number
            await context.write(message)

    async def write_paced(_: bytes, context: Any) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(_MESSAGES):
            await asyncio.sleep(max(0.0, began + number / _RATE - loop.time()))
            await context.write(frame)

    server = grpc.aio.server()
    handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {
        "Bytes": grpc.unary_stream_rpc_method_handler(write_bytes),
        "Paced": grpc.unary_stream_rpc_method_handler(write_paced),
        "Objects": grpc.unary_stream_rpc_method_handler(
            write_objects, response_serializer=WidgetEvent.SerializeToString
        ),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(_serve())
