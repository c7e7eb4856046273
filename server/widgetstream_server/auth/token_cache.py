"""Tokens that were verified a moment ago.

Checking a signature costs as much as thirty messages of a stream, and a client sends the same token with
every call.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from widgetstream_server.auth.claims import VerifiedClaims
from widgetstream_server.auth.key_source import KeySource

CACHE_SECONDS = 60.0
CACHE_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class _Entry:
    verified: VerifiedClaims
    keys: KeySource
    revision: int
    stale_at: float


class TokenCache:
    """Remembers what tokens proved, for 60 s at most and never beyond their end.

    Holds digests, no tokens. Forgets what a key vouched for as soon as its issuer's key set is seen to have
    lost a key; a key's withdrawal that has not been seen yet cannot outlive the 60 s here. The least recently
    used entry goes first when there are too many.
    """

    def __init__(self, max_entries: int = CACHE_ENTRIES) -> None:
        self._max_entries = max_entries
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    @staticmethod
    def digest(token: bytes) -> bytes:
        """What a token is known by here."""
        return sha256(token).digest()

    def get(self, digest: bytes, *, now: float, monotonic: float) -> VerifiedClaims | None:
        """What the token proved, if that still holds at `now` (seconds since 1970) and at `monotonic`."""
        entry = self._entries.get(digest)
        if entry is None:
            return None
        if now >= entry.verified.expires_at or monotonic >= entry.stale_at or entry.keys.revision != entry.revision:
            del self._entries[digest]
            return None
        self._entries.move_to_end(digest)
        return entry.verified

    def put(self, digest: bytes, verified: VerifiedClaims, keys: KeySource, *, monotonic: float) -> None:
        """Remembers what a token has just proved with a key from `keys`."""
        self._entries[digest] = _Entry(verified, keys, keys.revision, monotonic + CACHE_SECONDS)
        self._entries.move_to_end(digest)
        if len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)
