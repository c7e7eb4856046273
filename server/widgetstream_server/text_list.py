"""Lists in variables of the environment."""

from __future__ import annotations

from typing import Any


def split(value: Any) -> Any:
    """Take a list as texts with commas between them, as people write lists in variables."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value
