"""What a model's word costs, from the model's bytes to the person's."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2 as httpx
import uvloop
from agents import Agent, Model, OpenAIChatCompletionsModel, OpenAIResponsesModel, RunConfig, Runner
from agents.items import TResponseStreamEvent
from openai import AsyncOpenAI

from benchmarks.cpu import cpu_seconds, microseconds_async
from benchmarks.measure import BenchmarkFailed, Measure, sampled
from benchmarks.model_stand_in import ModelStandIn, completion_of, pieces_of, stream_of
from benchmarks.programs import Server, serving
from benchmarks.streams import Crowd, delta_of
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.agents import AgentContext, run_agent
from widgetstream_server.agents.models.client import ModelClient
from widgetstream_server.agents.models.openai import Api, ModelConfig, build_catalog
from widgetstream_server.agents.models.response_events import message_item, response_events
from widgetstream_server.agents.models.streams.ear import EAR, Cut
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.ports import ThreadStore
from widgetstream_server.conversation.principal import Principal
from widgetstream_server.conversation.system import RandomIds, SystemClock
from widgetstream_server.storage import Database, ThreadRepository

HOW = (
    "first in this process: µs of CPU per word of responses of 2,000 words, each word a piece of its own, without a "
    "socket. Then this process as the client of a stand-in for a model's server in another process: 20 streams of 100 "
    "words a second each, a network read for each word, until all have ended. Then the server with the built-in app in "
    "a process of its own: CPU time of the whole server process per word, in a window of some seconds."
)

_WORDS = 2000
_BATCHES = 15
_STREAMS = 20
_RATE = 50.0
_SETTLE_SECONDS = 1.0
_WINDOW_SECONDS = 6.0

_SOCKET_WORDS = 400
_SOCKET_RATE = 100.0
_SOCKET_ROUNDS = 3

Batch = Callable[[int], Coroutine[Any, Any, None]]

_SDKS: Mapping[Api, Callable[[AsyncOpenAI], Model]] = {
    "responses": lambda client: OpenAIResponsesModel("any", client),
    "chat_completions": lambda client: OpenAIChatCompletionsModel("any", client),
}


def run(folder: Path) -> Iterator[Measure]:
    """Measure the steps, then the way as a whole."""
    for name, (typed, lean) in uvloop.run(_parsing()).items():
        yield sampled(f"{name}: the openai library's stream of typed events", typed, "µs")
        yield sampled(f"{name}: our stream of the same bytes", lean, "µs", bar=15.0)
    runner, bridge = uvloop.run(_agents(folder))
    yield sampled("the Agents SDK's runner and its queue alone, for comparison", runner, "µs")
    yield sampled("our bridge: the Agents SDK's runner, a tap, translation to events", bridge, "µs")
    command = [sys.executable, "-m", "benchmarks.model_stand_in", str(_SOCKET_WORDS), str(_SOCKET_RATE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as stand_in:
        assert stand_in.stdout is not None
        try:
            found = uvloop.run(_from_socket(folder, stand_in.stdout.readline().strip()))
        finally:
            stand_in.kill()
    for name, samples in found.items():
        yield sampled(name, samples, "µs")
    (folder / "server").mkdir()
    yield from uvloop.run(_whole_way(folder / "server"))


class _Ear:
    """Hears, and counts."""

    full = False

    def __init__(self) -> None:
        self.told = 0

    def go_on(self, text: str) -> None:
        self.told += 1

    def repeat(self, length: int) -> None:
        pass

    def cut(self, why: Cut) -> None:
        raise BenchmarkFailed("the response was cut")

    async def room(self) -> None:
        pass


async def _parsing() -> dict[str, tuple[list[float], list[float]]]:
    """Return for each API what the library's typed events take, and what our stream takes."""
    pieces = {"/v1/responses": stream_of(_WORDS), "/v1/chat/completions": completion_of(_WORDS)}

    class Body(httpx.AsyncByteStream):
        def __init__(self, path: str) -> None:
            self._pieces = list(pieces_of(pieces[path]))

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in self._pieces:
                yield piece

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Body(request.url.path))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        known: dict[str, Any] = {"api_key": "none", "base_url": "http://127.0.0.1/v1", "http_client": http}
        library, ours = AsyncOpenAI(**known), ModelClient(**known)

        def reading(ask: Callable[[AsyncOpenAI], Any], client: AsyncOpenAI) -> Batch:
            async def read(_: int) -> None:
                ear = _Ear()
                token = EAR.set(ear if client is ours else None)
                stream = await ask(client)
                EAR.reset(token)
                _expect(len([event async for event in stream]) + ear.told)

            return read

        asks: dict[str, Callable[[AsyncOpenAI], Any]] = {
            "Responses": lambda client: client.responses.create(model="any", input="hi", stream=True),
            "Chat Completions": lambda client: client.chat.completions.create(
                model="any", messages=[{"role": "user", "content": "hi"}], stream=True
            ),
        }
        return {
            name: (await _per_word(reading(ask, library)), await _per_word(reading(ask, ours)))
            for name, ask in asks.items()
        }


async def _from_socket(folder: Path, url: str) -> dict[str, list[float]]:
    """Return what a word takes of this process, from the socket to the event of the engine."""
    found: dict[str, list[float]] = {}
    database = await Database.open(f"sqlite:///{folder / 'socket.db'}")
    store = ThreadRepository(database)
    for api, theirs in _SDKS.items():
        catalog = build_catalog(ModelConfig("none", ("any",), url, api))
        library = AsyncOpenAI(api_key="none", base_url=url, http_client=_unlimited())
        found[f"{api}: socket to event, the SDK's model on the openai library's client"] = await _rounds(
            theirs(library), store
        )
        found[f"{api}: socket to event, the SDK's model on our client"] = await _rounds(catalog.get(), store)
        await library.close()
        await catalog.close()
    await database.close()
    return found


def _unlimited() -> httpx.AsyncClient:
    return httpx.AsyncClient(limits=httpx.Limits(max_connections=None))


async def _rounds(model: Model, store: ThreadStore) -> list[float]:
    agent = Agent[Any](name="assistant", instructions="Help.", model=model)

    async def talk() -> int:
        context = AgentContext(_run_context(store), None)
        texts = [event.item_updated.update.text_delta.delta async for event in run_agent(agent, "hi", context)]
        return len("".join(texts).split())

    async def talk_all() -> float:
        began = time.process_time()
        words = sum(await asyncio.gather(*(talk() for _ in range(_STREAMS))))
        if words != _STREAMS * _SOCKET_WORDS:
            raise BenchmarkFailed(f"{words} words came")
        return (time.process_time() - began) / words * 1e6

    await talk()
    return [await talk_all() for _ in range(_SOCKET_ROUNDS)]


def _run_context(store: ThreadStore) -> RunContext:
    request = RequestContext(Principal("dev:bench", "bench", "dev"), ZoneInfo("UTC"))
    return RunContext("run_1", Thread(id="thr_1"), request, SystemClock(), RandomIds(), store)


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

    async def nothing(_: int) -> None:
        _expect(sum([event.type == "response.output_text.delta" async for event in model.stream_response()]))

    async def runner(_: int) -> None:
        result = Runner.run_streamed(agent, "hi", run_config=RunConfig(tracing_disabled=True))
        _expect(len([event async for event in result.stream_events()]))

    async def bridge(_: int) -> None:
        _expect(len([event async for event in run_agent(agent, "hi", AgentContext(_run_context(store), None))]))

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
