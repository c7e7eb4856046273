"""The clock and the ids of a running server."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()


class RandomIds:
    """Ids from the operating system's random numbers: 96 bits, as 16 characters of URL-safe Base64."""

    def new(self, prefix: str) -> str:
        """Return ``{prefix}_`` and 16 characters."""
        return f"{prefix}_{secrets.token_urlsafe(12)}"
