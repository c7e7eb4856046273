"""Deltas of text that come together go out together.

The first delta after a pause goes out at once. Those that follow are joined into one event, which goes out when its
first has waited for a moment, or sooner when it has grown large or when another event comes. How long a moment is
depends on how busy the process is. When readers have not taken yet what there is, more would only queue up for them:
then a busy process lets text wait until one of them is ready. Text and order stay the same; a client sees fewer, larger
events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from widgetstream_server.conversation.pulse import Pulse, Ticket

WINDOW_SECONDS = 0.025
"""How long a delta may wait for others. Below what a person notices, above the distance of tokens of a usual model."""

MAX_CHARACTERS = 2048
"""How much text may wait."""

HOLD_SECONDS = 0.2
"""How long text may wait in all for a reader that is not ready."""

# In a process that has time, the part of the window within which deltas are a burst. Others do not wait.
_BURST = 0.4

Key = tuple[str, int]
"""The item, and the part of its message."""


class Readers(Protocol):
    """Those who read what goes out.

    Attributes:
        on_ready: Called when one of them has got all there is, and waits for more.
    """

    on_ready: Callable[[], None] | None

    @property
    def behind(self) -> bool:
        """Whether there are readers, and none of them has got all there is yet."""


class TextCoalescer:
    """Joins deltas of text. All of it happens in the event loop, without tasks of its own."""

    __slots__ = (
        "_buffer",
        "_burst",
        "_emit",
        "_key",
        "_length",
        "_loop",
        "_pulse",
        "_readers",
        "_sent_at",
        "_ticket",
        "_window",
    )

    def __init__(
        self,
        emit: Callable[[Key, str], None],
        *,
        window: float = WINDOW_SECONDS,
        pulse: Pulse | None = None,
        readers: Readers | None = None,
    ) -> None:
        """Make one for a run.

        Args:
            emit: Called with joined text.
            window: Seconds that a delta may wait. 0: none waits.
            pulse: Tells how busy the process is, and wakes. None: the running loop's.
            readers: Those who read. None: nobody waits for them.
        """
        self._emit = emit
        self._window = window
        self._burst = window * _BURST
        self._pulse = pulse or Pulse.current()
        self._readers = readers
        self._loop = asyncio.get_running_loop()
        self._buffer: list[str] = []
        self._length = 0
        self._key: Key = ("", 0)
        self._sent_at = float("-inf")
        self._ticket: Ticket | asyncio.TimerHandle | None = None

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
        busy = self._pulse.is_busy(now)
        readers = self._readers
        due = self._sent_at + (self._window if busy else self._burst)
        if key != self._key or (now >= due and not (busy and readers is not None and readers.behind)):
            self._key = key
            self._sent_at = now
            self._emit(key, delta)
            return
        self._buffer.append(delta)
        self._length = len(delta)
        if now >= due:
            self._hold(HOLD_SECONDS)
        else:
            self._ticket = self._pulse.call_at(now + self._window if busy else due, self._window_over)

    def _window_over(self) -> None:
        self._ticket = None
        if self._readers is None or not self._readers.behind or not self._pulse.is_busy(self._loop.time()):
            self.flush()
        else:
            self._hold(HOLD_SECONDS - self._window)

    def _hold(self, seconds: float) -> None:
        if self._readers is not None:
            self._readers.on_ready = self.flush
        self._ticket = self._pulse.call_later(seconds, self.flush)

    def flush(self) -> None:
        """Send what waits. To be called before any other event goes out, and at the end."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        if self._readers is not None:
            self._readers.on_ready = None
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        self._length = 0
        self._sent_at = self._loop.time()
        self._emit(self._key, text)
