"""Deltas of text that come together go out together.

The first delta after a pause goes out at once. Those that follow within the window are joined into one event, which
goes out at the window's end, or sooner when it has grown large or when another event comes. Text and order stay the
same; a client sees fewer, larger events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

WINDOW_SECONDS = 0.02
"""How long a delta may wait for others. Below what a person notices, above the distance of tokens of a fast model."""

MAX_CHARACTERS = 2048
"""How much text may wait."""

Key = tuple[str, int]
"""The item, and the part of its message."""


class TextCoalescer:
    """Joins deltas of text. All of it happens in the event loop, without tasks of its own."""

    __slots__ = ("_buffer", "_emit", "_key", "_length", "_loop", "_sent_at", "_timer", "_window")

    def __init__(self, emit: Callable[[Key, str], None], *, window: float = WINDOW_SECONDS) -> None:
        """Make one for a run.

        Args:
            emit: Called with joined text.
            window: Seconds that a delta may wait. 0: none waits.
        """
        self._emit = emit
        self._window = window
        self._loop = asyncio.get_running_loop()
        self._buffer: list[str] = []
        self._length = 0
        self._key: Key = ("", 0)
        self._sent_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def add(self, key: Key, delta: str) -> None:
        """Take a delta: send it now, or keep it for a moment."""
        if self._buffer:
            if key != self._key:
                self.flush()
            else:
                self._buffer.append(delta)
                self._length += len(delta)
                if self._length >= MAX_CHARACTERS:
                    self.flush()
                return
        now = self._loop.time()
        wait = self._sent_at + self._window - now
        if wait <= 0 or key != self._key:
            self._key = key
            self._sent_at = now
            self._emit(key, delta)
            return
        self._buffer.append(delta)
        self._length = len(delta)
        self._timer = self._loop.call_later(wait, self.flush)

    def flush(self) -> None:
        """Send what waits. To be called before any other event goes out, and at the end."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        self._length = 0
        self._sent_at = self._loop.time()
        self._emit(self._key, text)
