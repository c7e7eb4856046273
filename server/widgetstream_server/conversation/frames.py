"""Messages of a stream, kept in little memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from widgetstream_server.conversation.journal import pack, unpack

# A short message of its own takes more than twice its length. Readers mostly want the last few.
_PIECE = 16
# Updates of an item are nearly alike: compressed, they take a quarter. It costs less than half a microsecond for each;
# what is larger than usual events are stays as it is, for it would hold up the loop.
_MOST_COMPRESSED = 32 * 1024
# No header, and tables that fit such pieces.
_LEVEL, _WINDOW, _TABLES = 1, -12, 5


class Frames:
    """Messages in order. The older ones are joined and compressed, and taken apart for whoever is that far behind."""

    __slots__ = ("_joined", "_pieces", "_recent")

    def __init__(self) -> None:
        """Begin with none."""
        self._recent: list[bytes] = []
        # How many there are in each, and how long it is when it is not compressed; 0: it is not.
        self._pieces: list[tuple[int, int, bytes]] = []
        self._joined = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return self._joined + len(self._recent)

    @property
    def size(self) -> int:
        """How many bytes are held for them."""
        return sum(len(piece) for _, _, piece in self._pieces) + sum(map(len, self._recent))

    def append(self, frame: bytes) -> None:
        """Add one."""
        self._recent.append(frame)
        if len(self._recent) >= 2 * _PIECE:
            self._join(_PIECE)

    def extend(self, frames: Iterable[bytes]) -> None:
        """Add several."""
        for frame in frames:
            self.append(frame)

    def after(self, count: int) -> list[bytes]:
        """Return those that follow the first so many."""
        if count >= self._joined:
            return self._recent[count - self._joined :]
        found: list[bytes] = []
        passed = 0
        for number, size, piece in self._pieces:
            if passed + number > count:
                packed = zlib.decompress(piece, _WINDOW, size) if size else piece
                found += unpack(packed)[max(count - passed, 0) :]
            passed += number
        return found + self._recent

    def settle(self) -> None:
        """No more will come: join what is left."""
        if self._recent:
            self._join(len(self._recent))

    def _join(self, count: int) -> None:
        packed = pack(self._recent[:count])
        if len(packed) > _MOST_COMPRESSED:
            self._pieces.append((count, 0, packed))
        else:
            compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _TABLES)
            self._pieces.append((count, len(packed), compressor.compress(packed) + compressor.flush()))
        self._joined += count
        del self._recent[:count]
