"""Opaque page tokens, as AIP-158 describes them.

A token holds where the next page begins, and is signed together with the list's name and filters: it is refused where
it was not made, also when a filter has changed between two pages. It grants nothing, because lists see their owner's
rows alone; the signature keeps forged places away from the database, and callers from depending on what a token holds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence

from widgetstream_server.conversation.errors import PageTokenInvalidError

_SIGNATURE_BYTES = 12

Cursor = Sequence[str | int | None]


class PageTokens:
    """Makes and reads page tokens. Processes that serve the same callers share the key."""

    def __init__(self, key: bytes) -> None:
        """Take the signing key: at least 16 bytes.

        Raises:
            ValueError: The key is too short.
        """
        if len(key) < 16:
            raise ValueError("the key of page tokens must have at least 16 bytes")
        self._key = key

    def encode(self, list_name: str, filters: bytes, cursor: Cursor) -> str:
        """Return the token for a place in a list.

        Args:
            list_name: Names the list, such as ``ListThreads``.
            filters: All else that must be the same for the next page, in any fixed form.
            cursor: The place.
        """
        body = json.dumps(list(cursor), separators=(",", ":")).encode()
        signed = self._sign(list_name, filters, body) + body
        return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()

    def decode(self, list_name: str, filters: bytes, token: str) -> list[str | int | None]:
        """Return the place that a token holds.

        Raises:
            PageTokenInvalidError: It was not made here for this list and these filters.
        """
        try:
            signed = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise PageTokenInvalidError from None
        signature, body = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(list_name, filters, body)):
            raise PageTokenInvalidError
        cursor: list[str | int | None] = json.loads(body)
        return cursor

    def _sign(self, list_name: str, filters: bytes, body: bytes) -> bytes:
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in (list_name.encode(), filters, body):
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.digest()[:_SIGNATURE_BYTES]
