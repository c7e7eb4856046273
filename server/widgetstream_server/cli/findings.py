"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. The text holds no secret, and no text of another's error.

    Attributes:
        status: ``warn`` is for what may be meant so.
        subject: What was looked at.
        text: What was found; where something is amiss, what to do. May have several lines.
    """

    status: Status
    subject: str
    text: str
