"""What is compared: three doors behind which an agent answers, all with the same model."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec
import psutil

from benchmarks.machine import REPOSITORY
from benchmarks.measure import BenchmarkFailed
from benchmarks.programs import Server, end, environment, free_port, serving, serving_behind_envoy, wait_until_open
from benchmarks.side_by_side import cores
from benchmarks.side_by_side.arrivals import Arrivals, grpc_delta, grpc_messages, sse_frames
from benchmarks.side_by_side.clients import GrpcConnection, SseConnection
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest

RESPOND = "/widgetstream.chatkit.v1.ChatKitService/Respond"
_STREAMS_PER_PERSON = 20


class Door(Protocol):
    """A way to a server under test.

    Attributes:
        process: The server.
        helper: The proxy in front of it. None: there is none.
    """

    process: psutil.Process
    helper: psutil.Process | None

    async def ask(self, text: str) -> Arrivals:
        """Say something in a new thread."""

    def deltas(self, arrivals: Arrivals) -> Iterator[tuple[int, str, int]]:
        """Yield the texts of an answer: when each came, what it is, and its bytes on the wire without HTTP's."""

    def close(self) -> None:
        """Close all connections."""


class _Update(msgspec.Struct):
    delta: str = ""


class _Event(msgspec.Struct):
    update: _Update = field(default_factory=_Update)


_EVENT = msgspec.json.Decoder(_Event)


def chatkit_request(text: str) -> bytes:
    """Return ChatKit's request that begins a thread."""
    said = {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}
    return json.dumps({"type": "threads.create", "params": {"input": said}}).encode()


class ChatKitDoor:
    """ChatKit's own protocol over HTTP/1.1, a connection for each stream."""

    def __init__(
        self, process: psutil.Process, port: int, people: People | None, helper: psutil.Process | None
    ) -> None:
        """Take the server, and where it is."""
        self.process = process
        self.helper = helper
        self._port = port
        self._people = people
        self._connections: list[SseConnection] = []

    async def ask(self, text: str) -> Arrivals:
        """Say something in a new thread."""
        headers = self._people.next() if self._people else {}
        connection = await SseConnection.open(self._port, "/chatkit", chatkit_request(text), headers)
        self._connections.append(connection)
        return connection.arrivals

    def deltas(self, arrivals: Arrivals) -> Iterator[tuple[int, str, int]]:
        """Yield the texts of an answer."""
        for now, frame in sse_frames(arrivals):
            _, found, data = frame.partition(b"data: ")
            if found and b'"delta"' in data:
                yield now, _EVENT.decode(data).update.delta, len(frame) + 2

    def close(self) -> None:
        """Close all connections."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()


class GrpcDoor:
    """The typed service, some streams on each connection."""

    def __init__(self, process: psutil.Process, port: int, people: People) -> None:
        """Take the server, and where it is."""
        self.process = process
        self.helper: psutil.Process | None = None
        self._port = port
        self._people = people
        self._asked = 0
        self._connections: list[GrpcConnection] = []

    async def ask(self, text: str) -> Arrivals:
        """Say something in a new thread."""
        if self._asked % _STREAMS_PER_PERSON == 0:
            self._connections.append(await GrpcConnection.open(self._port))
        self._asked += 1
        return self._connections[-1].call(RESPOND, RespondRequest(text=text).SerializeToString(), self._people.next())

    def deltas(self, arrivals: Arrivals) -> Iterator[tuple[int, str, int]]:
        """Yield the texts of an answer."""
        for now, message in grpc_messages(arrivals):
            text = grpc_delta(message)
            if text:
                yield now, text, len(message) + 5

    def close(self) -> None:
        """Close all connections."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._asked = 0


