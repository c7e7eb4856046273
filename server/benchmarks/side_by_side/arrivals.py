"""What a client of a stream keeps while it streams: the bytes and when they came. They are read when all is over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent


class Arrivals:
    """One stream as it came in.

    Attributes:
        asked_at: When the request was sent, in ns of the monotonic clock.
        pieces: When bytes came, and which.
        began: Set when the first have come.
        ended: Set when no more will come.
    """

    __slots__ = ("asked_at", "began", "ended", "pieces")

    def __init__(self) -> None:
        """Begin empty."""
        self.asked_at = 0
        self.pieces: list[tuple[int, bytes]] = []
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    def add(self, now: int, data: bytes) -> None:
        """Keep what came."""
        if not self.pieces:
            self.began.set()
        self.pieces.append((now, data))

    @property
    def size(self) -> int:
        """How many bytes came."""
        return sum(len(data) for _, data in self.pieces)

    def close(self) -> None:
        """Say that no more will come."""
        self.began.set()
        self.ended.set()


def grpc_messages(arrivals: Arrivals) -> Iterator[tuple[int, bytes]]:
    """Yield the messages of a stream of gRPC, and when the last byte of each came."""
    rest = b""
    for now, data in arrivals.pieces:
        rest = rest + data if rest else data
        at = 0
        while len(rest) - at >= 5:
            end = at + 5 + int.from_bytes(rest[at + 1 : at + 5])
            if end > len(rest):
                break
            yield now, rest[at + 5 : end]
            at = end
        rest = rest[at:]


def sse_frames(arrivals: Arrivals) -> Iterator[tuple[int, bytes]]:
    """Yield the frames of a stream of server-sent events in HTTP/1.1 chunks, and when the last byte of each came."""
    rest, text, in_body = b"", b"", False
    for now, data in arrivals.pieces:
        rest += data
        if not in_body:
            head, found, body = rest.partition(b"\r\n\r\n")
            if not found:
                continue
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise ValueError(rest.decode("utf-8", "replace"))
            rest, in_body = body, True
        while (end := rest.find(b"\r\n")) > 0:
            length = int(rest[:end], 16)
            if len(rest) < end + length + 4:
                break
            text += rest[end + 2 : end + 2 + length]
            rest = rest[end + length + 4 :]
        *frames, text = text.split(b"\n\n")
        for frame in frames:
            yield now, frame


def grpc_delta(message: bytes) -> str:
    """Return the text that an event of the typed service appends. Empty: none."""
    return WidgetEvent.FromString(message).item_updated.update.text_delta.delta
