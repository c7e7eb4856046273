"""The file in a ``multipart/form-data`` body (RFC 7578), as it comes in: never more than a piece of it is held."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final

from widgetstream_server.conversation.errors import InvalidArgumentError

_MAX_HEADER_BYTES: Final = 16 * 1024
_MAX_FIELD_BYTES: Final = 64 * 1024
_MAX_BOUNDARY: Final = 70


def is_form(content_type: str) -> bool:
    """Whether a body is a form."""
    return content_type.partition(";")[0].strip().lower() == "multipart/form-data"


class FormFile:
    """The first file of a form. What stands before and after it is passed over.

    All methods raise ``InvalidArgumentError`` for ``content`` when the body is no such form.
    """

    def __init__(self, content_type: str, pieces: AsyncIterator[bytes]) -> None:
        """Take the type of the body, which has the boundary, and the body in pieces in order."""
        header = Message()
        header["content-type"] = content_type
        boundary = header.get_param("boundary")
        if not isinstance(boundary, str) or not boundary.isascii() or not 0 < len(boundary) <= _MAX_BOUNDARY:
            raise _wrong("must have its boundary in the content type")
        self._delimiter = b"\r\n--" + boundary.encode()
        self._pieces = pieces
        # The first boundary has no line before it.
        self._buffer = b"\r\n"

    async def open(self) -> str:
        """Go to the file, and return its type; empty when that is not said."""
        await self._until(self._delimiter, _MAX_FIELD_BYTES)
        while True:
            header = await self._header()
            if header.get_filename() is not None:
                return header.get("content-type", "")
            await self._until(self._delimiter, _MAX_FIELD_BYTES)

    async def content(self) -> AsyncIterator[bytes]:
        """Yield the content of the file in pieces in order."""
        kept = len(self._delimiter) - 1
        while (end := self._buffer.find(self._delimiter)) < 0:
            ready, self._buffer = self._buffer[:-kept], self._buffer[-kept:]
            if ready:
                yield ready
            await self._more()
        yield self._buffer[:end]
        # Read to its end: a caller whose body is not taken hears no answer.
        async for _ in self._pieces:
            pass

    async def _header(self) -> Message:
        """Return the header of the part that begins after a boundary."""
        while len(self._buffer) < 2:
            await self._more()
        if not self._buffer.startswith(b"\r\n"):
            raise _wrong("must have a file in the form")
        self._buffer = self._buffer[2:]
        if self._buffer.startswith(b"\r\n"):
            return Message()
        raw = await self._until(b"\r\n\r\n", _MAX_HEADER_BYTES)
        try:
            return BytesHeaderParser().parsebytes(raw)
        except MessageError:
            raise _wrong("must be a form with headers as mail has them") from None

    async def _until(self, mark: bytes, most: int) -> bytes:
        """Return what comes before a mark, and go behind that."""
        while (end := self._buffer.find(mark)) < 0:
            if len(self._buffer) > most:
                raise _wrong(f"must have nothing longer than {most} bytes before the file of the form")
            await self._more()
        found, self._buffer = self._buffer[:end], self._buffer[end + len(mark) :]
        return found

    async def _more(self) -> None:
        piece = await anext(self._pieces, None)
        if piece is None:
            raise _wrong("must be a whole form with a file in it")
        self._buffer += piece


def _wrong(rule: str) -> InvalidArgumentError:
    return InvalidArgumentError.of("content", rule)
