"""What is said about a task beside its title: due date, priority, tags, description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from widgetstream_server.todo.understanding.marks import take_priority, take_tags
from widgetstream_server.todo.understanding.phrase import OPAQUE, Phrase
from widgetstream_server.todo.understanding.when import find_when

_SEARCHED = 700
"""Characters of a sentence in which details are looked for: a title ends long before."""

_DESCRIPTION = re.compile(
    r"(?:(?:[,;.]|\b(?:and|with))? ?\b(?:(?:the |a |an )?(?:description|note|notes|details|desc|comment)"
    r"(?: that says| saying| that| to| of)?) ?: ?"
    r"|[,;.]? ?\bwith (?:the |a |an )?(?:description|note|notes|details|comment)(?: that says| saying| that| to| of)? )"
)
_IN_BRACKETS = re.compile(r"\(([^()]{1,200})\)")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")  # "(high priority)" leaves them
_NAMED_TITLE = re.compile(r"^(?:title|name|task|what)[:=] ?")


@dataclass(frozen=True, slots=True)
class Details:
    """What was said about a task, and the words that remain."""

    rest: Phrase
    due: str | None = None
    priority: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything was said but a title."""
        return bool(self.due or self.priority or self.tags or self.description)


def _without_remarks(phrase: Phrase, now: datetime) -> Phrase:
    """Hides from the search what stands in brackets, unless it is nothing but details: "(high priority)"."""
    plain = phrase.plain
    for match in _IN_BRACKETS.finditer(plain):
        inner = Phrase(match[1], match[1])
        without = take_priority(take_tags(inner)[0])[0]
        when = find_when(without, now)
        if re.search(r"\w", (without.without(when.spans) if when else without).plain):
            plain = plain[: match.start()] + OPAQUE * len(match[0]) + plain[match.end() :]
    return Phrase(phrase.said, plain)


def take_details(phrase: Phrase, now: datetime) -> Details:
    """Separates what is said about a task from its title."""
    rest, beyond = phrase[:_SEARCHED], phrase[_SEARCHED:]
    description = None
    marker = _DESCRIPTION.search(rest.plain)
    if marker is not None and rest.after(marker):
        described = rest.after(marker)
        rest, beyond = rest[: marker.start()].strip(" ,;"), beyond[:0]
        description = (described.unquoted() + phrase.said[_SEARCHED:]).strip()
    rest = _without_remarks(rest, now)
    rest, tags = take_tags(rest)
    rest, priority = take_priority(rest)
    when = find_when(rest, now)
    if when is not None:
        rest = rest.without(when.spans)
    if named := _NAMED_TITLE.match(rest.plain):
        rest = rest.after(named)
    if brackets := [match.span() for match in _EMPTY_BRACKETS.finditer(rest.plain)]:
        rest = rest.without(brackets)
    if beyond:
        rest = Phrase(rest.said + beyond.said, rest.plain + beyond.plain)
    return Details(rest.strip(" ,;:-\n"), when.due if when else None, priority, tags, description)
