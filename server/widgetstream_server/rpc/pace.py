"""Streams whose reader does not keep up: they are ended, so that they hold nothing for ever.

A write waits while the connection takes no more: no more than one message of a stream is held for it here, however long
the run's log grows. What is bounded here is how long that may last.
"""

from __future__ import annotations

import asyncio

from widgetstream_server.conversation.errors import ReaderTooSlowError
from widgetstream_server.rpc.methods import Context


class Pace:
    """Watches the writes of one stream. One timer a stream, which looks when it fires how long the write has lasted."""

    __slots__ = ("_began", "_late", "_loop", "_task", "_timeout", "_timer")

    def __init__(self, timeout: float) -> None:
        """Watch the running task.

        Args:
            timeout: Seconds that a write may take.
        """
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._began = 0.0
        self._late = False
        self._timer: asyncio.TimerHandle | None = None

    async def write(self, context: Context, frame: bytes) -> None:
        """Send a message.

        Raises:
            ReaderTooSlowError: The reader took too long.
        """
        self._began = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._timeout, self._look)
        try:
            await context.write(frame)
        except asyncio.CancelledError:
            if not self._late or self._task is None or self._task.uncancel():
                raise
            raise ReaderTooSlowError from None
        self._began = 0.0

    def close(self) -> None:
        """Give up the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if not self._began:
            return
        left = self._began + self._timeout - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        elif self._task is not None:
            self._late = True
            self._task.cancel()
