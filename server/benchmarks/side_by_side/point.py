"""One point of the curve: so many people who are answered at the same time, and how they fare."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.cpu import cpu_seconds
from benchmarks.measure import BenchmarkFailed, median, quantile
from benchmarks.side_by_side import cores
from benchmarks.side_by_side.arrivals import Arrivals
from benchmarks.side_by_side.doors import Door, Tokens
from benchmarks.side_by_side.stamps import said_at
from benchmarks.side_by_side.token_server import RATE

LAG_BAR_MS = 200.0

_RAMP_SECONDS = 4.0
_SETTLE_SECONDS = 2.0
_PROBE_EVERY = 0.25
_PROBE_WORDS = 3
_DRAIN_SECONDS = 20.0
_MEMORY_OPENING_SECONDS = 0.025
_MEMORY_WORDS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was seen at a number of streams.

    Attributes:
        streams: How many.
        lag_p50: The median of how long a word was under way from model to client, ms.
        lag_p99: Its 99th percentile, ms.
        first_p50: The median of how long someone new waits for the first word meanwhile, ms.
        cpu: CPU time of the server for each word, µs.
        words: How many words came to the clients in the window.
        bytes_per_word: Bytes of events for each word, in their frames.
        words_per_event: How many words came in an event.
        server_busy: The share of a core that the server took.
        rest_busy: How busy the busiest of the other cores was.
        complete: Whether all words came in the end.
    """

    streams: int
    lag_p50: float
    lag_p99: float
    first_p50: float
    cpu: float
    words: int
    bytes_per_word: float
    words_per_event: float
    server_busy: float
    rest_busy: float
    complete: bool

    @property
    def held(self) -> bool:
        """Whether the streams were held: all words came, and 99 of 100 within the bar."""
        return self.complete and self.lag_p99 <= LAG_BAR_MS


@dataclass(slots=True)
class _Window:
    began: int = 0
    ended: int = 0
    cpu: float = 0.0
    rest: float = 0.0


async def measure(door: Door, tokens: Tokens, streams: int, seconds: float) -> Point:
    """Hold a number of streams for some seconds.

    Raises:
        BenchmarkFailed: A stream did not begin.
    """
    words = int((_RAMP_SECONDS + _SETTLE_SECONDS + seconds + 1.0) * RATE)
    opened: list[Arrivals] = []
    probes: list[Arrivals] = []
    began = asyncio.get_running_loop().time()
    for number in range(streams):
        await asyncio.sleep(max(0.0, began + number * _RAMP_SECONDS / streams - asyncio.get_running_loop().time()))
        opened.append(await door.ask(f"say {words}"))
    await asyncio.sleep(_SETTLE_SECONDS)
    window = await _watch(door, probes, seconds)
    complete = await _drain(tokens, [*opened, *probes])
    door.close()
    return _point(door, opened, probes, window, words, complete=complete)


async def memory(door: Door, streams: int) -> float:
    """Return how much memory an open stream adds, in KB: what a number of streams adds to half as many.

    To be measured on a server that has just started: one that held more once keeps what it had for them.
    """
    held = [0, 0]
    opened: list[Arrivals] = []
    for part, number in enumerate((streams // 2, streams)):
        for _ in range(number):
            opened.append(await door.ask(f"say {_MEMORY_WORDS}"))
            await asyncio.sleep(_MEMORY_OPENING_SECONDS)
        await asyncio.gather(*(each.began.wait() for each in opened))
        await asyncio.sleep(1.0)
        held[part] = door.process.memory_info().rss
    if any(each.ended.is_set() for each in opened):
        raise BenchmarkFailed("not all streams were open at the same time")
    door.close()
    return (held[1] - held[0]) / streams / 1e3


async def _watch(door: Door, probes: list[Arrivals], seconds: float) -> _Window:
    window = _Window(time.monotonic_ns())
    cpu, rest = cpu_seconds(door.process), cores.rest_busy()
    loop = asyncio.get_running_loop()
    began = loop.time()
    while loop.time() < began + seconds:
        probes.append(await door.ask(f"say {_PROBE_WORDS}"))
        await asyncio.sleep(_PROBE_EVERY)
    window.ended = time.monotonic_ns()
    window.cpu, window.rest = cpu_seconds(door.process) - cpu, cores.rest_busy() - rest
    return window


async def _drain(tokens: Tokens, arrivals: list[Arrivals]) -> bool:
    """Wait until all answers are there, and return whether they are."""
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            for each in arrivals:
                await each.ended.wait()
        return True
    except TimeoutError:
        await asyncio.to_thread(tokens.stop)
        return False


def _point(
    door: Door,
    opened: list[Arrivals],
    probes: list[Arrivals],
    window: _Window,
    words: int,
    *,
    complete: bool,
) -> Point:
    lags: list[float] = []
    came = events = size = total = 0
    for arrivals in opened:
        for now, text, length in door.deltas(arrivals):
            said = said_at(text, now)
            total += len(said)
            lags.extend((now - when) / 1e6 for when in said if window.began <= when < window.ended)
            if window.began <= now < window.ended:
                came += len(said)
                events += 1
                size += length
    if not came:
        raise BenchmarkFailed(f"nothing came in the window of {len(opened)} streams")
    seconds = (window.ended - window.began) / 1e9
    return Point(
        streams=len(opened),
        lag_p50=median(lags),
        lag_p99=quantile(lags, 0.99),
        first_p50=median(list(_waits(door, probes))),
        cpu=window.cpu / came * 1e6,
        words=came,
        bytes_per_word=size / came,
        words_per_event=came / events,
        server_busy=window.cpu / seconds,
        rest_busy=window.rest / seconds,
        complete=complete and total == words * len(opened),
    )


def _waits(door: Door, probes: list[Arrivals]) -> Iterator[float]:
    for probe in probes:
        try:
            first = next((now for now, text, _ in door.deltas(probe) if text), None)
        except ValueError:  # refused
            first = None
        # Someone who got nothing at all has waited to the end.
        yield (first - probe.asked_at) / 1e6 if first else _DRAIN_SECONDS * 1e3
