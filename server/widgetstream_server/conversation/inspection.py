"""Content compared with what was declared of it, while it comes."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from widgetstream_server.conversation.errors import AttachmentMismatchError
from widgetstream_server.conversation.media_types import HEAD_BYTES, IMAGE_TYPES, image_type


class Inspection:
    """Looks at one upload."""

    def __init__(self, *, size: int, mime_type: str, sha256: bytes) -> None:
        """Take what was declared.

        Args:
            size: In bytes.
            mime_type: The media type. Those of images are compared with the content; others are taken at their word.
            sha256: The hash. Empty: none.
        """
        self._size = size
        self._mime_type = mime_type
        self._sha256 = sha256
        self._hash = hashlib.sha256()
        self._seen = 0
        self._head = b""

    @property
    def sha256(self) -> bytes:
        """The hash of what has come so far."""
        return self._hash.digest()

    async def checked(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the pieces that are not empty, as long as they can be what was declared.

        Raises:
            AttachmentMismatchError: They cannot, as soon as that shows.
        """
        async for piece in pieces:
            if piece:
                self._look_at(piece)
                yield piece
        if self._seen < self._size:
            raise AttachmentMismatchError.of("size", f"{self._size} bytes were declared, and {self._seen} came")
        if self._size < HEAD_BYTES:
            self._check_head()
        if self._sha256 and self.sha256 != self._sha256:
            raise AttachmentMismatchError.of("sha256", "is not that of the content")

    def _look_at(self, piece: bytes) -> None:
        self._seen += len(piece)
        if self._seen > self._size:
            raise AttachmentMismatchError.of("size", f"{self._size} bytes were declared, and more came")
        if len(self._head) < HEAD_BYTES:
            self._head += piece[: HEAD_BYTES - len(self._head)]
            if len(self._head) == HEAD_BYTES:
                self._check_head()
        self._hash.update(piece)

    def _check_head(self) -> None:
        if self._mime_type in IMAGE_TYPES and image_type(self._head) != self._mime_type:
            raise AttachmentMismatchError.of("mime_type", f"the content is not {self._mime_type}")
