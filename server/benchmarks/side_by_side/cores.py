"""Which core does what: the server under test has one for itself, all others share the rest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import psutil

SERVER_CORE = 0


def _rest() -> set[int]:
    every = os.sched_getaffinity(0)
    return every - {SERVER_CORE} or every


@contextlib.contextmanager
def on_the_servers_core() -> Iterator[None]:
    """Have what is started meanwhile run on the server's core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def off_the_servers_core() -> Iterator[None]:
    """Keep this process, and what it starts meanwhile, away from the server's core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _rest())
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def move_off(process: psutil.Process) -> None:
    """Move all threads of a process away from the server's core."""
    for thread in process.threads():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(thread.id, _rest())


def rest_busy() -> float:
    """Return the CPU seconds that were spent so far on the busiest of the other cores."""
    every = psutil.cpu_times(percpu=True)
    return max(sum(every[core]) - every[core].idle - every[core].iowait for core in _rest())
