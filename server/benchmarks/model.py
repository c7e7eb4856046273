"""What a model's word costs, from the model's bytes to the person's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2 as httpx
import msgspec
import uvloop
from agents import Agent, Model, RunConfig, Runner
from agents.items import TResponseStreamEvent
from openai import AsyncOpenAI

from benchmarks.cpu import cpu_seconds, microseconds_async
from benchmarks.measure import BenchmarkFailed, Measure, sampled
from benchmarks.model_stand_in import ModelStandIn, whole_stream_of
from benchmarks.programs import Server, serving
from benchmarks.streams import Crowd, delta_of
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.agents import AgentContext, run_agent
from widgetstream_server.agents.models.response_events import message_item, response_events
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.ports import ThreadStore
from widgetstream_server.conversation.principal import Principal
from widgetstream_server.conversation.system import RandomIds, SystemClock
from widgetstream_server.storage import Database, ThreadRepository

HOW = (
    "first in this process: µs of CPU per word of responses of 2,000 words, each word a piece of its own, without a "
    "socket. Then the server with the built-in app in a process of its own, whose model is a stand-in for a model's "
    "server on loopback that speaks the Responses API: CPU time of the whole server process per word, in a window of "
    "some seconds while all streams talk."
)

_WORDS = 2000
_BATCHES = 15
_STREAMS = 20
_RATE = 50.0
_SETTLE_SECONDS = 1.0
_WINDOW_SECONDS = 6.0

Batch = Callable[[int], Coroutine[Any, Any, None]]


def run(folder: Path) -> Iterator[Measure]:
    """Measure the steps, then the way as a whole."""
    typed, lean = uvloop.run(_parsing())
    yield sampled("the openai library: its stream of typed events", typed, "µs")
    yield sampled("the same bytes by a lean decoder (msgspec), for comparison", lean, "µs")
    runner, bridge = uvloop.run(_agents(folder))
    yield sampled("the Agents SDK's runner and its queue alone, for comparison", runner, "µs")
    yield sampled("our bridge: the Agents SDK's runner, a tap, translation to events", bridge, "µs")
    (folder / "server").mkdir()
    yield from uvloop.run(_whole_way(folder / "server"))


async def _parsing() -> tuple[list[float], list[float]]:
    pieces = list(whole_stream_of(_WORDS))

    class Body(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Body())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        client = AsyncOpenAI(api_key="none", base_url="http://127.0.0.1/v1", http_client=http)

        async def typed(_: int) -> None:
            seen = 0
            async for event in await client.responses.create(model="any", input="hi", stream=True):
                seen += event.type == "response.output_text.delta"
            _expect(seen)

        decode = msgspec.json.Decoder(_LeanEvent).decode

        async def lean(_: int) -> None:
            seen = 0
            async with http.stream("POST", "http://127.0.0.1/v1/responses") as response:
                rest = b""
                async for piece in response.aiter_raw():
                    *whole, rest = (rest + piece).split(b"\n\n")
                    for entry in whole:
                        event = decode(entry[entry.index(b"data: ") + 6 :])
                        seen += event.type == "response.output_text.delta"
            _expect(seen)

        return await _per_word(typed), await _per_word(lean)


class _LeanEvent(msgspec.Struct):
    type: str
    delta: str = ""
    output_index: int = 0
    content_index: int = 0


class _Fluent(Model):
    """A model whose response is there already."""

    def __init__(self, stream: list[TResponseStreamEvent]) -> None:
        self._stream = stream

    async def get_response(self, *args: Any, **kwargs: Any) -> Any:
        raise BenchmarkFailed("the response was to be streamed")

    async def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[TResponseStreamEvent]:
        for event in self._stream:
            # As with a socket, the loop turns for each.
            await asyncio.sleep(0)
            yield event


async def _agents(folder: Path) -> tuple[list[float], list[float]]:
    """Return what runner and bridge take beside the model's own stream."""
    model = _Fluent(list(response_events([message_item("msg_1", "word " * _WORDS)], response_id="resp_1")))
    agent = Agent[Any](name="assistant", instructions="Help.", model=model)
    database = await Database.open(f"sqlite:///{folder / 'agents.db'}")
    store: ThreadStore = ThreadRepository(database)
    clock, ids = SystemClock(), RandomIds()
    request = RequestContext(Principal("dev:bench", "bench", "dev"), ZoneInfo("UTC"))

    async def nothing(_: int) -> None:
        _expect(sum([event.type == "response.output_text.delta" async for event in model.stream_response()]))

    async def runner(_: int) -> None:
        result = Runner.run_streamed(agent, "hi", run_config=RunConfig(tracing_disabled=True))
        _expect(len([event async for event in result.stream_events()]))

    async def bridge(_: int) -> None:
        run_context = RunContext("run_1", Thread(id="thr_1"), request, clock, ids, store)
        _expect(len([event async for event in run_agent(agent, "hi", AgentContext(run_context, None))]))

    try:
        floor = min(await _per_word(nothing))
        return [each - floor for each in await _per_word(runner)], [each - floor for each in await _per_word(bridge)]
    finally:
        await database.close()


async def _whole_way(folder: Path) -> list[Measure]:
    words = int((_WINDOW_SECONDS + 15) * _RATE)
    async with ModelStandIn(words, _RATE) as model:
        settings = {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": model.url}
        # The server starts while this loop stands still; nobody asks the stand-in meanwhile.
        with serving(folder, **settings) as server:
            seconds, events, received = await _talk(server)
    said = _STREAMS * _RATE * _WINDOW_SECONDS
    load = f"{_STREAMS} streams of {_RATE:.0f} words/s"
    return [
        Measure(
            what=f"model to wire, {load}: CPU of the server per word",
            value=seconds / received * 1e6,
            unit="µs",
            samples=received,
            note=f"{received:,} words came as {events:,} events; the model said {said:,.0f}.",
        ),
        Measure(what="words/s that one core can bring", value=received / seconds, unit="/s", samples=received),
    ]


async def _talk(server: Server) -> tuple[float, int, int]:
    """Return the server's CPU time in the window, and the events and words that came in it."""
    # The agent is loaded when the server has started: nothing is measured before it has answered.
    until = 12
    async with Crowd(server, 4) as crowd:
        streams = await crowd.open("hi", _STREAMS, until=until)
        await asyncio.sleep(_SETTLE_SECONDS)
        first = [len(stream.arrivals) for stream in streams]
        before, began = cpu_seconds(server.process), time.monotonic()
        await asyncio.sleep(_WINDOW_SECONDS)
        seconds = cpu_seconds(server.process) - before
        if time.monotonic() - began > _WINDOW_SECONDS * 1.5:
            raise BenchmarkFailed("this process could not keep up")
        texts = [
            delta_of(event)
            for stream, number in zip(streams, first, strict=True)
            for _, event in stream.arrivals[number:]
        ]
    return seconds, len(texts), sum(len(text.split()) for text in texts)


async def _per_word(batch: Batch) -> list[float]:
    return [each / _WORDS for each in await microseconds_async(batch, times=1, batches=_BATCHES, warm_up=2)]


def _expect(seen: int) -> None:
    if seen < _WORDS:
        raise BenchmarkFailed(f"{seen} of {_WORDS} words came")
