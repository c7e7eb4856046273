"""A generator of load over HTTP/1.1 that costs little: it sends the same request again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from benchmarks.measure import BenchmarkFailed

_HEAD_ENDS = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it.

    Attributes:
        requests: How many requests were answered in the time measured.
        seconds: That time.
        milliseconds: How long each of them took.
    """

    requests: int
    seconds: float
    milliseconds: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def post(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a request as it goes over the wire."""
    head = {"host": "localhost", "content-type": "application/json", "content-length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join(lines).encode() + _HEAD_ENDS + body


async def load(port: int, request: bytes, *, connections: int, warm_up: float, seconds: float) -> Load:
    """Repeat a request on a number of connections, one at a time on each, and return what came in the time measured.

    Raises:
        BenchmarkFailed: An answer was none with status 200, or a connection was closed.
    """
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[str] = loop.create_future()
    samples: list[tuple[int, int]] = []
    every = [_Connection(request, samples, failed) for _ in range(connections)]
    transports = [(await loop.create_connection(lambda one=one: one, "127.0.0.1", port))[0] for one in every]  # type: ignore[misc]
    try:
        await asyncio.wait([failed], timeout=warm_up)
        samples.clear()
        began = time.monotonic_ns()
        await asyncio.wait([failed], timeout=seconds)
        ended = time.monotonic_ns()
        answered = [end - begin for begin, end in samples]
        if failed.done():
            raise BenchmarkFailed(failed.result())
    finally:
        failed.cancel()
        for transport in transports:
            transport.abort()
    return Load(len(answered), (ended - began) / 1e9, [each / 1e6 for each in answered])


class _Connection(asyncio.Protocol):
    """One connection, and the request under way on it."""

    def __init__(self, request: bytes, samples: list[tuple[int, int]], failed: asyncio.Future[str]) -> None:
        self._request = request
        self._samples = samples
        self._failed = failed
        self._transport: asyncio.Transport
        self._received = bytearray()
        self._ends_at = 0
        self._began = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is none by its class
        self._send()

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if not self._ends_at:
            head_end = received.find(_HEAD_ENDS)
            if head_end < 0:
                return
            self._ends_at = self._end_of(bytes(received[:head_end]).lower(), head_end + len(_HEAD_ENDS))
        if received.endswith(_LAST_CHUNK) if self._ends_at < 0 else len(received) >= self._ends_at:
            self._samples.append((self._began, time.monotonic_ns()))
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._failed.done():
            self._failed.set_result("a connection was closed")

    def _send(self) -> None:
        self._received.clear()
        self._ends_at = 0
        self._began = time.monotonic_ns()
        self._transport.write(self._request)

    def _end_of(self, head: bytes, body_begins: int) -> int:
        """Return where the answer ends. Below 0: with its last chunk."""
        if b" 200 " not in head[:16]:
            if not self._failed.done():
                self._failed.set_result(f"the answer is {head[:64].decode('latin-1')!r}")
            self._transport.abort()
        for line in head.split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return body_begins + int(line[15:])
        return -1
