"""Which tasks a person speaks of: by number, id, place in the list shown last, "it", or words of the title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from widgetstream_server.todo.understanding.phrase import QUOTED, Phrase
from widgetstream_server.todo.understanding.reading import MAX_CALLS, MAX_TITLE, Scene
from widgetstream_server.todo.understanding.vocabulary import (
    LEVEL,
    LIST_NAME,
    NUMBER,
    NUMBER_WORD,
    ORDINAL,
    PRIORITY,
    TAG_LIKE,
    TASK,
    number_of,
    starts_with_task_verb,
)

WHICH = "Which task do you mean? Say its number, or some words of its title."
ONE_BY_ONE = 'I change only tasks that you name. Ask me to show them, then say their numbers, for example "3, 4 and 7".'
NO_LIST = "I don't know which list you mean. Ask me to show your tasks, or say a task's number or title."

_NOUN = rf"(?:{TASK}|numbers?|nos?\b\.?|nr\b\.?)"
_DIGITS = r"\d{1,9}"
_SEPARATOR = r"(?: ?, ?(?:and )?(?:also )?| and (?:also )?| & | plus | or | )"
_NUMBERED = rf"(?:(?:the )?{_NOUN} ?(?:numbers? ?|nos?\.? ?)?)?(?:# ?)?"
_ITEM = rf"{_NUMBERED}(?:{_DIGITS}(?: ?(?:-|to|through|thru) ?#?{_DIGITS})?|(?:{NUMBER_WORD})\b)"
_NUMBERS = re.compile(rf"{_ITEM}(?:{_SEPARATOR}{_ITEM}){{0,40}}")
_ONE_NUMBER = re.compile(rf"({_DIGITS})(?: ?(?:-|to|through|thru) ?#?({_DIGITS}))?|\b({NUMBER_WORD})\b")

_PLACE = rf"(?:{ORDINAL}|last|final|top|bottom|penultimate|(?:second|2nd)(?:-| )(?:to(?:-| ))?last)"
_OF_LIST = rf"(?: (?:on|in|from|of|off) (?:the|my|that|this) {LIST_NAME}| of (?:them|those|these))?"
_PLACES = re.compile(rf"(?:the )?{_PLACE}(?:{_SEPARATOR}(?:the )?{_PLACE}){{0,20}}(?: ?(?:ones?|{TASK}))?{_OF_LIST}")
_ONE_PLACE = re.compile(_PLACE)
_SOME = re.compile(rf"(?:the )?(first|last|top|bottom|final) ({NUMBER})(?: (?:ones|{TASK}))?{_OF_LIST}")
_ALL = re.compile(
    rf"(?:all|both|every|each|everything|them|these|those|the (?:whole |entire )?(?:list|lot))"
    rf"(?: (?:of|the|my|these|those|them|that|all|both|two|three|four|five|\d{{1,2}}|one|on|in|list|{TASK})){{0,5}}"
)
_MANY = re.compile(
    r"(?:all |every |each |the |my |of |any )*(?:(?:overdue|open|done|completed|finished|urgent|old|late|pending"
    rf"|remaining|due|today's|tomorrow's|{LEVEL}(?: {PRIORITY})?|{'|'.join(sorted(TAG_LIKE))}) )*"
    r"(?:tasks|todos|to-dos|items|ones|reminders)(?: (?:for|due|from|tagged|with) .+)?"
)
_IT = re.compile(rf"(?:it|that|this|(?:that|this|the(?: same)?) (?:one|thing|{TASK})|the one)")
_ID = re.compile(r"(?:(?:the )?task )?(tsk_\w{1,60})")

_FROM_LIST = re.compile(rf" (?:from|off|on|in|of) (?:my|the|this|that|our) {LIST_NAME}$")
_BEFORE_TITLE = re.compile(
    r"(?:(?:the|my|that|this|our|an?|all(?: the| my)?|any) )?"
    rf"(?:(?:{TASK}|one|thing|stuff)(?: (?:called|named|titled|labelled|about|for|to|of|with|that says|saying"
    r"|which says|where i(?: have to)?|i have to))?:? )?(?:the |my |to )?"
)
_AFTERTHOUGHT = re.compile(r"(?: (?:any ?more|any longer|again|too|as well|also|already|instead|after all|for now))+$")
_AT_HAND = re.compile(rf"(?:the|my|that|this|our) {TASK}\b|{TASK} (?:called|named|titled)\b")
_AFTER_TITLE = re.compile(rf" (?:{TASK}|one|thing)$")


@dataclass(frozen=True, slots=True)
class References:
    """References for the tools in the order said, or the question to ask when there are none."""

    names: tuple[str, ...] = ()
    question: str = WHICH
    certain: bool = False
    """The words can only mean tasks that exist: a number, an id, a place in a list, "it", "the milk task"."""
    quoted: bool = False
    """A title stood in quotes."""


def resolve(phrase: Phrase, scene: Scene) -> References:
    """The tasks that a phrase names."""
    off_list = _FROM_LIST.search(phrase.plain)
    words = phrase.strip(" ,.;:!?-\n").without_stray_quotes()
    if after := _AFTERTHOUGHT.search(words.plain):
        words = words[: after.start()]
    if not words:
        return References()
    named = _by_number(words) or _by_place(words, scene) or _by_pointing(words, scene)
    if named is not None:
        return named
    if _MANY.fullmatch(words.plain):
        return References(question=ONE_BY_ONE, certain=True)
    if off_list:
        words = words[: off_list.start()].strip()
    return _by_title(words, certain=bool(off_list))


def _by_number(words: Phrase) -> References | None:
    identified = _ID.fullmatch(words.plain)
    if identified is not None:
        return References((words.group(identified, 1).said,), certain=True)
    if words.plain == "one" or not _NUMBERS.fullmatch(words.plain):
        return None
    numbers: list[int] = []
    for match in _ONE_NUMBER.finditer(words.plain):
        first = number_of(match[3]) if match[3] else int(match[1])
        last = int(match[2]) if match[2] else first
        numbers += range(first, min(last, first + MAX_CALLS) + 1)
    return References(tuple(dict.fromkeys(str(number) for number in numbers)), certain=True)


def _by_place(words: Phrase, scene: Scene) -> References | None:
    shown = scene.last_listed
    several = _SOME.fullmatch(words.plain)
    if several is not None:
        count = min(number_of(several[2]), MAX_CALLS)
        return _shown(shown[:count] if several[1] in ("first", "top") else shown[max(0, len(shown) - count) :], scene)
    if not _PLACES.fullmatch(words.plain):
        return None
    found: list[int] = []
    for match in _ONE_PLACE.finditer(words.plain):
        index = _index(match[0])
        if not -len(shown) <= index < len(shown):
            if shown:
                return References(
                    question=f"The list shown last has only {len(shown)} task{'s' * (len(shown) != 1)}.", certain=True
                )
            return References(question=NO_LIST, certain=True)
        found.append(shown[index])
    return _shown(tuple(found), scene)


def _index(place: str) -> int:
    if place == "penultimate" or (place.startswith(("second", "2nd")) and place.endswith("last")):
        return -2
    if place in ("last", "final", "bottom"):
        return -1
    return 0 if place == "top" else number_of(place) - 1


def _shown(numbers: tuple[int, ...], scene: Scene) -> References:
    if not numbers:
        return References(question=NO_LIST if not scene.last_listed else WHICH, certain=True)
    return References(tuple(dict.fromkeys(str(number) for number in numbers)), certain=True)


def _by_pointing(words: Phrase, scene: Scene) -> References | None:
    if _IT.fullmatch(words.plain):
        if scene.latest is not None:
            return References((scene.latest,), certain=True)
        if len(scene.last_listed) == 1:
            return References((str(scene.last_listed[0]),), certain=True)
        return References(certain=True)
    return _shown(scene.last_listed, scene) if _ALL.fullmatch(words.plain) else None


def _by_title(words: Phrase, *, certain: bool) -> References:
    names: list[str] = []
    quoted = False
    for part in _titles(words):
        before = _BEFORE_TITLE.match(part.plain)
        title = part.after(before) if before else part
        after = _AFTER_TITLE.search(title.plain)
        if after is not None:
            title, certain = title[: after.start()], True
        certain = certain or (before is not None and _AT_HAND.match(before[0]) is not None)
        name = title.without_stray_quotes().unquoted().strip(" ,.;:!?\n")[:MAX_TITLE].strip()
        if name:
            names.append(name)
        quoted = quoted or title.is_quoted
    return References(tuple(dict.fromkeys(names)), certain=certain, quoted=quoted)


def _titles(words: Phrase) -> list[Phrase]:
    """The titles in a list; "salt and pepper" is one, "milk, eggs and jam" and "the milk and the eggs" are not."""
    if re.fullmatch(rf"{QUOTED}+(?:(?:, | and |, and |,){QUOTED}+)+", words.plain):
        return [words[slice(*match.span())] for match in re.finditer(rf"{QUOTED}+", words.plain)]
    parts = split_at(words, r" ?, ?and | ?, ?| and | & ")
    several = "," in words.plain or words.plain.startswith("both ")
    with_articles = len(parts) > 1 and all(re.match(r"(?:the|my) ", part.plain) for part in parts)
    with_verbs = len(parts) > 1 and all(starts_with_task_verb(part.plain) and " " in part.plain for part in parts)
    if (several and all(len(part.plain.split()) <= 4 for part in parts)) or with_articles or with_verbs:
        if words.plain.startswith("both ") and len(parts) > 1:
            parts[0] = parts[0][5:]
        return parts
    return [words]


def split_at(phrase: Phrase, separator: str) -> list[Phrase]:
    """The parts between matches of a pattern, the empty ones left out."""
    parts: list[Phrase] = []
    at = 0
    for match in re.finditer(separator, phrase.plain):
        parts.append(phrase[at : match.start()].strip())
        at = match.end()
    parts.append(phrase[at:].strip())
    return [part for part in parts if part]
