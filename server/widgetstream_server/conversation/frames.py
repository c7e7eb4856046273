"""Messages of a stream, kept in little memory."""

from __future__ import annotations

from collections.abc import Iterable

from widgetstream_server.conversation.journal import pack, unpack

# A short message of its own takes more than twice its length. Readers mostly want the last few.
_PIECE = 16


class Frames:
    """Messages in order. The older ones are joined into pieces, and taken apart for whoever is that far behind."""

    __slots__ = ("_joined", "_pieces", "_recent")

    def __init__(self) -> None:
        """Begin with none."""
        self._recent: list[bytes] = []
        self._pieces: list[tuple[int, bytes]] = []
        self._joined = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return self._joined + len(self._recent)

    @property
    def size(self) -> int:
        """How many bytes they have, with the frames around those that are joined."""
        return sum(len(piece) for _, piece in self._pieces) + sum(map(len, self._recent))

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
        for length, piece in self._pieces:
            if passed + length > count:
                found += unpack(piece)[max(count - passed, 0) :]
            passed += length
        return found + self._recent

    def settle(self) -> None:
        """No more will come: join what is left."""
        if self._recent:
            self._join(len(self._recent))

    def _join(self, count: int) -> None:
        self._pieces.append((count, pack(self._recent[:count])))
        self._joined += count
        del self._recent[:count]
