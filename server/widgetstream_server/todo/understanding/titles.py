"""The title of a new task: the words of the person, tidied, within its length."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.details import Details
from widgetstream_server.todo.understanding.phrase import QUOTED, Phrase
from widgetstream_server.todo.understanding.reading import MAX_DESCRIPTION, MAX_TAGS, MAX_TITLE, ToolCall, call

_BEFORE = re.compile(
    r"(?:(?:to|that|about|of|for|called|named|titled|saying|says|and|then|:|-|,|that i|i|is)(?= |$)(?: (?:have|need"
    r"|should|must|ought)(?: to)?(?= |$))? ?"
    r"|(?:remember|not forget|don't forget) to |(?:an?|the|some|my|our) (?=\w)|please |buy:? (?=buy ))"
)
_AFTER = re.compile(r"(?: (?:and|with|due|is|are|as|which is|that is|by|on the|please|too|as well|,)|[\s,;:.-])+$")
_TAIL = 60
_ONLY_JOINING = re.compile(rf"(?:(?:task|called|named|titled|and|with|a|the|to|add|due|for|{QUOTED}+)[ ,.:;-]*)+")
_QUOTED_STRETCH = re.compile(rf"{QUOTED}+")


def add_task(details: Details) -> ToolCall | None:
    """The call that makes a task of these details; None when no title is left."""
    title, overflow = title_of(details.rest)
    if not title:
        return None
    description = "\n".join(part for part in (overflow, details.description) if part)[:MAX_DESCRIPTION].strip()
    return call(
        "add_task",
        title=title,
        description=description or None,
        due=details.due,
        priority=details.priority,
        tags=list(details.tags[:MAX_TAGS]),
    )


def title_of(phrase: Phrase) -> tuple[str, str]:
    """A title of at most MAX_TITLE characters, and the words that were too many. Empty when nothing can be one."""
    title = _bare(phrase)
    quoted = _QUOTED_STRETCH.findall(title.plain)
    if len(quoted) == 1 and _ONLY_JOINING.fullmatch(title.plain):
        at = title.plain.index(quoted[0])
        words = title[at : at + len(quoted[0])].unquoted()
    else:
        words = title.without_stray_quotes().said
    words = re.sub(r"\s+", " ", words).strip()
    if not re.search(r"\w", words) and not re.search(r"[^\x00-\x7f]", words):
        return "", ""
    if quoted and title.is_quoted:
        return _cut(words)
    return _cut(words[0].upper() + words[1:] if len(words[0].upper()) == 1 else words)


def _bare(phrase: Phrase) -> Phrase:
    title = phrase.strip(" ,;:-.!?\n")
    for _ in range(4):
        before = _BEFORE.match(title.plain)
        # "The Hobbit" keeps an article that was written as part of a name.
        if before is None or (before[0] in ("the ", "a ", "an ") and title.said[0].isupper()):
            break
        title = title.after(before).strip(" ,;:-")
    after = _AFTER.search(title.plain, max(0, len(title) - _TAIL))
    return title[: after.start()].strip() if after and after.start() else title


def _cut(words: str) -> tuple[str, str]:
    if len(words) <= MAX_TITLE:
        return words, ""
    at = words.rfind(" ", MAX_TITLE // 2, MAX_TITLE + 1)
    at = MAX_TITLE if at < 0 else at
    return words[:at].strip(), words[at:].strip()
