"""Cutting a message into the requests in it: lines, bullets, sentences, and commands joined by "and"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from widgetstream_server.todo.understanding.courtesy import without_courtesy
from widgetstream_server.todo.understanding.phrase import Phrase, join
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR

MAX_CLAUSES = 60
"""More requests than this in one message are not looked at; a reading has at most twenty calls."""

_BULLET = re.compile(r"(?:(?:[-*•·‣▪+☐□✓]|\d{1,2}[.)]|\(\d{1,2}\)) (?:\[[ x]?\] ?)?|\[[ x]?\] ?)(?=\S)")
_WARNING = re.compile(r"urgent|important|asap|critical")  # "urgent!! call the landlord" is one sentence
_INLINE_NUMBER = re.compile(r"(?:^|\s)\(?\d{1,2}[.)] (?=\S)")
_END = re.compile(r"(?<![.!?;])(?P<mark>[.!?;]{1,9})\s+(?=\S)|;")
_NO_END = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|prof|no|nr|e\.g|i\.e|etc|vs|approx|inc|ltd|co|[a-z]|\d{1,3}|a\.m|p\.m|am|pm|jan"
    r"|feb|mar|apr|jun|jul|aug|sept?"
    r"|oct|nov|dec|ca|tel|max|min|incl|attn)$"
)

_NOTATION = GRAMMAR.knowing(
    verb="complete|finish|close|tick [off]|check [off]|cross [off|out]|mark|done with|delete|remove|drop|scrap|erase"
    "|cancel|get rid of|reopen|re-open|undo|uncheck|untick|restore|rename|move|postpone|push|reschedule|snooze|delay"
    "|defer|shift|bump|change|set|update|edit|make|give|tag|untag|label|prioritize|prioritise|deprioritize"
    "|deprioritise|show [me]|open",
    add="add|create|make [me] (a|an|another) [new] <task>|new <task>|remind me|don't let me forget"
    "|dont let me forget|don't forget|set [up] a reminder|put {thing} (on|to|in) (my|the) <list>"
    "|(i|we) [also|still] (need|have|must|should|want)|[also|still] (need|have|want) to",
    field="priority|due date|deadline|title|name|description",
    softly="please|also|then|can you|could you",
    ask="show|list|display|give|tell|what|which|how many",
)
# These start a new request wherever they stand; any other command verb only after a request that is a command itself,
# because "add buy milk and finish the report" names two things to do.
_STRONG = _NOTATION.knowing(position="<ordinal> (one|two|three|<task>)").openings(r"""
    [<softly>]* <add>
    [<softly>]* <verb> [off] [the] [<task>|number[s]|no|no.]* /#?\d+/
    [<softly>]* <verb> [off] [the] <position>
    [<softly>]* <verb> [off] [the] <ordinal>/(?=$| as\b| to\b| off\b|,)/
    [<softly>]* <verb> (it|that|this|them|both|all)
    [<softly>]* <verb> (the|my) {what} <task>
    [<softly>]* mark {what} (done|complete|completed|finished)
    [<softly>]* <ask>/\b.{0,40}/ (<list>|overdue|due|left|open|today|tomorrow)
    [<softly>]* what's (left|next|due|on|overdue)
""")
_COMMAND = _NOTATION.openings(r"""
    [<softly>]* (<add>|<verb>|list|tell me|what|which|how many|find|search|the rest)
