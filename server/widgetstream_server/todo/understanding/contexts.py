"""Whether the words around a stretch let it be a date.

"sun" is one in "on sun" and none in "sun cream", "friday" one in "call Bob friday" and none in "the friday meeting".
"""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.days import MONTH, WEEKDAY

_LOOK_BACK = 60

# What introduces a date and disappears with it.
_LEAD = re.compile(
    r"(?:^|(?<=[\s,(;:.-]))"
    r"(?:(?:(?:it'?s|it is|that is|that's|which is|is|are|was|being) )?"
    r"(?:due|deadline|due date|date|when|to be done|scheduled)(?: date)?(?: is| for)?[:=]? ?)?"
    r"(?:(?:on|by|until|till|til|before|for|from|starting|no later than|not later than|at|during|over|within|after"
    r"|latest by|@"
    r"|sometime|some time|early|late|first thing|as of) ){0,3}$"
)
_DEADLINE = re.compile(
    r"\b(?:by|until|till|til|before|no later than|not later than|latest by) |^(?:is |are )?(?:due|deadline)"
)

_WORDS_AFTER = """
    at on by for in from to with without about and or then but that because so before after until till due
    please via around between regarding if when while tagged tag tags label labelled labeled priority as is
    has have i we my her his noon midday midnight morning afternoon evening night tonight today tomorrow this
    next of the asap instead it latest again already yet also not no high low medium urgent urgently important
    p1 p2 p3 p4
""".split()
# After a word that can be part of a name ("friday", "5 may", "at 5") one of these must follow for it to be a date.
_MAY_FOLLOW = re.compile(
    rf"\s*(?:$|[\n,.;:!?)\]#&+/-]|(?:{'|'.join(_WORDS_AFTER)}|{WEEKDAY}|{MONTH}|\d{{1,2}}(?:[:.]\d\d)? ?[ap]m"
    rf"|\d{{1,2}}:\d\d)\b)"
)
# Before a name of a day these make it part of a title: "the friday meeting", "every monday", "USA Today".
_MAKES_A_NAME = re.compile(
    r"\b(?:the|an?|my|our|your|his|her|their|every|each|usa|black|good|cyber|easter|ash|casual|taco|palm|high) $"
)


def with_lead(plain: str, start: int, end: int) -> tuple[tuple[int, int], str]:
    """The stretch together with what introduces it ("due on"), and that introduction."""
    offset = max(0, start - _LOOK_BACK)
    lead = _LEAD.search(plain[offset:start])
    return ((offset + lead.start(), end), lead.group()) if lead else ((start, end), "")


def is_spoken_for(lead: str) -> bool:
    """Whether an introduction says that the date is a deadline: "by friday", "due friday"."""
    return _DEADLINE.search(lead) is not None


def is_attribute(plain: str, start: int, end: int) -> bool:
    """Whether a date belongs to a noun: "the friday meeting", "tomorrow's lecture"."""
    return bool(_MAKES_A_NAME.search(plain[max(0, start - 12) : start])) or plain.startswith("'", end)


def may_follow(plain: str, end: int) -> bool:
    """Whether the words after a stretch let it be a date."""
    return _MAY_FOLLOW.match(plain, end) is not None


def ends_with_day(plain: str, start: int, end: int) -> bool:
    """Whether a short name ends the sentence as a day: in "call mom sat", not in "stay out of sun"."""
    at_end = not plain[end:].strip() and not plain.startswith("sun", start)
    return at_end and plain[:start].count(" ") >= 2
