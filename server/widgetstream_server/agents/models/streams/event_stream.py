"""Server-sent events: bytes in, the data of each event out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

MAX_EVENT_BYTES: Final = 8 * 1024 * 1024
"""How large an event may be. The last one of the Responses API repeats all of the response."""


# Of lines that say nothing here: comments, and fields beside the data.
_FIELDS: Final = (b":", b"event:", b"id:", b"retry:")


class EventTooLargeError(Exception):
    """An event is larger than ``MAX_EVENT_BYTES``, or never ends."""


class EventStream:
    """Splits a stream into events. It may be cut anywhere, also within a line break or a character.

    Lines end with CR, LF or both; comments and fields other than ``data`` are passed over. A line ``error:``
    counts as data that says so: one server sends its errors like that.
    """

    def __init__(self, limit: int = MAX_EVENT_BYTES) -> None:
        """Begin.

        Args:
            limit: How many bytes an event may have.
        """
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the data of the events that are complete with these bytes.

        Raises:
            EventTooLargeError: What came since the last event is more than one may have.
        """
        if self._pieces:
            if not self._may_end_event(data):
                self._keep(data)
                return
            data = b"".join((*self._pieces, data))
            self._pieces.clear()
            self._size = 0
        if b"\r" in data:
            held = data.endswith(b"\r")
            data = (data[:-1] if held else data).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            *events, rest = data.split(b"\n\n")
            rest += b"\r" if held else b""
        else:
            *events, rest = data.split(b"\n\n")
        if rest:
            self._keep(rest)
        for event in events:
            if event.startswith(b"data: ") and b"\n" not in event:
                yield event[6:]
            elif (found := _data_of(event)) is not None:
                yield found

    def rest(self) -> bytes:
        """Return what is left at the end of the stream: an event whose end was left out, what is none, or nothing."""
        left = b"".join(self._pieces).replace(b"\r", b"\n").strip(b"\n")
        self._pieces.clear()
        self._size = 0
        if not left:
            return b""
        found = _data_of(left)
        if found is None:
            return b"" if all(line.startswith(_FIELDS) for line in left.split(b"\n") if line) else left
        return found

    def _may_end_event(self, data: bytes) -> bool:
        # Joining all that waits with each piece that comes would take a quadratic time for a large event.
        return b"\n" in data or b"\r" in data or self._pieces[-1].endswith(b"\r")

    def _keep(self, data: bytes) -> None:
        self._pieces.append(data)
        self._size += len(data)
        if self._size > self._limit:
            raise EventTooLargeError


def _data_of(event: bytes) -> bytes | None:
    lines = []
    for line in event.split(b"\n"):
        field, colon, value = line.partition(b":")
        if field == b"data":
            lines.append(value.removeprefix(b" "))
        elif field == b"error" and colon:
            lines.append(b'{"error":' + (value.strip() or b'""') + b"}")
    return b"\n".join(lines) if lines else None
