"""A connection to a server that speaks HTTP/1.1: one exchange after another."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import cast

import httptools
import httpx2

from widgetstream_server.agents.models.transport.body import Body

Headers = list[tuple[bytes, bytes]]

# What a server may send before its response begins to have a body.
_MAX_HEAD = 128 * 1024
# What is read of the body of a refusal. No server that means well says more.
_MAX_REFUSAL = 256 * 1024


class Head:
    """The beginning of a response.

    Attributes:
        status: The status code.
        headers: The headers, as they came.
        body: What follows.
    """

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Headers, body: Body) -> None:
        """Keep what came."""
        self.status = status
        self.headers = headers
        self.body = body


class Connection(asyncio.Protocol):
    """One connection. What the server sends while nothing was asked closes it.

    Attributes:
        closed: Whether it is of no use any more.
    """

    def __init__(self, on_idle: Callable[[Connection], None], on_closed: Callable[[Connection], None]) -> None:
        """Make a connection that is not open yet.

        Args:
            on_idle: Called when an exchange is over, and another may begin.
            on_closed: Called when it is closed.
        """
        self._loop = asyncio.get_running_loop()
        self._on_idle = on_idle
        self._on_closed = on_closed
        self._transport: asyncio.Transport
        self._parser: httptools.HttpResponseParser | None = None
        self._request: httpx2.Request | None = None
        self._head: asyncio.Future[Head] | None = None
        self._headers: Headers = []
        self._head_bytes = 0
        self._status = 0
        self._body: Body | None = None
        self._room = 0
        self.closed = False

    # An exchange

    async def exchange(self, request: httpx2.Request, head: bytes, content: bytes, read_timeout: float | None) -> Head:
        """Send a request and return the beginning of the response. When canceled, the connection is closed.

        Args:
            request: What errors name; it need not have what is sent.
            head: Its first line and headers.
            content: Its body.
            read_timeout: Seconds for which the server may be silent, now and later.

        Raises:
            httpx2.ReadTimeout: The server was silent for too long.
            httpx2.RemoteProtocolError: It sent what is no response, or nothing.
            httpx2.ReadError: The connection broke.
        """
        if self.closed:
            raise httpx2.ReadError("The server closed the connection.", request=request)
        self._request = request
        self._parser = httptools.HttpResponseParser(self)
        self._headers = []
        self._head_bytes = self._status = 0
        waiting: asyncio.Future[Head] = self._loop.create_future()
        self._head = waiting
        self._body = Body(self, self._loop, request, read_timeout)
        self._transport.writelines((head, content) if content else (head,))
        timer = None
        if read_timeout is not None:
            timer = self._loop.call_later(read_timeout, self._fall_silent, context=contextvars.Context())
        try:
            return await waiting
        finally:
            if timer is not None:
                timer.cancel()
            if not waiting.done() or waiting.cancelled() or waiting.exception() is not None:
                self.abort()

    def _fall_silent(self) -> None:
        self._fail(httpx2.ReadTimeout("The server does not answer.", request=self._request))

    # From the body

    def pause(self) -> None:
        """Read no further for now; the server then waits."""
        if not self.closed:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if not self.closed:
            self._transport.resume_reading()

    def abort(self) -> None:
        """Close the connection at once, whatever is under way."""
        if not self.closed:
            self.closed = True
            self._transport.abort()
            self._on_closed(self)

    # From the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """The server has sent something."""
        if self._parser is None:
            self.abort()
            return
        if self._head is not None:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(_protocol_error("The server does not speak HTTP.", self._request))
            return
        if self._head is not None and self._head_bytes > _MAX_HEAD:
            self._fail(_protocol_error("The head of the response is too long.", self._request))

    def eof_received(self) -> bool:
        """The server sends no more. A body without a stated length ends with that."""
        if self._parser is not None and self._head is None and self._body is not None and not self._body.framed:
            self._body.end()
            self._parser = None
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.closed = True
        if self._parser is not None and (self._head is not None or self._body is not None):
            broke = "The connection broke." if exc is not None or self._head is None else "The server sent nothing."
            kind = httpx2.ReadError if exc is not None else httpx2.RemoteProtocolError
            self._fail(kind(broke, request=self._request))
        self._on_closed(self)

    # From the parser

    def on_message_begin(self) -> None:
        """A response begins. One that nobody asked for makes the connection useless."""
        if self._parser is None:
            self.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header was read."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head was read."""
        parser, head, body = self._parser, self._head, self._body
        if parser is None or head is None or body is None:
            return
        self._status = parser.get_status_code()
        if self._status < 200:
            return
        self._head = None
        body.framed = any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in self._headers)
        self._room = _MAX_REFUSAL
        headers, self._headers = self._headers, []
        if not head.done():
            head.set_result(Head(self._status, headers, body))

    def on_body(self, data: bytes) -> None:
        """A piece of the body was read."""
        body = self._body
        if body is None:
            return
        body.add(data)
        if self._status >= 400:
            self._room -= len(data)
            if self._room <= 0:
                self._body = None
                body.end()
                self.abort()

    def on_message_complete(self) -> None:
        """The response is complete; one of 1xx is followed by the real one."""
        if self._status < 200:
            self._headers = []
            return
        parser, body = self._parser, self._body
        self._parser = self._body = None
        if body is not None:
            body.end()
        if parser is not None and parser.should_keep_alive() and not self.closed:
            self.resume()
            self._on_idle(self)
        else:
            self.abort()

    def _fail(self, error: httpx2.TransportError) -> None:
        head, body = self._head, self._body
        self._parser = self._head = self._body = None
        if head is not None and not head.done():
            head.set_exception(error)
        if body is not None:
            body.fail(error)
        self.abort()


def _protocol_error(text: str, request: httpx2.Request | None) -> httpx2.RemoteProtocolError:
    return httpx2.RemoteProtocolError(text, request=request)
