"""Text in two parallel forms: as typed, and as the grammar looks at it.

A `Phrase` keeps the words of the person (`said`) next to a form of exactly the same length (`plain`):
lower-case, with straight apostrophes and dashes, and with quoted stretches and addresses masked by a letter that no
rule mentions. A rule matches on `plain` and takes the slice of `said`, so a date or a verb inside a quoted title
is never mistaken for a command and titles keep their spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MAX_TEXT = 4_000
"""Characters of a message that are read; what follows cannot change what it asks for."""

QUOTED = "\ua500"
"""Stands in `plain` for every character of a quoted stretch, its quotes included. A letter, so `\\w` matches it."""

OPAQUE = "\ua501"
"""Stands in `plain` for every character of an address (web, mail)."""

# Every form excludes its own opening mark, so a run of opening marks fails at once instead of being rescanned.
_QUOTES = re.compile(
    r"""(?<!\w)"[^"\n]{1,400}"(?!\w)
      | “[^“”\n]{1,400}”
      | „[^„“”\n]{1,400}[“”]
      | «[^«»\n]{1,400}»
      | ‘[^‘’\n]{1,400}’(?!\w)
      | (?<![\w'])'(?=\S)[^'\n]{1,400}(?<=\S)'(?!\w)
      | `[^`\n]{1,400}`
    """,
    re.VERBOSE,
)
_ADDRESSES = re.compile(r"\b(?:https?://|www\.)[^\s,;]{1,500}|\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,60}")
_ALIKE = str.maketrans("’ʼ‘´–—−“”„", "''''---\"\"\"")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
# Control characters and marks of direction; the joiners stay, emoji and some scripts are written with them.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")  # half a character: nobody could encode a title that holds one


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a message; `said` and `plain` have the same length. Falsy when empty."""

    said: str
    plain: str

    @classmethod
    def of(cls, text: str) -> Phrase:
        """The phrase for a raw message: cut to MAX_TEXT, without control characters, spaces collapsed."""
        said = _SURROGATES.sub("\ufffd", _LINE_ENDS.sub("\n", text[:MAX_TEXT]))
        said = unicodedata.normalize("NFC", _INVISIBLE.sub("", said))
        said = "\n".join(_SPACES.sub(" ", line).strip() for line in said.split("\n")).strip()
        lowered = said.lower()
        if len(lowered) != len(said):  # a few capitals have a lower form of two characters
            lowered = "".join(low if len(low := char.lower()) == 1 else char for char in said)
        plain = lowered
        for pattern, mask in ((_QUOTES, QUOTED), (_ADDRESSES, OPAQUE)):
            plain = pattern.sub(lambda match, mask=mask: mask * len(match.group()), plain)  # type: ignore[misc]
        return cls(said, plain.translate(_ALIKE))

    def __bool__(self) -> bool:
        return bool(self.said)

    def __len__(self) -> int:
        return len(self.said)

    def __getitem__(self, part: slice) -> Phrase:
        return Phrase(self.said[part], self.plain[part])

    def strip(self, characters: str = " ") -> Phrase:
        """Without these characters at both ends."""
        start = len(self.plain) - len(self.plain.lstrip(characters))
        return self[start : max(start, len(self.plain.rstrip(characters)))]

    def without(self, spans: Iterable[tuple[int, int]]) -> Phrase:
        """With the spans cut out and the pieces joined by single spaces. Spans may overlap and be in any order."""
        pieces: list[Phrase] = []
        at = 0
        for start, end in sorted(spans):
            if start > at:
                pieces.append(self[at:start])
            at = max(at, end)
        pieces.append(self[at:])
        return join(pieces)

    def group(self, match: re.Match[str], name: str | int) -> Phrase:
        """What a group of a match on `plain` caught; empty when the group took no part."""
        start, end = match.span(name)
        return self[start:end].strip() if start >= 0 else self[:0]

    def after(self, match: re.Match[str]) -> Phrase:
        """What follows a match on `plain`."""
        return self[match.end() :].strip()

    @property
    def is_quoted(self) -> bool:
        """Whether the whole phrase is one quoted stretch."""
        return bool(self.plain) and not self.plain.strip(QUOTED)

    def unquoted(self) -> str:
        """The words, without the quotes around the whole where there are some."""
        return self.said[1:-1].strip() if self.is_quoted and len(self) > 2 else self.said.strip()

    def without_stray_quotes(self) -> Phrase:
        """Without single quote marks at the ends that no partner closes."""
        phrase = self
        if phrase.plain.startswith(('"', "`")):
            phrase = phrase[1:].strip()
        if phrase.plain.endswith(('"', "`")):
            phrase = phrase[:-1].strip()
        return phrase


def join(pieces: Iterable[Phrase], between: str = " ") -> Phrase:
    """The pieces that are not blank, stripped, one after the other."""
    kept = [piece for piece in (piece.strip() for piece in pieces) if piece]
    return Phrase(between.join(p.said for p in kept), between.join(p.plain for p in kept))
