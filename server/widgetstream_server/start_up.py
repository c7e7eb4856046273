"""What a process does with its memory once everything is loaded."""

from __future__ import annotations

import ctypes
import gc
import sys

_ARENAS_OPTION = -8
_MAX_ARENAS = 2


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
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
