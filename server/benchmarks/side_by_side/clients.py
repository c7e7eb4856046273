"""Clients that take as little as can be: the load must not be what is measured.

Over gRPC, HTTP/2 is written by hand: a connection carries many streams, windows are opened once and for good, headers
are literals, and of what comes only the frames' heads are looked at. Over HTTP/1.1 each stream has its connection.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import cast

from benchmarks.side_by_side.arrivals import Arrivals

_DATA, _HEADERS, _RST_STREAM, _SETTINGS, _PING, _GOAWAY = 0, 1, 3, 4, 6, 7
_END_STREAM, _ACK, _END_HEADERS = 1, 1, 4
_LARGEST_WINDOW = 2**31 - 1
_DEFAULT_WINDOW = 65_535
_FRAME_HEAD = 9


class GrpcConnection(asyncio.Protocol):
    """A connection of many calls."""

    def __init__(self) -> None:
        """Begin without any."""
        self._transport: asyncio.Transport
        self._streams: dict[int, Arrivals] = {}
        self._next_id = 1
        self._rest = b""

    @classmethod
    async def open(cls, port: int) -> GrpcConnection:
        """Connect."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def call(self, path: str, request: bytes, metadata: Mapping[str, str]) -> Arrivals:
        """Call a method with one message."""
        arrivals = Arrivals()
        number, self._next_id = self._next_id, self._next_id + 2
        self._streams[number] = arrivals
        headers = {
            ":method": "POST",
            ":scheme": "http",
            ":path": path,
            ":authority": "127.0.0.1",
            "te": "trailers",
            "content-type": "application/grpc",
            **metadata,
        }
        message = b"\0" + len(request).to_bytes(4) + request
        arrivals.asked_at = time.monotonic_ns()
        self._transport.write(
            _frame(_HEADERS, _END_HEADERS, number, b"".join(_literal(*header) for header in headers.items()))
            + _frame(_DATA, _END_STREAM, number, message)
        )
        return arrivals

    def cancel(self, arrivals: Arrivals) -> None:
        """Give a call up."""
        for number, known in list(self._streams.items()):
            if known is arrivals:
                self._transport.write(_frame(_RST_STREAM, 0, number, (8).to_bytes(4)))
                self._end(number)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello, with windows that never close."""
        self._transport = cast("asyncio.Transport", transport)
        # No dynamic table of headers; the streams' windows.
        settings = (1).to_bytes(2) + (0).to_bytes(4) + (4).to_bytes(2) + _LARGEST_WINDOW.to_bytes(4)
        window = (_LARGEST_WINDOW - _DEFAULT_WINDOW).to_bytes(4)
        self._transport.write(
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(_SETTINGS, 0, 0, settings) + _frame(8, 0, 0, window)
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """End all streams."""
        for arrivals in self._streams.values():
            arrivals.close()

    def data_received(self, data: bytes) -> None:
        """Take frames apart."""
        now = time.monotonic_ns()
        if self._rest:
            data = self._rest + data
        at, size = 0, len(data)
        while size - at >= _FRAME_HEAD:
            start = at + _FRAME_HEAD
            end = start + (data[at] << 16 | data[at + 1] << 8 | data[at + 2])
            if end > size:
                break
            kind, flags = data[at + 3], data[at + 4]
            number = int.from_bytes(data[at + 5 : start])
            if kind == _DATA:
                if end > start and number in self._streams:
                    self._streams[number].add(now, data[start:end])
            elif kind == _PING and not flags & _ACK:
                self._transport.write(_frame(_PING, _ACK, 0, data[start:end]))
            elif kind == _SETTINGS and not flags & _ACK:
                self._transport.write(_frame(_SETTINGS, _ACK, 0, b""))
            if (kind in (_DATA, _HEADERS) and flags & _END_STREAM) or kind == _RST_STREAM:
                self._end(number)
            at = end
        self._rest = data[at:]

    def _end(self, number: int) -> None:
        arrivals = self._streams.pop(number, None)
        if arrivals is not None:
            arrivals.close()


class SseConnection(asyncio.Protocol):
    """One request over HTTP/1.1, and its answer."""

    def __init__(self, request: bytes) -> None:
        """Take the request."""
        self.arrivals = Arrivals()
        self._request = request
        self._transport: asyncio.Transport

    @classmethod
    async def open(cls, port: int, path: str, body: bytes, headers: Mapping[str, str]) -> SseConnection:
        """Connect, and send a request."""
        lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
        lines += ["content-type: application/json", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        request = "\r\n".join(lines).encode() + body
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: cls(request), "127.0.0.1", port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the request."""
        self._transport = cast("asyncio.Transport", transport)
        self.arrivals.asked_at = time.monotonic_ns()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Keep what came."""
        self.arrivals.add(time.monotonic_ns(), data)
        if data.endswith(b"0\r\n\r\n"):
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        self.arrivals.close()

    def close(self) -> None:
        """Go away."""
        self._transport.close()


def _frame(kind: int, flags: int, number: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3) + bytes((kind, flags)) + number.to_bytes(4) + payload


def _literal(name: str, value: str) -> bytes:
    return b"\0" + _text(name) + _text(value)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return bytes(_integer(len(encoded))) + encoded


def _integer(value: int) -> Sequence[int]:
    if value < 0x7F:
        return (value,)
    value -= 0x7F
    coded = [0x7F]
    while value > 0x7F:
        coded.append(value & 0x7F | 0x80)
        value >>= 7
    return [*coded, value]
