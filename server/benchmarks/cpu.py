"""CPU time of small pieces of work, and of processes.

CPU time, since others may use the machine meanwhile: what they take is not in it, though they do slow caches down.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import psutil

_BATCH_NANOSECONDS = 2_000_000
_BATCHES = 100
_WARM_UP_BATCHES = 10

Work = Callable[[int], object]
"""Does something a number of times."""


def microseconds(work: Work) -> list[float]:
    """Return what one time takes, in µs of CPU: the means of 100 batches of some 2 ms, after a warm-up."""
    times = 1
    while (taken := _batch(work, times)) < _BATCH_NANOSECONDS and times < 1 << 24:
        times = times * 2 if taken < _BATCH_NANOSECONDS / 8 else int(times * _BATCH_NANOSECONDS / taken) + 1
    for _ in range(_WARM_UP_BATCHES):
        work(times)
    return [_batch(work, times) / times / 1000 for _ in range(_BATCHES)]


def _batch(work: Work, times: int) -> int:
    began = time.thread_time_ns()
    work(times)
    return time.thread_time_ns() - began


async def microseconds_async(
    work: Callable[[int], Awaitable[object]], *, times: int, batches: int = _BATCHES, warm_up: int = _WARM_UP_BATCHES
) -> list[float]:
    """Return what one time takes, in µs of CPU of all threads: the means of batches of a given size.

    Args:
        work: Does something a number of times.
        times: That number.
        batches: How many batches are measured.
        warm_up: How many go before.
    """
    for _ in range(warm_up):
        await work(times)
    samples = []
    for _ in range(batches):
        began = time.process_time_ns()
        await work(times)
        samples.append((time.process_time_ns() - began) / times / 1000)
    return samples


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time that a process has taken so far, in all its threads."""
    times = process.cpu_times()
    return times.user + times.system
