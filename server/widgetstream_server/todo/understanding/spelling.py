"""Mending typing errors in the few words that steer the reading, and in no others.

A title must keep its spelling, so only three kinds of words are touched: the first word of a sentence that can be a
command ("compelte task 5"), the word "task" ("shwo my taks") and the names of days ("tomorow"). The distance is
rapidfuzz's optimal string alignment, in which two swapped letters are one error. Words of up to six letters are mended
only when letters are swapped, missing or doubled: one letter replaced makes too many other words (show, shop).
"""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from widgetstream_server.todo.understanding.phrase import OPAQUE, QUOTED, Phrase
from widgetstream_server.todo.understanding.vocabulary import BASE_OF_GERUND, BASE_OF_PAST, TASK_VERBS

_COMMANDS = tuple(
    "add create remind show list display find search complete finish done mark check delete remove reopen undo uncheck "
    "rename move postpone reschedule change update priority prioritise tag untag overdue finished completed".split()
)
_DAYS = tuple("today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday".split())
_TASKS = ("task", "tasks")

# Words that may stand where a command can, are one slip away from one, and mean something else.
_REAL_WORDS = frozenset(
    """
    reminder reminders marked mover crate shows how shoe snow slow lit lits mar mask masks makes shown ask asks
    ad ads aid adds list lists undue find finds tags stag moved moves remover dome none don doe cheek chick chat
    chart fined finnish rumour changes mind remained taste tusk toady sunder mondays tuesdays wednesdays
    thursdays fridays saturdays sundays deleted removed renamed
    """.split()
)
_SHORT_FOR = {
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomo": "tomorrow",
    "2moro": "tomorrow", "2morrow": "tomorrow",
    "2day": "today", "tonite": "tonight", "2nite": "tonight", "yday": "yesterday",
}  # fmt: skip
_CONTRACTIONS = {
    "whats": "what's", "hows": "how's", "wheres": "where's", "whens": "when's", "dont": "don't", "didnt": "didn't",
    "doesnt": "doesn't", "havent": "haven't", "isnt": "isn't", "wasnt": "wasn't", "cant": "can't",
    "im": "i'm", "ive": "i've",
}  # fmt: skip
_AT_START = 3
"""Words of a sentence among which a contraction without its apostrophe is steering the reading, not part of a title."""
_AFTER_WHICH_A_COMMAND_STARTS = frozenset(
    "please pls plz and then also can could would will you i want to need hi hey hello ok okay now just so me let us "
    "like well um uh".split()
)
_AD = re.compile(r"ad(?= (?:an?|the|new|task|todo|item|reminder)\b)")
_WORDS = re.compile(r"[^\W_]+(?:'[a-z]+)?|[\n.!?;:,]")
_MAX_WORDS = 400


def mend(phrase: Phrase) -> Phrase:
    """The phrase with slips in commands, in "task" and in names of days put right. Never touches quoted words."""
    pieces: list[tuple[int, int, str]] = []
    expecting = True
    position = 0
    for count, match in enumerate(_WORDS.finditer(phrase.plain)):
        if count >= _MAX_WORDS:
            break
        word = match.group()
        if expecting and _AD.match(phrase.plain, match.start()):
            pieces.append((*match.span(), "add"))
            word = "add"
        if not word[0].isalnum():
            expecting, position = True, 0
            continue
        position += 1
        better = _CONTRACTIONS.get(word) if position <= _AT_START else None
        better = better or _better(word, expecting)
        if better is not None:
            pieces.append((match.start(), match.end(), better))
            word = better
        expecting = word in {"and", "then", "please"} or (expecting and word in _AFTER_WHICH_A_COMMAND_STARTS)
    return _rewritten(phrase, pieces) if pieces else phrase


def _better(word: str, expecting: bool) -> str | None:
    if word in _SHORT_FOR:
        return _SHORT_FOR[word]
    if len(word) < 4 or word in _REAL_WORDS or not word.isalpha() or word[0] in (QUOTED, OPAQUE):
        return None
    if word in TASK_VERBS or word in BASE_OF_PAST or word in BASE_OF_GERUND:
        return None
    if expecting and (command := _nearest(word, _COMMANDS)):
        return command
    return _nearest(word, _DAYS) or (_nearest(word, _TASKS) if len(word) <= 6 else None)


def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    if word in known:
        return None
    allowed = 1 if len(word) < 7 else 2
    found = process.extractOne(
        word, [other for other in known if other[0] == word[0]], scorer=OSA.distance, score_cutoff=allowed
    )
    if found is None:
        return None
    best: str = found[0]
    replaced = len(best) == len(word) and sorted(best) != sorted(word)
    return None if replaced and len(word) < 7 else best


def _rewritten(phrase: Phrase, pieces: list[tuple[int, int, str]]) -> Phrase:
    said: list[str] = []
    plain: list[str] = []
    at = 0
    for start, end, word in pieces:
        said += [phrase.said[at:start], word]
        plain += [phrase.plain[at:start], word]
        at = end
    return Phrase("".join([*said, phrase.said[at:]]), "".join([*plain, phrase.plain[at:]]))
