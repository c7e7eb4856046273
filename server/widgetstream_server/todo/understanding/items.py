"""Whether "a, b and c" is one thing to do or three."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.references import split_at
from widgetstream_server.todo.understanding.vocabulary import TASK_VERBS, starts_with_task_verb

_MAX_ITEMS = 40
_NOUN_WORDS = 5
_LONGEST_LIST = 1_000
_AHEAD = 80
_WORD = re.compile(r"[a-z-]+")

_JOINT = re.compile(
    r" ?, ?(?:and )?(?:then |also |to |and )?| (?:and )?then | and (?:also |to )?| & | \+ | ?; ?| plus "
)
_LIST_JOINT = r" ?; ?| ?, ?and | ?, ?| and | & | \+ "
_INLINE_NUMBER = re.compile(r"(?:^|\s)(?:\(?\d{1,2}[.)]|\([a-h]\)|[a-h]\)) (?=\S)")

# "write the report and send it", "call Bob and tell him": one errand, the second part leans on the first.
_LEANS = re.compile(r"\b(?:it|him|her|them|there|one|both|this|that|his|its)\b")
# "go to the shop and buy milk", "try and fix the tap"
_ON_THE_WAY = frozenset("go come try sit drive stop stay run swing head wait get".split())
# After these a word that could be a verb is a noun: "a pen and book for school".
_NOT_OBJECTS = re.compile(r"(?:for|of|from|in|on|at|by|with|is|are|to|and|or|,)\b")
# Words that are as often things to buy as things to do.
_THINGS = frozenset(
    "water paint oil iron book mail email text post order plan copy wax polish brush file label bill record block dust"
    " fax code store design drink change charge hand".split()
)
_CLAUSE_WORDS = re.compile(r"\b(?:is|are|was|wants?|she|he|they|it|who|which|that|because|so|but|if|when|i|you|we)\b")


def split_coordinated(phrase: Phrase) -> list[Phrase]:
    """The things to do in "buy milk, call mom and pay rent"; the phrase alone when it is one."""
    parts: list[Phrase] = []
    at = 0
    for match in _JOINT.finditer(phrase.plain):
        if len(parts) >= _MAX_ITEMS:
            break
        if match.start() <= at:
            continue
        if match[0].strip() == ";" or _is_boundary(phrase, at, match):
            parts.append(phrase[at : match.start()].strip())
            at = match.end()
    parts.append(phrase[at:].strip())
    return [part for part in parts if part]


def _is_boundary(phrase: Phrase, at: int, joint: re.Match[str]) -> bool:
    """Whether another thing to do begins after a joint, the one before having begun at `at`."""
    head = _WORD.match(phrase.plain, joint.end())
    if head is None or head.group() not in TASK_VERBS:
        return False
    following = phrase.plain[head.end() : head.end() + _AHEAD].lstrip()
    if not following or _NOT_OBJECTS.match(following) or not re.match(r"[\w#\"'“]", following):
        return False
    words = phrase.plain[at : joint.start()].split(None, 3)
    verb = words[0] if words[0] != "to" else words[min(1, len(words) - 1)]
    if len(words) < 2 or verb in _ON_THE_WAY:
        return False
    if head.group() in _THINGS and not re.match(r"(?:the|my|a|an|our|some|mom|mum|dad|\w+ \w+)\b", following):
        return False
    segment = re.split(r",| and |;", following, maxsplit=1)[0]
    return not _LEANS.search(segment)


def split_listed(phrase: Phrase) -> tuple[Phrase, list[Phrase]] | None:
    """A heading and the items of an announced list ("for tomorrow: a, b and c"); None where there is no list."""
    heading, items = phrase[:0], phrase
    colon = re.search(r"(?:^|(?<=[\w ])): ?", phrase.plain)
    if colon is not None and colon.start() < 80:
        heading, items = phrase[: colon.start()].strip(), phrase.after(colon)
    numbered = list(_INLINE_NUMBER.finditer(items.plain))
    if len(numbered) > 1 and numbered[0].start() == 0:
        ends = [match.start() for match in numbered[1:]] + [len(items)]
        return heading, [items[match.end() : end].strip(" ,;") for match, end in zip(numbered, ends, strict=True)]
    parts = split_at(items, r" ?; ?") if ";" in items.plain else split_at(items, r" ?, ?and | ?, ?")
    if not parts:
        return None
    if len(parts) == 1:
        parts = split_at(items, r" and | & ")
    elif " and " in parts[-1].plain and ", and " not in items.plain:
        parts[-1:] = split_at(parts[-1], r" and ")
    return heading, parts[:_MAX_ITEMS]


def split_nouns(phrase: Phrase) -> list[Phrase]:
    """The things in "eggs, bread and butter". One thing: "salt and pepper", "buy eggs, bread and butter"."""
    if (
        "," not in phrase.plain
        or len(phrase) > _LONGEST_LIST
        or starts_with_task_verb(phrase.plain)
        or _CLAUSE_WORDS.search(phrase.plain)
    ):
        return [phrase]
    parts = split_at(phrase, _LIST_JOINT)
    fits = all(
        len(part.plain.split()) <= _NOUN_WORDS
        and not re.match(r"\d|(?:for|with|at|on|in|the|but|by|from)\b", part.plain)
        for part in parts
    )
    return parts[:_MAX_ITEMS] if fits else [phrase]