""")
_STARTS_AS_COMMAND = _NOTATION.openings("<verb>|list|display|what|which|how many|i'm done with")
_CONNECTOR = re.compile(r",? (?:and then|then|and also|and|plus|also|but|&) |, ?|[.] ")
# "move 3 to friday and 4 to monday": the verb is said once.
_SAME_VERB = _NOTATION.openings("[[the] <task>|number] /#?\\d{1,6}/ (to|as|until|by|off)")
# "change the due date of 3 to friday and the priority to low"
_OF_SAME_TASK = _NOTATION.openings("[the|its] {field:field}/(?= (?:to|as) )/")
_SET, _OF_IT = Phrase("set", "set"), Phrase("of it", "of it")
_HAS_TARGET = re.compile(r" (?:to|as|until|by|off) ")
_OPENING = 200
_AHEAD = 120


@dataclass(frozen=True, slots=True)
class Clause:
    """One request, or the heading of a list with what stands below it."""

    phrase: Phrase
    items: tuple[Phrase, ...] = ()
    listed: bool = False
    """It was a line of a bulleted list."""


def clauses(message: Phrase) -> Iterator[Clause]:
    """The requests of a message in their order, at most MAX_CLAUSES."""
    for count, clause in enumerate(_clauses(_lines(message))):
        if count >= MAX_CLAUSES:
            return
        yield clause


def _lines(message: Phrase) -> list[Phrase]:
    lines: list[Phrase] = []
    at = 0
    for match in re.finditer(r"\n|$", message.plain):
        line = message[at : match.start()].strip()
        at = match.end()
        if line:
            lines.append(line)
    return lines


def _clauses(lines: list[Phrase]) -> Iterator[Clause]:
    at = 0
    while at < len(lines):
        line = lines[at]
        bullet = _BULLET.match(line.plain)
        below = lines[at + 1 :]
        at += 1
        if bullet is not None:
            for item in _numbered(line) or [line.after(bullet)]:
                yield Clause(item, listed=True)
        elif below and (_BULLET.match(below[0].plain) or line.plain.endswith(":")):
            items = _items(below)
            at += len(items)
            yield Clause(line, tuple(items))
        else:
            for sentence in _sentences(line):
                for phrase in _requests(sentence):
                    yield Clause(phrase)


def _numbered(line: Phrase) -> list[Phrase]:
    """The items of "1) laundry 2) dishes"; empty where there are not several."""
    numbers = list(_INLINE_NUMBER.finditer(line.plain))
    if len(numbers) < 2 or numbers[0].start() > 0:
        return []
    ends = [*(number.start() for number in numbers[1:]), len(line)]
    return [line[number.end() : end].strip(" ,;") for number, end in zip(numbers, ends, strict=True)]


def _items(lines: list[Phrase]) -> list[Phrase]:
    """The lines below a heading: the bulleted ones, or all of them when the first has no bullet."""
    bulleted = _BULLET.match(lines[0].plain) is not None
    items: list[Phrase] = []
    for line in lines:
        bullet = _BULLET.match(line.plain)
        if bulleted and bullet is None:
            break
        items.append(line.after(bullet) if bullet else line)
    return items


def _sentences(line: Phrase) -> Iterator[Phrase]:
    at = 0
    for match in _END.finditer(line.plain):
        before = line.plain[max(at, match.start() - 12) : match.start()]
        if (match["mark"] == "." and _NO_END.search(before)) or _WARNING.fullmatch(before):
            continue
        yield line[at : match.end()].strip()
        at = match.end()
    if at < len(line):
        yield line[at:].strip()


def _requests(sentence: Phrase) -> Iterator[Phrase]:
    at = 0
    verb: Phrase | None = None
    command = _command(_opening(sentence))
    for match in _CONNECTOR.finditer(sentence.plain):
        if match.start() <= at:
            continue
        ahead = sentence[match.end() : match.end() + _AHEAD]
        begins = match.end()
        is_word = ahead.plain[:1].isalpha()
        following: Phrase | None = None
        if is_word and command and (field := _OF_SAME_TASK.start(ahead)):
            following, begins = join([_SET, field["field"], _OF_IT]), match.end() + field.span[1]
        elif command and _SAME_VERB.start(ahead) and _HAS_TARGET.search(sentence.plain, at, match.start()):
            following = command
        elif not (is_word and (_STRONG.start(ahead) or (command and _COMMAND.start(ahead)))):
            continue
        yield _with_verb(verb, sentence[at : match.start()])
        verb, at = following, begins
        command = _command(verb or _opening(sentence[at:]))
    yield _with_verb(verb, sentence[at:])


def _command(opening: Phrase) -> Phrase | None:
    """The verb of a request that is a command; None for any other request."""
    started = _STARTS_AS_COMMAND.start(opening)
    return opening[: started.span[1]] if started else None


def _opening(phrase: Phrase) -> Phrase:
    return without_courtesy(phrase[:_OPENING])[0]


def _with_verb(verb: Phrase | None, phrase: Phrase) -> Phrase:
    return join([verb, phrase]) if verb else phrase.strip()
