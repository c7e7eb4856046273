"""The way from tools and the model to the reader of a run: one bounded queue, in the order of what happened."""

from __future__ import annotations

import asyncio

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

# Enough that a model and a reader of equal speed need not take turns at every token; so little that a model
# or a tool that is far ahead of its reader waits, and an abandoned run holds a few widgets (of at most 256
# KiB each), not all.
LIMIT = 32


class Outbox:
    """Events on their way to one reader.

    What produces events waits for ``room()`` and then pushes; what was pushed is read in that order. The
    bound is soft: it can be passed by the few events that belong to one step, and by one such step of each
    producer.
    """

    __slots__ = ("_blocked", "_closed", "_ended", "_events", "_failure", "_limit", "_reader")

    def __init__(self, limit: int = LIMIT) -> None:
        """Make an empty outbox.

        Args:
            limit: How many events may wait for the reader before producers do.
        """
        self._limit = limit
        # Of so few, a list takes a tenth of the memory of a deque.
        self._events: list[WidgetEvent] = []
        self._blocked: list[asyncio.Future[None]] = []
        self._reader: asyncio.Future[None] | None = None
        self._failure: Exception | None = None
        self._ended = False
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether producers should wait."""
        return len(self._events) >= self._limit and not self._closed

    async def room(self) -> None:
        """Wait until there is room for one more event, or until nobody reads any more."""
        while self.full:
            waiter = asyncio.get_running_loop().create_future()
            self._blocked.append(waiter)
            await waiter

    def push(self, event: WidgetEvent) -> None:
        """Add an event. When nobody reads any more, or the reader is to fail, it goes nowhere."""
        if self._closed or self._failure is not None:
            return
        self._events.append(event)
        self._wake_reader()

    def begin(self) -> None:
        """Start being read. What was pushed before is read first, unless an earlier reader left it."""
        self._failure = None
        self._ended = self._closed = False

    def end(self) -> None:
        """Say that nothing more comes: the reader ends after what is there."""
        self._ended = True
        self._wake_reader()

    def fail(self, error: Exception) -> None:
        """Let the reader fail after what is there. The first failure counts."""
        if self._failure is None:
            self._failure = error
        self._wake_reader()

    def close(self) -> None:
        """Say that nobody reads any more. Whoever waits for room goes on, and its events go nowhere."""
        self._closed = True
        self._events.clear()
        self._wake_producers()

    def take(self) -> WidgetEvent | None:
        """Return the next event if there is one."""
        if not self._events:
            return None
        event = self._events.pop(0)
        if self._blocked:
            self._wake_producers()
        return event

    async def more(self) -> bool:
        """Wait for events. False: nothing more comes.

        Raises:
            Exception: What ``fail`` was called with.
        """
        while not self._events:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                return False
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return True

    def _wake_reader(self) -> None:
        reader = self._reader
        if reader is not None and not reader.done():
            reader.set_result(None)

    def _wake_producers(self) -> None:
        blocked, self._blocked = self._blocked, []
        for waiter in blocked:
            if not waiter.done():
                waiter.set_result(None)
