"""Tags and priorities, found inside what is said about a task."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.phrase import QUOTED, Phrase
from widgetstream_server.todo.understanding.reading import MAX_TAG, MAX_TAGS
from widgetstream_server.todo.understanding.vocabulary import LEVEL, PRIORITY, level_of

_TAG = r"#?[^\W\d_][\w-]{0,49}"
# A second tag after "and" only at the end, or "tagged home and call mom" would swallow a verb.
_AFTER_TAG = r"(?=$|[,.!?]| and | & | #| due | by | on | for | with | from )"
TAGS = rf"(?:{_TAG}(?:(?:, ?(?:and )?| and | & |,| #)(?:{_TAG}){_AFTER_TAG})*)"
"""One tag or a list of them."""

# "#5" is a task's number, not a tag.
_HASHTAG = re.compile(r"(?<![\w&#/])#(?=[\w-]*[^\W\d_])([\w-]{1,50})")
_SAID_TAGS = re.compile(
    r"(?:,? ?(?:and |with )?(?<![\w])(?:tagged|labell?ed)(?: it)?(?: as| with)?:? "
    r"|,? ?(?:and )?\bwith (?:the |a )?(?:tags?|labels?):? "
    r"|[,;]? ?(?<!\w)(?:tags?|labels?) ?[:=] ?"
    rf"|, (?:tag|label)(?: it)?(?: as| with)? |\b(?:under|in) (?:the )?(?:tag|label|category) )({TAGS})"
)
# "create task "Buy milk" priority high tags home, shopping": the other fields tell that these are tags.
_CLOSING_TAGS = re.compile(rf"(?:{QUOTED}|\b(?:{PRIORITY}|due)\b).{{0,80}}?( tags? ({TAGS})$)")

_LINK = r"(?:and |with |at |of |as |is |it's |it is |has |make it |mark it |set ){0,4}(?:an? |the )?"
_IT_IS = r"(?:it'?s|it is|this is|that is|that's|which is|make it|mark (?:it )?(?:as)?|as) "
_VERY = r"(?:very |super |really |pretty |quite )*"
_URGENT = r"(?:not (?:so |that |very )?)?(?:urgent|important)|critical"
_LAST = r"asap|high|low|no rush|no hurry|whenever"

_PRIORITIES = (
    r"(?<!\S)!+ ?(?P<level>high|hi|urgent|important|medium|med|low|lo|p[1-4]|[1-4hml])(?:[ -]?prio(?:rity)?)?(?!\w)",
    rf"(?:,? ?\b{_LINK})?\b(?P<level>(?:very )?{LEVEL})[- ]{PRIORITY}\b",
    rf"(?:,? ?(?:and |with )?(?:an? |the )?)?\b{PRIORITY}(?: level)?(?: is| of|:|=)? ?(?P<level>{LEVEL})\b",
    r"(?<!\S)\(?(?P<level>p[1-4])\b\)?",
    r"(?<!\S)(?P<level>!!+)(?!\S)",
    # Of these words, at the end only what cannot belong to the title as "important" does in "buy something important".
    rf"(?:[,;(\[] ?| - )(?:and )?(?:{_IT_IS})?{_VERY}(?P<level>{_URGENT}|{_LAST})[)\]!.]*\s*(?=$|[,;])",
    rf"(?:\s|^)(?:and )?{_IT_IS}{_VERY}(?P<level>{_URGENT})[!.]*$",
    r"(?:\s|^)(?P<level>asap|urgent|urgently|as soon as possible|no rush|no hurry|whenever)[!.]*(?=$|,)",
    r"^[(\[]?(?P<level>urgent|important|critical|asap|urgently)(?:[:,!)\]]+| -)",
    r"^(?P<level>urgently) ",
)
_SAID_PRIORITY = tuple(re.compile(pattern) for pattern in _PRIORITIES)
_LEVELS_IN_SHORT = {
    "1": "high",
    "2": "medium",
    "3": "low",
    "4": "low",
    "h": "high",
    "m": "medium",
    "l": "low",
    "hi": "high",
    "lo": "low",
    "no rush": "low",
    "no hurry": "low",
    "whenever": "low",
    "not very urgent": "low",
    "not very important": "low",
}


def take_tags(phrase: Phrase) -> tuple[Phrase, tuple[str, ...]]:
    """The phrase without the tags in it, and these in the order said."""
    found: list[tuple[int, str]] = []
    spans: list[tuple[int, int]] = []
    for match in _SAID_TAGS.finditer(phrase.plain):
        spans.append(match.span())
        found += [(match.start(), tag) for tag in tags_in(match[1])]
    if not spans and (closing := _CLOSING_TAGS.search(phrase.plain)):
        spans.append(closing.span(1))
        found += [(closing.start(1), tag) for tag in tags_in(closing[2])]
    for match in _HASHTAG.finditer(phrase.plain):
        if not any(start <= match.start() < end for start, end in spans):
            spans.append(match.span())
            found += [(match.start(), tag) for tag in tags_in(match[1])]
    if not spans:
        return phrase, ()
    return phrase.without(spans), tuple(dict.fromkeys(tag for _, tag in sorted(found, key=lambda entry: entry[0])))


def tags_in(plain: str) -> list[str]:
    """The tags of a list of tags: "#home, work and x" → home, work, x."""
    words = (word.strip(" #.!?'\"").replace(" ", "-").lower()[:MAX_TAG] for word in re.split(r",? and |[,&]| #", plain))
    return list(dict.fromkeys(word for word in words if word))[:MAX_TAGS]


def take_priority(phrase: Phrase) -> tuple[Phrase, str | None]:
    """The phrase without the words that say a priority, and that priority."""
    for pattern in _SAID_PRIORITY:
        match = pattern.search(phrase.plain)
        if match is not None:
            level = match["level"].removeprefix("very ")
            return phrase.without([match.span()]), _LEVELS_IN_SHORT.get(level) or level_of(level) or "high"
    return phrase, None
