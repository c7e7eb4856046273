r"""A notation for the sentences that people write, compiled to regular expressions.

One line is one form of a sentence:

    complete [the] (task|item) {what}     words; optional words; alternatives; a slot for words of any kind
    [please|just]* <tick> {what} off      up to four optional words; a named set of words
    i('ve| have) finished {what...}       alternatives glued to a word; a slot that takes all that follows
    move {what:numbered} to {when...}     a slot that takes words of a named set only
    /#?\d{1,9}/ is done                   a regular expression where words do not suffice

A space stands for one space, except beside a comma, colon or semicolon, where there may be none. Everything is matched
against `Phrase.plain`, so in lower case. Slots are bounded in length, so that no form takes more than linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from widgetstream_server.todo.understanding.phrase import Phrase

MAX_SLOT = 200
"""Characters that a slot in the middle of a sentence takes at most."""

_LOOSE = ",:;"
_BOUNDARY = r"(?:(?<!\w)|(?!\w))"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A phrase that has one of the forms asked for."""

    phrase: Phrase
    match: re.Match[str]

    def __getitem__(self, slot: str) -> Phrase:
        """The words in a slot; an empty phrase where the form has no such slot or it took no part."""
        if self.match.groupdict().get(slot) is None:
            return self.phrase[:0]
        start, end = self.match.span(slot)
        return self.phrase[max(0, start - 1) : end - 1].strip()

    def word(self, slot: str) -> str:
        """The words in a slot as the grammar sees them: lower case."""
        return self[slot].plain

    def onward(self, slot: str) -> Phrase:
        """The phrase from a slot on."""
        return self.phrase[max(0, self.match.start(slot) - 1) :].strip()

    @property
    def span(self) -> tuple[int, int]:
        """Where in the phrase it stands."""
        return max(0, self.match.start() - 1), self.match.end() - 1

    @property
    def rest(self) -> Phrase:
        """What follows it."""
        return self.phrase[self.match.end() - 1 :].strip()


class Sentences:
    """Some forms of whole sentences, tried in order."""

    __slots__ = ("_patterns",)

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [re.compile(pattern, re.DOTALL) for pattern in patterns]

    def read(self, phrase: Phrase) -> Sentence | None:
        """The phrase as the first of the forms that it has."""
        return next(self.readings(phrase), None)

    def readings(self, phrase: Phrase) -> Iterator[Sentence]:
        """The phrase as each of the forms that it has."""
        for pattern in self._patterns:
            match = pattern.fullmatch(" " + phrase.plain)
            if match is not None:
                yield Sentence(phrase, match)


class Openings:
    """Some forms of beginnings of sentences, or of stretches of words in them, tried in order."""

    __slots__ = ("_patterns",)

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [re.compile(pattern + _BOUNDARY, re.DOTALL) for pattern in patterns]

    def start(self, phrase: Phrase) -> Sentence | None:
        """The beginning of the phrase as the first of the forms that it has, up to the end of a word."""
        matches = (pattern.match(" " + phrase.plain) for pattern in self._patterns)
        return next((Sentence(phrase, match) for match in matches if match is not None), None)

    def find(self, phrase: Phrase) -> Sentence | None:
        """A stretch of whole words as the first of the forms that occurs."""
        matches = (pattern.search(" " + phrase.plain) for pattern in self._patterns)
        return next((Sentence(phrase, match) for match in matches if match is not None), None)


class Notation:
    """The notation with some named sets of words."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        self._words = dict(words or {})

    def knowing(self, **words: str) -> Notation:
        """With more named sets; a set may use those known already. An underscore in a name is written as a space."""
        notation = Notation(self._words)
        for name, text in words.items():
            notation._words[name.replace("_", " ")] = notation._alternatives(text)
        return notation

    def sentences(self, text: str) -> Sentences:
        """The forms of the lines of a text; a line that begins with "+" goes on with the one before."""
        return Sentences(self._lines(text))

    def openings(self, text: str) -> Openings:
        """The same for beginnings of sentences and stretches of words in them."""
        return Openings(self._lines(text))

    def _lines(self, text: str) -> Iterator[str]:
        lines = re.sub(r"\s*\n\s*\+\s*", " ", text).split("\n")
        return (self._alternatives(line.strip()) for line in lines if line.strip())

    def _alternatives(self, text: str, *, glued: bool = False) -> str:
        compiled, at = _Compiler(self._words, text).alternatives(0, glued=glued)
        if at != len(text):
            raise ValueError(f"unbalanced at {at}: {text}")
        return compiled


class _Compiler:
    """Turns one text into a regular expression: recursive descent over its characters."""

    def __init__(self, words: Mapping[str, str], text: str) -> None:
        self._words = words
        self._text = text

    def alternatives(self, at: int, *, glued: bool) -> tuple[str, int]:
        """The alternatives from `at` up to the bracket that closes them."""
        parts: list[str] = []
        while True:
            part, at = self._sequence(at, glued=glued)
            parts.append(part)
            if at >= len(self._text) or self._text[at] != "|":
                return f"(?:{'|'.join(parts)})" if len(parts) > 1 else parts[0], at
            at += 1

    def _sequence(self, at: int, *, glued: bool) -> tuple[str, int]:
        out: list[str] = []
        space = "" if glued else " "
        while at < len(self._text) and self._text[at] not in "|)]":
            char = self._text[at]
            if char == " ":
                space = space or (" ?" if out and out[-1] in _LOOSE else " ")
                at += 1
                continue
            if char in "([":
                group, at = self._group(at, glued=not space)
                out.append(group)
            elif char == "<":
                end = self._text.index(">", at)
                if not space:
                    raise ValueError(f"a set of words cannot be glued to a word: {self._text}")
                out.append(f"(?:{self._words[self._text[at + 1 : end]]})")
                at = end + 1
            elif char == "{":
                slot, at = self._slot(at, space)
                out.append(slot)
            else:
                element, at = self._element(at)
                out += [" ?" if char in _LOOSE and space else space, element]
            space = ""
        return "".join(out), at

    def _group(self, at: int, *, glued: bool) -> tuple[str, int]:
        optional = self._text[at] == "["
        inner, at = self.alternatives(at + 1, glued=glued)
        at += 1
        if not optional:
            return f"(?:{inner})", at
        if self._text[at : at + 1] == "*":
            return f"(?:{inner}){{0,4}}", at + 1
        return f"(?:{inner})?", at

    def _slot(self, at: int, space: str) -> tuple[str, int]:
        end = self._text.index("}", at)
        name, _, kind = self._text[at + 1 : end].partition(":")
        if kind:  # the words bring their own leading space
            return f"(?P<{name}>{self._words[kind]})", end + 1
        if name.endswith("..."):
            return f"{space}(?P<{name[:-3]}>.+)", end + 1
        return f"{space}(?P<{name}>.{{1,{MAX_SLOT}}}?)", end + 1

    def _element(self, at: int) -> tuple[str, int]:
        char = self._text[at]
        if char == "/":
            end = self._text.index("/", at + 1)
            return f"(?:{self._text[at + 1 : end]})", end + 1
        return re.escape(char), at + 1
