"""The body of a response, as it comes."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

import httpx2

from widgetstream_server.conversation.coalesce import WINDOW_SECONDS
from widgetstream_server.conversation.pulse import Pulse, Ticket

if TYPE_CHECKING:
    from widgetstream_server.agents.models.transport.connection import Connection

EXTENSION: Final = "widgetstream.body"
"""Under which name a response carries its body, among the extensions."""

# What may wait for its reader before the server does.
_LIMIT = 256 * 1024
# In a busy process, what wakes the reader before the window's end: more than usual tokens bring in that time.
_LARGE = 8 * 1024
# How long a server may take to end a response whose meaning is complete, before the connection is given up.
_ENDING_SECONDS = 1.0


class Body(httpx2.AsyncByteStream):
    """The bytes of a body. One reader at a time, who in a busy process gets them a moment later and more at a time.

    Attributes:
        request: What errors name: the request without what was asked.
        framed: Whether the server says where it ends. Otherwise it ends with the connection, and whether it is
            complete cannot be told.
    """

    def __init__(
        self, connection: Connection, loop: asyncio.AbstractEventLoop, request: httpx2.Request, timeout: float | None
    ) -> None:
        """Make an empty body.

        Args:
            connection: Where it comes from.
            loop: The loop.
            request: What errors name.
            timeout: Seconds for which the server may be silent.
        """
        self._connection = connection
        self._loop = loop
        self.request = request
        self._timeout = timeout
        self._pieces: list[bytes] = []
        self._size = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._pulse = Pulse.current()
        self._woken_at = float("-inf")
        self._ticket: Ticket | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._failure: httpx2.TransportError | None = None
        self._ended = False
        self._left = False
        self.framed = False

    async def read(self) -> bytes:
        """Return all that came since the last time, and wait for something if nothing did. Empty: the end.

        Raises:
            httpx2.ReadTimeout: The server was silent for too long.
            httpx2.TransportError: The connection broke.
        """
        while not self._pieces:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                return b""
            await self._wait()
        pieces = self._pieces
        self._pieces = []
        self._size = 0
        if self._paused:
            self._paused = False
            self._connection.resume()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        if self._timeout is not None:
            # One timer for all waits of a body: setting one for each would cost more than the reading.
            self._deadline = self._loop.time() + self._timeout
            if self._timer is None:
                self._set_timer(self._deadline)
        try:
            await self._waiter
        except asyncio.CancelledError:
            self._connection.abort()
            raise
        finally:
            self._waiter = None

    def _check_deadline(self) -> None:
        self._timer = None
        if self._ended or self._failure is not None:
            return
        if self._waiter is not None and self._loop.time() >= self._deadline:
            self.fail(httpx2.ReadTimeout("The server fell silent.", request=self.request))
            self._connection.abort()
        elif self._timeout is not None:
            self._set_timer(max(self._deadline, self._loop.time() + 0.01))

    def _set_timer(self, when: float) -> None:
        # Loops may keep timers that were canceled until their time, and with them the context.
        self._timer = self._loop.call_at(when, self._check_deadline, context=contextvars.Context())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces, as ``httpx2`` reads a body."""
        while piece := await self.read():
            yield piece

    async def aclose(self) -> None:
        """End reading. A body that has not come whole closes its connection."""
        if self._left:
            return
        if not self._ended:
            self._connection.abort()
        self._over()

    def leave(self) -> None:
        """End reading: what follows does not matter, and the connection is of use again when it has come."""
        self._left = True
        self._pieces.clear()
        if self._paused:
            self._paused = False
            self._connection.resume()
        if not self._ended and self._failure is None:
            self._over()
            self._timer = self._loop.call_later(_ENDING_SECONDS, self._connection.abort, context=contextvars.Context())

    # From the connection

    def add(self, data: bytes) -> None:
        """A piece came."""
        if self._left:
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._size > _LIMIT and not self._paused:
            self._paused = True
            self._connection.pause()
        if self._ticket is not None:
            if self._size >= _LARGE:
                self._wake()
            return
        now = self._loop.time()
        if now - self._woken_at < WINDOW_SECONDS and self._size < _LARGE and self._pulse.is_busy(now):
            self._ticket = self._pulse.call_at(now + WINDOW_SECONDS, self._wake)
        else:
            self._wake()

    def end(self) -> None:
        """All came."""
        self._ended = True
        self._over()
        self._wake()

    def fail(self, error: httpx2.TransportError) -> None:
        """No more comes, though there is more."""
        if not self._ended and self._failure is None:
            self._failure = error
        self._over()
        self._wake()

    def _over(self) -> None:
        self._take_back()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._take_back()
        if self._waiter is not None and not self._waiter.done():
            self._woken_at = self._loop.time()
            self._waiter.set_result(None)

    def _take_back(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None


def body_of(response: httpx2.Response) -> Body | None:
    """Return the body of a response of ours, unless it is encoded. None: it has to be read in the common way."""
    body = response.extensions.get(EXTENSION)
    return body if isinstance(body, Body) and "content-encoding" not in response.headers else None
