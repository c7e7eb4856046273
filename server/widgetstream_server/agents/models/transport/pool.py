"""Connections to servers, kept for the next request."""

from __future__ import annotations

import asyncio
import contextvars
import ssl
from collections import deque
from functools import lru_cache

import httpx2

from widgetstream_server.agents.models.transport.body import EXTENSION
from widgetstream_server.agents.models.transport.connection import Connection

Origin = tuple[str, str, int]

_PORTS = {"http": 80, "https": 443}
# How many connections to a server are kept for later, and for how long. A server that closes one sooner is noticed.
_MAX_IDLE = 100
_IDLE_SECONDS = 30.0


class StreamTransport(httpx2.AsyncBaseTransport):
    """Sends requests over connections of its own, HTTP/1.1 with or without TLS, as many as are asked for.

    A token of a model that comes alone costs it a fifth of what the transport of ``httpx2`` takes; a reader
    that knows it gets at the bytes by ``body_of``. How many requests are under way is limited elsewhere, by how
    many runs there may be. It knows no proxies.
    """

    def __init__(self) -> None:
        """Make it; connections are opened when they are needed."""
        self._idle: dict[Origin, deque[tuple[Connection, float]]] = {}
        self._open: set[Connection] = set()
        self._tls: ssl.SSLContext | None = None

    @property
    def open_connections(self) -> int:
        """How many connections there are, idle ones included."""
        return len(self._open)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and return the response when its head is there; see ``httpx2.AsyncBaseTransport``."""
        content = b"".join([part async for part in request.stream])  # type: ignore[union-attr]
        head = _head(request, len(content))
        timeouts = request.extensions.get("timeout", {})
        origin = (request.url.scheme, request.url.host, request.url.port or _PORTS.get(request.url.scheme, 0))
        connection = self._take(origin) or await self._connect(origin, request, timeouts.get("connect"))
        answer = await connection.exchange(_bare(request.method, request.url), head, content, timeouts.get("read"))
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=answer.body, extensions={EXTENSION: answer.body}
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            connection.abort()

    def _take(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin)
        now = asyncio.get_running_loop().time()
        while idle:
            connection, until = idle.pop()
            if not connection.closed and until > now:
                return connection
            connection.abort()
        return None

    def _keep(self, origin: Origin, connection: Connection) -> None:
        idle = self._idle.setdefault(origin, deque())
        idle.append((connection, asyncio.get_running_loop().time() + _IDLE_SECONDS))
        if len(idle) > _MAX_IDLE:
            idle.popleft()[0].abort()

    def _forget(self, origin: Origin, connection: Connection) -> None:
        self._open.discard(connection)
        idle = self._idle.get(origin)
        if idle is None:
            return
        for entry in idle:
            if entry[0] is connection:
                idle.remove(entry)
                break
        if not idle:
            del self._idle[origin]

    async def _connect(self, origin: Origin, request: httpx2.Request, limit: float | None) -> Connection:
        scheme, host, port = origin
        if scheme not in _PORTS:
            raise httpx2.UnsupportedProtocol(f"{scheme} is not spoken here.", request=request)

        def make() -> Connection:
            return Connection(
                lambda connection: self._keep(origin, connection), lambda connection: self._forget(origin, connection)
            )

        tls = self._context() if scheme == "https" else None
        name = request.extensions.get("sni_hostname", host) if tls else None

        async def open_in_time() -> Connection:
            async with asyncio.timeout(limit):
                loop = asyncio.get_running_loop()
                return (await loop.create_connection(make, host, port, ssl=tls, server_hostname=name))[1]

        # A connection and a timer keep the context that they were made in, with all that this run has there.
        opening = asyncio.create_task(open_in_time(), context=contextvars.Context())
        try:
            connection = await opening
        except asyncio.CancelledError:
            opening.add_done_callback(_abandon)
            raise
        except TimeoutError as error:
            raise httpx2.ConnectTimeout("The server cannot be reached in time.", request=request) from error
        except OSError as error:
            raise httpx2.ConnectError("The server cannot be reached.", request=request) from error
        if not connection.closed:
            self._open.add(connection)
        return connection

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = httpx2.create_ssl_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls


@lru_cache(maxsize=64)
def _bare(method: str, url: httpx2.URL) -> httpx2.Request:
    """Return a request for errors to name, shared by all that are alike: what was asked is not kept with a response."""
    return httpx2.Request(method, url)


def _abandon(opening: asyncio.Task[Connection]) -> None:
    """Close a connection that was opened for nobody: its run was canceled just then."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().abort()


def _head(request: httpx2.Request, length: int) -> bytes:
    """Return the first line and the headers. The content is there as a whole, however it was to be sent."""
    lines = [request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1\r\n"]
    stated = False
    for name, value in request.headers.raw:
        key = name.lower()
        if key == b"transfer-encoding":
            continue
        stated = stated or key == b"content-length"
        lines.append(name + b": " + value + b"\r\n")
    if length and not stated:
        lines.append(b"Content-Length: %d\r\n" % length)
    lines.append(b"\r\n")
    return b"".join(lines)
