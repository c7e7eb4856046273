"""Lists through ChatKit's own protocol, beside openai-chatkit's own server."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import uvloop
from chatkit import types
from pydantic import TypeAdapter

from benchmarks import http_load
from benchmarks.chatkit_peer import SqliteStore
from benchmarks.cpu import cpu_seconds
from benchmarks.machine import REPOSITORY
from benchmarks.measure import BenchmarkFailed, Measure, quantile
from benchmarks.programs import Server, end, free_port, serving_behind_envoy

HOW = (
    "requests a second with 16 connections, each of which asks again when it is answered; ours through Envoy, the peer "
    "directly: openai-chatkit 1.6 on Starlette, uvicorn, uvloop and httptools, with a store on SQLite (see "
    "chatkit_peer.py). Both have the same threads, and answer the same JSON. The Python process has one core, Envoy "
    "and the generator of load the other. By turns, one second each; the medians of five turns."
)

FACTOR_BAR = 10.0

_APP = "benchmarks.conversation_app:create"
_ENTRIES = 50
_CONNECTIONS = 16
_WARM_UP_SECONDS = 0.5
_SECONDS = 1.0
_TURNS = 5
_PATIENCE_SECONDS = 30.0

_ITEM: TypeAdapter[types.ThreadItem] = TypeAdapter(types.ThreadItem)


def run(folder: Path) -> Iterator[Measure]:
    """Measure both."""
    cores = sorted(os.sched_getaffinity(0))
    with serving_behind_envoy(folder, app=_APP) as ours:
        door = _Door(ours.http_port, {"authorization": f"Bearer {ours.token()}"})
        lists = _fill(door)
        with _peer(folder, door, lists) as (peer, port):
            other = _Door(port, {})
            for what, request in lists.items():
                answer = door.ask(request)
                if answer != other.ask(request) or len(answer["data"]) != _ENTRIES:
                    raise BenchmarkFailed(f"the answers to {what} differ, or are not whole")
            envoys = [each for each in psutil.Process(ours.process.ppid()).children() if each.pid != ours.process.pid]
            _pin([ours.process, peer], cores[:1])
            _pin([psutil.Process(), *envoys], cores[-1:])
            try:
                for what, request in lists.items():
                    yield from _compare(what, json.dumps(request).encode(), door, ours, other, peer)
            finally:
                _pin([psutil.Process()], cores)


class _Door:
    """A server's ChatKit."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.port = port
        self.headers = dict(headers)

    def ask(self, request: Mapping[str, Any]) -> Any:
        """Return the document that a request is answered with, or the events."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            headers = {"content-type": "application/json", **self.headers}
            connection.request("POST", "/chatkit", json.dumps(request), headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise BenchmarkFailed(f"{request['type']} is answered with {response.status}: {body.decode()}")
        if response.getheader("content-type") == "application/json":
            return json.loads(body)
        return [json.loads(line.removeprefix(b"data: ")) for line in body.splitlines() if line.startswith(b"data: ")]


def _fill(door: _Door) -> dict[str, dict[str, Any]]:
    """Talk in many threads, and return the requests that list them, by name."""

    def say(text: str, thread_id: str = "") -> str:
        said = {
            "content": [{"type": "input_text", "text": text}],
            "attachments": [],
            "inference_options": {},
        }
        if thread_id:
            door.ask({"type": "threads.add_user_message", "params": {"thread_id": thread_id, "input": said}})
            return thread_id
        events = door.ask({"type": "threads.create", "params": {"input": said}})
        return next(str(event["thread"]["id"]) for event in events if event["type"] == "thread.created")

    for number in range(_ENTRIES - 2):
        say(f"What is due on day {number}, and what can wait until the week after?")
    texts = say("What do I have to do today?")
    widgets = say("Show me the list of my tasks")
    for number in range(1, _ENTRIES // 2):
        say("And what do I have to do on the day after that one?", texts)
        say("Show me the list again, please" if number % 5 == 0 else "Add a task to buy milk at five", widgets)
    page = {"limit": _ENTRIES, "order": "desc"}
    return {
        "threads.list": {"type": "threads.list", "params": page},
        "items.list of texts": {"type": "items.list", "params": {"thread_id": texts, **page}},
        "items.list, 5 of them widgets": {"type": "items.list", "params": {"thread_id": widgets, **page}},
    }


@contextlib.contextmanager
def _peer(folder: Path, door: _Door, lists: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[psutil.Process, int]]:
    """Run the peer with what we have, and return its process and port."""
    database = folder / "peer.db"
    asyncio.run(_copy(database, [door.ask(request) for request in lists.values()]))
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "server")}  # noqa: TID251 - handed on
    command = [sys.executable, "-m", "benchmarks.chatkit_peer", str(port), str(database)]
    program = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
                break
            if program.poll() is not None or time.monotonic() > deadline:
                raise BenchmarkFailed("the peer does not start")
            time.sleep(0.05)
        yield psutil.Process(program.pid), port
    finally:
        end(program)


async def _copy(database: Path, pages: list[Any]) -> None:
    """Give the peer what our lists hold."""
    store = SqliteStore(str(database))
    threads, *items = pages
    for thread in reversed(threads["data"]):
        await store.save_thread(types.ThreadMetadata.model_validate(thread), {})
    for page in items:
        for item in reversed(page["data"]):
            await store.add_thread_item(item["thread_id"], _ITEM.validate_python(item), {})


def _compare(
    what: str, body: bytes, door: _Door, ours: Server, other: _Door, peer: psutil.Process
) -> Iterator[Measure]:
    rates: dict[str, list[float]] = {"ours": [], "peer": []}
    waits: dict[str, list[float]] = {"ours": [], "peer": []}
    cpu: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(_TURNS):
        for name, at, process in (("ours", door, ours.process), ("peer", other, peer)):
            request = http_load.post("/chatkit", body, at.headers)
            before = cpu_seconds(process)
            came = uvloop.run(
                http_load.load(at.port, request, connections=_CONNECTIONS, warm_up=_WARM_UP_SECONDS, seconds=_SECONDS)
            )
            spent = (cpu_seconds(process) - before) * came.seconds / (came.seconds + _WARM_UP_SECONDS)
            rates[name].append(came.rate)
            waits[name].extend(came.milliseconds)
            cpu[name].append(spent / came.requests * 1e6)
    for name, label in (("ours", what), ("peer", f"{what}: the peer")):
        yield Measure(
            what=label,
            value=quantile(rates[name], 0.5),
            unit="/s",
            samples=len(waits[name]),
            note=f"{quantile(cpu[name], 0.5):,.0f} µs of CPU a request; "
            f"answered within {quantile(waits[name], 0.5):.1f} ms, p99 {quantile(waits[name], 0.99):.1f} ms",
        )
    yield Measure(
        what=f"{what}: times as many",
        value=quantile(rates["ours"], 0.5) / quantile(rates["peer"], 0.5),
        unit="x",
        at_least=FACTOR_BAR,
    )


def _pin(processes: Iterable[psutil.Process], cores: list[int]) -> None:
    """Let processes run on these cores alone, all of their threads."""
    for process in processes:
        for thread in process.threads():
            os.sched_setaffinity(thread.id, cores)
