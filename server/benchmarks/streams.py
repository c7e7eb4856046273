"""A client that follows streams of runs and leaves all work for later: meanwhile it only notes what came when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import grpc

from benchmarks.measure import BenchmarkFailed
from benchmarks.programs import Server
from benchmarks.scripted import PERIOD_MICROSECONDS
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

_RESPOND = "/widgetstream.chatkit.v1.ChatKitService/Respond"

# What a run begins with: run_started, thread_created, the person's message, stream_options.
EVENTS_BEFORE_THE_APP = 4
# The first delta of the scripted application comes after item_added.
EVENTS_UNTIL_TEXT = EVENTS_BEFORE_THE_APP + 2


@dataclass(slots=True)
class Stream:
    """One stream.

    Attributes:
        arrivals: When each event came, in ns of the monotonic clock, and its bytes.
        ready: Set when the events have come that were waited for, or the stream has ended.
    """

    arrivals: list[tuple[int, bytes]] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)


class Crowd:
    """People who talk to a server, each over a connection of their own. Open it with ``async with``."""

    def __init__(self, server: Server, people: int = 1, *, port: int = 0) -> None:
        """Make connections; they are opened at the first call.

        Args:
            server: The server.
            people: How many there are.
            port: Another port than the server's own: Envoy's.
        """
        self._server = server
        address = f"127.0.0.1:{port or server.port}"
        options = [("grpc.use_local_subchannel_pool", 1)]
        self._channels = [grpc.aio.insecure_channel(address, options=options) for _ in range(people)]
        self._metadata = [(("authorization", f"Bearer {server.token(f'person{one}')}"),) for one in range(people)]
        self._calls: list[Any] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Return the crowd."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave: streams end, runs do not."""
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for channel in self._channels:
            await channel.close()

    async def call(self, path: str, request: bytes) -> bytes:
        """Make a call without a stream, from bytes to bytes, for the first of the people."""
        method: Any = self._channels[0].unary_unary(path)
        response: bytes = await method(request, metadata=self._metadata[0])
        return response

    async def respond(self, text: str, *, thread_id: str = "") -> list[tuple[int, bytes]]:
        """Say something as the first of the people; return what came when, once the run has ended."""
        stream = Stream()
        await self._follow(RespondRequest(text=text, thread_id=thread_id), stream, 0, 0)
        return stream.arrivals

    async def open(self, text: str, streams: int, *, until: int = EVENTS_UNTIL_TEXT) -> list[Stream]:
        """Say something in many threads, and return the streams when each has had a number of events.

        Raises:
            BenchmarkFailed: One ended before that.
        """
        turns = asyncio.Semaphore(32)

        async def begin(number: int) -> Stream:
            stream = Stream()
            async with turns:
                following = self._follow(RespondRequest(text=text), stream, number % len(self._channels), until)
                self._tasks.append(asyncio.create_task(following))
                await stream.ready.wait()
            if len(stream.arrivals) < until:
                raise BenchmarkFailed(f"a stream ended before it had begun:\n{self._server.said_last()}")
            return stream

        return await asyncio.gather(*(begin(number) for number in range(streams)))

    async def _follow(self, request: RespondRequest, stream: Stream, person: int, until: int) -> None:
        method: Any = self._channels[person].unary_stream(_RESPOND)
        call = method(request.SerializeToString(), metadata=self._metadata[person])
        self._calls.append(call)
        arrivals, clock = stream.arrivals, time.monotonic_ns
        try:
            async for event in call:
                arrivals.append((clock(), event))
                if len(arrivals) == until:
                    stream.ready.set()
        finally:
            stream.ready.set()


def lags(arrived: int, text: str) -> Sequence[float]:
    """Return for how many ms each word of the scripted application was under way, given when they came."""
    now = arrived // 1000
    return [(now - int(word)) % PERIOD_MICROSECONDS / 1000 for word in text.split()]


def delta_of(event: bytes) -> str:
    """Return the text that an event appends to a message. Empty: none."""
    return WidgetEvent.FromString(event).item_updated.update.text_delta.delta
