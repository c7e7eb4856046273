"""Lines of the log on their way out: those that nobody waits for go together."""

from __future__ import annotations

import asyncio
import atexit
from threading import Lock
from typing import BinaryIO, Final

_SECONDS: Final = 0.1


class LineLogger:
    """Writes lines to a file, for structlog: the methods are the levels.

    Lines up to level info that come while an event loop runs are written up to 100 ms later, all in one: a busy server
    has one for each call, and a system call for each takes longer than all the rest of it. Others are written at once,
    with what waits before them. What waits is written when the process ends, unless it is killed.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Write to a file, which stays open."""
        self._file = file
        self._lock = Lock()
        self._waiting: list[bytes] = []
        atexit.register(self.flush)

    def info(self, line: bytes) -> None:
        """Write a line soon."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # as in another thread
            self.warning(line)
            return
        with self._lock:
            self._waiting.append(line)
            is_first = len(self._waiting) == 1
        if is_first:
            loop.call_later(_SECONDS, self.flush)

    debug = info

    def warning(self, line: bytes) -> None:
        """Write a line now."""
        with self._lock:
            self._waiting.append(line)
        self.flush()

    error = critical = warning

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            # Taken first: when nobody reads any more, what cannot be written must not pile up.
            lines, self._waiting = self._waiting, []
            if lines:
                self._file.write(b"\n".join((*lines, b"")))
                self._file.flush()
