"""Keys to attachments: what an address carries in place of a token."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal

from widgetstream_server.conversation.errors import TokenExpiredError, TokenInvalidError

Purpose = Literal["upload", "download"]

_TIME_BYTES = 6
_SIGNATURE_BYTES = 18


class AttachmentKeys:
    """Makes and checks keys. Each is good for one attachment and one purpose, until it expires.

    A key holds its end, signed together with what it opens: nothing of it is stored. Processes that serve the same
    callers share the secret; with another secret all keys are void.
    """

    def __init__(self, secret: bytes) -> None:
        """Take the secret: at least 16 bytes.

        Raises:
            ValueError: The secret is too short.
        """
        if len(secret) < 16:
            raise ValueError("the secret of attachments' keys must have at least 16 bytes")
        # A key of its own: the same secret signs page tokens.
        self._key = hmac.digest(secret, b"attachment keys", hashlib.sha256)

    def make(self, purpose: Purpose, attachment_id: str, *, expire_time: datetime) -> str:
        """Return a key: 32 letters, digits, ``-`` and ``_``. It ends with a full second."""
        until = int(expire_time.timestamp()).to_bytes(_TIME_BYTES, "big")
        return base64.urlsafe_b64encode(until + self._sign(purpose, attachment_id, until)).decode()

    def check(self, purpose: Purpose, attachment_id: str, key: str, *, now: datetime) -> None:
        """Refuse a key that does not open an attachment.

        Raises:
            TokenInvalidError: It was not made here for this attachment and purpose.
            TokenExpiredError: It was, but no longer opens it.
        """
        try:
            signed = base64.b64decode(key.encode("ascii"), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise TokenInvalidError("KEY_INVALID") from None
        until, signature = signed[:_TIME_BYTES], signed[_TIME_BYTES:]
        if not hmac.compare_digest(signature, self._sign(purpose, attachment_id, until)):
            raise TokenInvalidError("KEY_INVALID")
        if now.timestamp() >= int.from_bytes(until, "big"):
            raise TokenExpiredError

    def _sign(self, purpose: Purpose, attachment_id: str, until: bytes) -> bytes:
        message = b"\0".join((purpose.encode(), attachment_id.encode(), until))
        return hmac.digest(self._key, message, hashlib.sha256)[:_SIGNATURE_BYTES]


def next_end(now: datetime, lifetime: timedelta) -> datetime:
    """Return when a key ends that lives at least half of a time, and at most all of it.

    The same for some hours, so that an address that is made anew for each reader of a thread stays the same for as
    long, and browsers keep what they got from it.
    """
    step = lifetime.total_seconds() / 2
    return datetime.fromtimestamp((now.timestamp() // step + 2) * step, UTC)
