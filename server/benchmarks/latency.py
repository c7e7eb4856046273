"""How long a person waits for the first sign of life, and for the first words."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.measure import BenchmarkFailed, Measure, sampled
from benchmarks.programs import SCRIPTED_APP, Server, serving_behind_envoy
from benchmarks.streams import Crowd, delta_of

HOW = (
    "one person, who says something in a new thread when the answer before has ended; ms from the request until "
    "run_started, and until the first text of the assistant. Idle server, SQLite file, warmed up by 30 runs. The "
    "scripted application answers at once, so that no model is in these figures."
)

FIRST_EVENT_BAR = 25.0

_WARM_UP = 30
_RUNS = 120
_ANSWER = "say 3 0"

Waits = list[tuple[float, float]]


def run(folder: Path) -> Iterator[Measure]:
    """Measure through each door."""
    (folder / "scripted").mkdir()
    with serving_behind_envoy(folder / "scripted", app=SCRIPTED_APP) as server:
        waits = uvloop.run(_over_grpc(server, server.port, _ANSWER, _RUNS))
        yield from _measures("gRPC directly", waits, None)
        waits = uvloop.run(_over_grpc(server, server.http_port, _ANSWER, _RUNS))
        yield from _measures("gRPC through Envoy", waits, FIRST_EVENT_BAR)
        waits, bytes_a_word = _over_sse(server)
        yield from _measures("JSON and SSE through Envoy", waits, FIRST_EVENT_BAR)
        yield Measure(
            what="a delta of one word of 9 characters as SSE, ended by its blank line", value=bytes_a_word, unit="B"
        )
    (folder / "todo").mkdir()
    with serving_behind_envoy(folder / "todo") as server:
        waits = uvloop.run(_over_grpc(server, server.http_port, "hello", 60))
        yield from _measures("gRPC through Envoy, built-in app, offline model", waits, FIRST_EVENT_BAR)


def _measures(door: str, waits: Waits, bar: float | None) -> Iterator[Measure]:
    yield sampled(f"first event: {door}", [first for first, _ in waits], "ms", bar=bar)
    yield sampled(f"first text: {door}", [text for _, text in waits], "ms")


async def _over_grpc(server: Server, port: int, text: str, runs: int) -> Waits:
    waits: Waits = []
    async with Crowd(server, port=port) as crowd:
        for _ in range(_WARM_UP + runs):
            began = time.monotonic_ns()
            arrivals = await crowd.respond(text)
            first_text = next((when for when, event in arrivals if delta_of(event)), None)
            if first_text is None:
                raise BenchmarkFailed(f"there is no text in the answer to {text!r}")
            waits.append(((arrivals[0][0] - began) / 1e6, (first_text - began) / 1e6))
    return waits[_WARM_UP:]


def _over_sse(server: Server) -> tuple[Waits, int]:
    """Return the waits, and the size of an event with one word."""
    waits: Waits = []
    size = 0
    headers = {"authorization": f"Bearer {server.token()}", "content-type": "application/json"}
    body = json.dumps({"text": _ANSWER})
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port)
    try:
        for _ in range(_WARM_UP + _RUNS):
            began = time.monotonic_ns()
            connection.request("POST", "/v1/threads:respond", body, headers)
            response = connection.getresponse()
            first = text = 0
            while line := response.readline():
                if not line.startswith(b"data: "):
                    continue
                first = first or time.monotonic_ns()
                if not text and b'"text_delta"' in line:
                    text = time.monotonic_ns()
                    size = len(line) + 1
            if not text:
                raise BenchmarkFailed(f"Envoy answers {response.status}, without text")
            waits.append(((first - began) / 1e6, (text - began) / 1e6))
    finally:
        connection.close()
    return waits[_WARM_UP:], size
