"""Bounds of attachments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class AttachmentLimits:
    """Bounds of attachments.

    Attributes:
        max_bytes: How large one may be.
        orphan_lifetime: How long one is kept that no message carries.
        max_loose: How many of those one person may have.
        collect_interval: How often those that have expired are removed, in seconds.
    """

    max_bytes: int = 100_000_000
    orphan_lifetime: timedelta = timedelta(hours=24)
    max_loose: int = 200
    collect_interval: float = 300.0
