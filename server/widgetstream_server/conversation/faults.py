"""What may be logged of an exception nobody expected."""

from __future__ import annotations

import traceback

_MOST_PLACES = 12


def places_of(error: BaseException) -> list[str]:
    """Return where an exception came from, innermost last: ``runs.py:116 respond``.

    Places in code alone: the exception's text, and the values in its frames, may hold what a person wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_PLACES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
