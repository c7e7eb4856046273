"""What a process does with its memory and its threads once everything is loaded."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

_ARENAS_OPTION = -8
_MAX_ARENAS = 2
# A run under way holds some 800 objects that the collector looks at, most of them the Agents SDK's. With Python's own
# thresholds, opening a hundred runs walks all of them again and again, and each time all streams stand still.
_COLLECT_AFTER = (10_000, 10, 10)


def limit_arenas() -> None:
    """Have glibc keep few heaps, not eight a core: threads here are many and mostly wait. To be called first."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENAS_OPTION, _MAX_ARENAS)


def settle() -> None:
    """Give back what loading left over, and take what stays out of the collector's sight.

    Without it each full collection walks a million objects of imported libraries, which stops all streams for as long.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def keep_threads_from_interrupting() -> None:
    """Have the other threads of this process wait for a core, rather than take it from the one that runs the loop.

    gRPC has threads that carry events to the loop, several for each call. Where all cores are busy, each of them that
    wakes would interrupt the loop, which is what handles its event, and that costs an eighth of all that a short call
    takes. Threads that these begin do the same. To be called by the thread that runs the loop.
    """
    if not sys.platform.startswith("linux"):
        return
    own = threading.get_native_id()
    for thread in Path("/proc/self/task").iterdir():
        if int(thread.name) != own:
            with suppress(OSError):  # it has just ended, or a sandbox forbids it
                os.sched_setscheduler(int(thread.name), os.SCHED_BATCH, os.sched_param(0))


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
