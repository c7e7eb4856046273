"""How titles, descriptions and tags are written down."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Control characters and lone marks of direction show nothing, and a database may refuse NUL.
_INVISIBLE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
# They matter inside of words, in emoji and in some scripts, but are no word by themselves.
_NOTHING = re.compile("[\\s\u200b-\u200f\u2060\u00ad\u034f\u115f\u1160\u3164\uffa0]*")


def line(text: str) -> str:
    """Return a text as one line: trimmed, whitespace collapsed. Empty when there is nothing to see."""
    found = " ".join(_INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).split())
    return "" if _NOTHING.fullmatch(found) else found


def paragraphs(text: str) -> str:
    """Return a text with its lines: trimmed at both ends, line ends alike."""
    found = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).strip()
    return "" if _NOTHING.fullmatch(found) else found


def tag(text: str) -> str:
    """Return a tag as it is stored: in lower case, without ``#`` before it. Empty when nothing is left."""
    return line(line(text).lstrip("#")).lower()


def tags(found: Iterable[str]) -> list[str]:
    """Return tags as they are stored: each once, in order of the alphabet, without blank ones."""
    return sorted({tag(text) for text in found} - {""})