class People:
    """Tokens of people, each of whom has some streams."""

    def __init__(self, server: Server) -> None:
        """Take the server that lets them in."""
        self._server = server
        self._asked = 0
        self._headers: list[dict[str, str]] = []

    def next(self) -> dict[str, str]:
        """Return the headers of whose turn it is."""
        person = self._asked // _STREAMS_PER_PERSON % 100
        self._asked += 1
        if person >= len(self._headers):
            self._headers.append({"authorization": f"Bearer {self._server.token(f'person{person}')}"})
        return self._headers[person]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The stand-in for the model's server.

    Attributes:
        process: Its process.
        port: Its port.
    """

    process: psutil.Process
    port: int

    @property
    def url(self) -> str:
        """Where its API is."""
        return f"http://127.0.0.1:{self.port}/v1"

    def active(self) -> int:
        """Return how many streams are under way."""
        return int(json.loads(self._ask("GET", "/stats"))["active"])

    def stop(self) -> None:
        """End all streams."""
        self._ask("POST", "/stop")

    def _ask(self, method: str, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path)
        answer = connection.getresponse().read()
        connection.close()
        return answer


@contextlib.contextmanager
def token_server() -> Iterator[Tokens]:
    """Run the stand-in for the model's server."""
    command = [sys.executable, "-m", "benchmarks.side_by_side.token_server"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(Path.cwd(), {}))
    try:
        line = program.stdout.readline() if program.stdout else b""
        if not line:
            raise BenchmarkFailed("the stand-in for the model's server did not start")
        yield Tokens(psutil.Process(program.pid), int(line))
    finally:
        end(program)


@contextlib.contextmanager
def peer(folder: Path, model_url: str = "") -> Iterator[ChatKitDoor]:
    """Run openai-chatkit, on the server's core."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.side_by_side.peer", str(port), *([model_url] if model_url else [])]
    with (folder / "log").open("ab") as log, cores.on_the_servers_core():
        program = subprocess.Popen(command, cwd=REPOSITORY, env=environment(folder, {}), stderr=log)
    try:
        wait_until_open(port, program, folder)
        yield ChatKitDoor(psutil.Process(program.pid), port, None, None)
    finally:
        end(program)


def model_settings(model_url: str) -> dict[str, str]:
    """Return the settings of a server whose model is the stand-in."""
    return {
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": model_url,
        "WIDGETSTREAM_OPENAI_API": "chat_completions",
        "WIDGETSTREAM_MODEL": "stand-in",
        "WIDGETSTREAM_LOG_FORMAT": "json",
    }


@contextlib.contextmanager
def our_server(folder: Path, model_url: str = "", *, app: str | None = None) -> Iterator[Server]:
    """Run our server, on the server's core."""
    settings = model_settings(model_url) if model_url else {}
    with contextlib.ExitStack() as stack:
        with cores.on_the_servers_core():
            server = stack.enter_context(serving(folder, app=app, **settings))
        yield server


@contextlib.contextmanager
def ours(folder: Path, model_url: str = "", *, app: str | None = None) -> Iterator[GrpcDoor]:
    """Run our server; see ``our_server``."""
    with our_server(folder, model_url, app=app) as server:
        yield GrpcDoor(server.process, server.port, People(server))


@contextlib.contextmanager
def ours_behind_envoy(folder: Path, model_url: str = "", *, app: str | None = None) -> Iterator[ChatKitDoor]:
    """Run our server on the server's core, and Envoy on another."""
    settings = model_settings(model_url) if model_url else {}
    with contextlib.ExitStack() as stack:
        with cores.on_the_servers_core():
            server = stack.enter_context(serving_behind_envoy(folder, app=app, **settings))
        envoy = next(
            process
            for process in psutil.Process().children(recursive=True)
            if process.name().startswith("envoy") and server.process.ppid() == process.ppid()
        )
        cores.move_off(envoy)
        yield ChatKitDoor(server.process, server.http_port, People(server), envoy)


async def first_answer(door: Door) -> None:
    """Have a server answer once, so that all is loaded."""
    arrivals = await door.ask("say 5")
    async with asyncio.timeout(60):
        await arrivals.ended.wait()
    if not any(text for _, text, _ in door.deltas(arrivals)):
        raise BenchmarkFailed(f"the first answer has no text: {arrivals.pieces[-1:]}")
