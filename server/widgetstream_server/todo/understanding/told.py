"""What a person tells to have done: "I bought the milk" completes the task that asked for it."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.phrase import Phrase, join
from widgetstream_server.todo.understanding.questions import is_question
from widgetstream_server.todo.understanding.reading import MAX_TITLE, Reading, Scene, call, calls, say
from widgetstream_server.todo.understanding.references import resolve, split_at
from widgetstream_server.todo.understanding.vocabulary import BASE_OF_PAST, GRAMMAR, infinitive
from widgetstream_server.todo.understanding.when import find_when

_TOLD = GRAMMAR.knowing(
    adverb="already|just|finally|now|also|recently|actually",
    verb="/[a-z]+/",
    who="(i|we)('ve| have|)|ive",
).sentences(r"""
    {who:who} [<adverb>]* {verb:verb} {what}[,] [<adverb>|too|as well]*
    [<adverb>]* {verb:verb} {what}[,] [<adverb>|too|as well]*
""")
_PASSIVE = GRAMMAR.knowing(adverb="already|just|finally|now|also|all", verb="/[a-z]+/").sentences(
    "{what} (is|are|was|were|has been|have been|got) [<adverb>]* {verb:verb} [<adverb>]*"
)
_JOINT = r",? and (?:then |also )?|, "
_ARTICLE = re.compile(r"^(\w+(?: (?:up|out|off|back|in|for))?) (?:the|my|our|a|an|some|that|this) ")

# The past forms that are base forms too say nothing of the past without a subject: "read the book".
_SAME_PAST = frozenset(past for past, base in BASE_OF_PAST.items() if past == base)
_NOT_PASSIVE = frozenset(("be", "have", "get", "let", "see", "say", "tell", "move", "change", "put", "set", "cancel"))
_NOT_DONE = frozenset(("had", "needed", "wanted", "saw", "said", "told", "asked", "tried", "looked", "joined", "let"))


def read_told(phrase: Phrase, scene: Scene) -> Reading | None:
    """Things done, told in the past tense; None for any other sentence."""
    when = find_when(phrase, scene.now)
    if scene.obliged or is_question(phrase) or (when is not None and when.day > scene.now.date()):
        return None  # nobody has done yet what is to come: "I've got a flight on friday"
    passive = _PASSIVE.read(phrase)
    if passive is not None and (base := BASE_OF_PAST.get(passive.word("verb"))) and base not in _NOT_PASSIVE:
        words = join([Phrase(base, base), passive["what"]])
        return calls(call("complete_task", task=_name(without_past_day(words, scene))))
    told: list[tuple[int, int]] = []
    subject = False
    at = 0
    for part in split_at(phrase, _JOINT):
        start = phrase.plain.index(part.plain, at)
        at = start + len(part)
        said = _TOLD.read(part)
        verb = said.word("verb") if said else ""
        if said is None or verb not in BASE_OF_PAST or verb in _NOT_DONE:
            if not told:
                return None
            told[-1] = (told[-1][0], at)  # "bought eggs and milk" goes on
            continue
        subject = subject or bool(said["who"])
        if verb in _SAME_PAST and not subject:
            return None
        told.append((start + said.match.start("verb"), start + said.match.end("what") - 1))
    if len(told) == 1 and (named := resolve(_object(phrase[slice(*told[0])].strip()), scene)).certain:
        return (
            calls(*(call("complete_task", task=name) for name in named.names)) if named.names else say(named.question)
        )
    names = [_name(without_past_day(phrase[slice(*span)].strip(), scene)) for span in told]
    return calls(*(call("complete_task", task=name) for name in dict.fromkeys(names) if name)) if any(names) else None


def _object(part: Phrase) -> Phrase:
    verb, _, _ = part.plain.partition(" ")
    return part[len(verb) :].strip()


def _name(part: Phrase) -> str:
    return _ARTICLE.sub(r"\1 ", infinitive(part.said.strip(" ,.!")))[:MAX_TITLE].strip()


def without_past_day(phrase: Phrase, scene: Scene) -> Phrase:
    """Without "today", "yesterday" or "this morning" at the end: when it was done is no part of the title."""
    when = find_when(phrase, scene.now)
    if when is None or when.day > scene.now.date():
        return phrase
    rest = phrase.without(when.spans).strip(" ,")
    return rest if rest and phrase.plain.startswith(rest.plain[:10]) else phrase
