"""How many people one core can answer at the same time, ours and openai-chatkit's side by side."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvloop

from benchmarks.machine import REPOSITORY
from benchmarks.measure import BenchmarkFailed, Measure
from benchmarks.side_by_side import cores, doors, point
from benchmarks.side_by_side.curve import draw
from benchmarks.side_by_side.doors import Door, Tokens
from benchmarks.side_by_side.point import Point

HOW = (
    "an agent of the Agents SDK answers over Chat Completions, on the same stand-in for a model's server, which sends "
    "50 words a second in each stream; each word of 5 characters tells when it was said. The server has a core of its "
    "own; the model, Envoy and the clients, who write HTTP by hand, have the other. So many streams are held when in a "
    "window of some seconds 99 of 100 words come within 200 ms, and none is missing. Meanwhile somebody new asks every "
    "250 ms: that is the time to the first word. openai-chatkit is served by FastAPI and uvicorn (uvloop, httptools) "
    "with a store in memory and without auth; ours is one process with SQLite, auth, and the todo app with its tools."
)

PICTURE = REPOSITORY / "specs" / "pictures" / "streams.svg"
FIGURES = REPOSITORY / "build" / "streams.json"

_SECONDS = 6.0
_PEER, _GRPC, _CHATKIT = "openai-chatkit", "Widgetstream, gRPC", "Widgetstream, /chatkit through Envoy"
_PEER_STEPS = (10, 20, 30, 40, 50, 60, 70, 80, 100, 120)
_STEPS = (20, 100, 200, 300, 350, 400, 450, 500, 600, 700, 800, 1000, 1200)
_MEMORY_STREAMS = 200

Open = Callable[[Path, str], "contextlib.AbstractContextManager[Door]"]


def run(folder: Path) -> Iterator[Measure]:
    """Go up until streams are not held any more, for each."""
    curves: dict[str, list[Point]] = {}
    ways: list[tuple[str, Open, Sequence[int]]] = [
        (_PEER, doors.peer, _PEER_STEPS),
        (_GRPC, doors.ours, _STEPS),
        (_CHATKIT, doors.ours_behind_envoy, _STEPS),
    ]
    with cores.off_the_servers_core(), doors.token_server() as tokens:
        for number, (name, way, steps) in enumerate(ways):
            place = folder / str(number)
            place.mkdir()
            with way(place, tokens.url) as door:
                curves[name] = uvloop.run(_climb(name, door, tokens, steps))
        (folder / "memory").mkdir()
        with doors.ours(folder / "memory", tokens.url) as fresh:
            memory = uvloop.run(_memory(fresh))
    _write(curves)
    yield from _held(curves)
    yield from _compared(curves[_PEER], curves[_GRPC], curves[_CHATKIT])
    what = f"{_GRPC}: memory per open stream, of {_MEMORY_STREAMS} after {_MEMORY_STREAMS // 2}"
    yield Measure(what=what, value=memory, unit="KB", bar=100)


async def _memory(door: Door) -> float:
    await doors.first_answer(door)
    return await point.memory(door, _MEMORY_STREAMS)


async def _climb(name: str, door: Door, tokens: Tokens, steps: Sequence[int]) -> list[Point]:
    await doors.first_answer(door)
    curve: list[Point] = []
    for streams in steps:
        found = await point.measure(door, tokens, streams, _SECONDS)
        curve.append(found)
        print(f"  {name}: {_line(found)}", file=sys.stderr, flush=True)
        # One miss may be a bad moment of the machine.
        if not found.held and len(curve) > 1 and not curve[-2].held:
            break
    return curve


def _line(found: Point) -> str:
    return (
        f"{found.streams} streams, lag {found.lag_p50:.1f} ms, p99 {found.lag_p99:.1f} ms, first word "
        f"{found.first_p50:.1f} ms, {found.cpu:.0f} µs a word, the server's core {found.server_busy:.0%}, the other "
        f"{found.rest_busy:.0%} busy{'' if found.complete else ', not all words came'}"
    )


def _held(curves: dict[str, list[Point]]) -> Iterator[Measure]:
    held = {name: max((each.streams for each in curve if each.held), default=0) for name, curve in curves.items()}
    if not held[_PEER]:
        raise BenchmarkFailed("openai-chatkit holds no stream here: the machine is too busy")
    for name, streams in held.items():
        best = max(curves[name], key=lambda each: (each.streams == streams, each.streams))
        bars = {_GRPC: 5, _CHATKIT: 4}
        bar = bars[name] * held[_PEER] if name in bars else None
        yield Measure(what=f"{name}: streams held", value=streams, unit="", at_least=bar, note=f"There: {_line(best)}.")
    for name in (_GRPC, _CHATKIT):
        yield Measure(what=f"{name}: as many as the peer holds, times", value=held[name] / held[_PEER], unit="×")


def _compared(peer: Sequence[Point], grpc: Sequence[Point], chatkit: Sequence[Point]) -> Iterator[Measure]:
    few = {name: _at(curve, 20) for name, curve in ((_PEER, peer), (_GRPC, grpc), (_CHATKIT, chatkit))}
    loaded = max((each for each in peer if each.held), key=lambda each: each.streams)
    many = _at(grpc, 200)
    yield Measure(what=f"{_PEER}: CPU per word, at {loaded.streams} streams", value=loaded.cpu, unit="µs")
    yield Measure(
        what=f"{_GRPC}: CPU per word, at {many.streams} streams", value=many.cpu, unit="µs", bar=loaded.cpu / 4
    )
    for each in (few[_GRPC], many):
        yield Measure(
            what=f"{_GRPC}: bytes per word with gRPC frames, at {each.streams} streams",
            value=each.bytes_per_word,
            unit="B",
            bar=45,
            note=f"{each.words_per_event:.1f} words came in an event.",
        )
    yield Measure(what=f"{_PEER}: bytes per word, at 20 streams", value=few[_PEER].bytes_per_word, unit="B")
    for name, each in few.items():
        bar = None if name == _PEER else few[_PEER].first_p50
        yield Measure(what=f"{name}: first word, at 20 streams", value=each.first_p50, unit="ms", bar=bar)
    for name, each in few.items():
        bar = None if name == _PEER else max(10.0, few[_PEER].lag_p50)
        yield Measure(what=f"{name}: lag, at 20 streams", value=each.lag_p50, p99=each.lag_p99, unit="ms", bar=bar)


def _at(curve: Sequence[Point], streams: int) -> Point:
    """Return the point of a number of streams, or the last one before it."""
    return max((each for each in curve if each.streams <= streams), key=lambda each: each.streams, default=curve[0])


def _write(curves: dict[str, list[Point]]) -> None:
    content = {name: [dataclasses.asdict(each) for each in curve] for name, curve in curves.items()}
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    PICTURE.write_text(draw(curves), "utf-8")
