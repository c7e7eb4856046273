"""Words that say when they were said, so that whoever gets one knows for how long it was under way.

A word has four characters and a space, about as long as a model's token is. All processes of one machine share the
monotonic clock.
"""

from __future__ import annotations

import re
import string

_CHARACTERS = string.ascii_letters + string.digits + "-_"
_PLACES = {character: place for place, character in enumerate(_CHARACTERS)}
_UNIT_NANOSECONDS = 100_000
_PERIOD = len(_CHARACTERS) ** 4  # some 28 minutes

_PAIRS = [(first + second).encode() for first in _CHARACTERS for second in _CHARACTERS]
_WORD = re.compile(r"[A-Za-z0-9_-]{4} ")

WORD_LENGTH = 5


def word(now: int) -> bytes:
    """Return the word of a time in ns of the monotonic clock."""
    unit = now // _UNIT_NANOSECONDS % _PERIOD
    return b"%b%b " % (_PAIRS[unit >> 12], _PAIRS[unit & 0xFFF])


def said_at(text: str, arrived: int) -> list[int]:
    """Return when the words of a text were said, in ns of the monotonic clock, given when they came."""
    now = arrived // _UNIT_NANOSECONDS
    said = []
    for match in _WORD.finditer(text):
        unit = 0
        for character in match.group()[:4]:
            unit = unit * 64 + _PLACES[character]
        said.append((now - (now - unit) % _PERIOD) * _UNIT_NANOSECONDS)
    return said
