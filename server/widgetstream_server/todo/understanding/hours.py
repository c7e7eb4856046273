"""Times of day as people say them, found inside other words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time

from widgetstream_server.todo.understanding.vocabulary import number_of

_HOUR = r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_HALF = r"(?: ?([ap])\.?m\b)?"
_AT = r"(?:at|by|around|about|before|until|till|from|@)"
_PARTS = {"morning": time(9), "afternoon": time(15), "evening": time(18), "night": time(20)}
_NAMED = {"noon": time(12), "midday": time(12), "lunch": time(12), "midnight": time(23, 59)}


@dataclass(frozen=True, slots=True)
class TimeSpot:
    """A stretch of text that can mean a time of day."""

    start: int
    end: int
    clock: time
    vague: bool = False
    """An hour from 1 to 12 that does not say which half of the day it is in."""
    loose: bool = False
    """It means a time only where the words around it allow that ("at 5")."""
    needs_day: bool = False
    """It means a time only beside a day ("friday evening")."""
    part: bool = False
    """It is a part of the day ("evening"), which tells the half of the day of an hour beside it."""
    today: bool = False
    """It is a time of today ("tonight", "this evening")."""


_Resolve = Callable[[re.Match[str]], TimeSpot | None]


def _spot(match: re.Match[str], hour: int, minute: int = 0, half: str | None = None, **flags: bool) -> TimeSpot | None:
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return None
    vague = half is None and 1 <= hour <= 12 and not match[0].lstrip("at@by round").startswith("0")
    return TimeSpot(*match.span(), time(hour, minute), vague=vague, **flags)


def _range(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, int(match[1]), int(match[2] or 0), match[3] or match[4])


def _from_to(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, number_of(match[1]), int(match[2] or 0), loose=True)


def _half_day(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, number_of(match[1]), int(match[2] or 0), match[3])


def _digits(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, int(match[1]), int(match[2] or 0))


def _hour(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, number_of(match[1]), loose=True)


def _o_clock(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, number_of(match[1]))


def _half_past(match: re.Match[str]) -> TimeSpot | None:
    return _spot(match, number_of(match[1]), 30, match[2])


def _minutes(match: re.Match[str]) -> TimeSpot | None:
    amount = {"quarter": 15, "twenty five": 25}.get(match[1]) or (20 if match[1] == "twenty" else number_of(match[1]))
    hour = number_of(match[3])
    if match[2] in ("to", "before", "til"):
        return _spot(match, hour - 1 or 12, 60 - amount, match[4])
    return _spot(match, hour, amount, match[4])


def _named(match: re.Match[str]) -> TimeSpot:
    return TimeSpot(*match.span(), _NAMED[match[1].removesuffix("time").strip()], loose=True)


def _part(match: re.Match[str]) -> TimeSpot:
    lead = match[1] or ""
    return TimeSpot(
        *match.span(),
        _PARTS[match[2]],
        loose=True,
        needs_day=lead == "",
        part=True,
        today=lead.startswith(("this", "later this")),
    )


def _tonight(match: re.Match[str]) -> TimeSpot:
    return TimeSpot(*match.span(), time(20), part=True, today=True)


_RANGE = r"(?<![\w.:/])(\d{1,2})(?::(\d{2}))? ?(?:([ap])\.?m\.?)? ?(?:-|to|until) ?\d{1,2}(?::\d{2})? ?([ap])\.?m\b"
_FROM_TO = rf"\bfrom {_HOUR}(?::(\d\d))? (?:to|until|till|-) (?:{_HOUR}(?::\d\d)?)\b"
_PAST_OR_TO = (
    r"\b(?:a )?(quarter|five|ten|twenty five|twenty|\d{1,2} minutes)(?: minutes)? (past|after|to|before|til)"
    rf" {_HOUR}\b{_HALF}"
)
_HOUR_AND_MINUTE = (
    r"(?:(?<=\dt)|(?<![\w.:/]))([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?: ?(?:h|hrs|hours|uhr)\b)?(?![\w:])"
)
_PART_OF_DAY = (
    r"\b(?:(in the|later this|this|late in the|early in the|first thing in the) )?(?:late |early )?"
    r"(morning|afternoon|evening|night)\b"
)

# Tried in this order; a later form never claims text that an earlier one has.
_FORMS: tuple[tuple[re.Pattern[str], _Resolve], ...] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (_RANGE, _range),
        (_FROM_TO, _from_to),
        (_PAST_OR_TO, _minutes),
        (rf"\b(?:half past|at half) {_HOUR}\b{_HALF}", _half_past),
        (rf"(?<![\w.:/]){_HOUR}(?:[:.](\d{{2}}))? ?(?:([ap])\.?m\b\.?)(?: sharp\b)?", _half_day),
        (_HOUR_AND_MINUTE, _digits),
        (r"\bat ([01]?\d|2[0-3])h([0-5]\d)?\b", _digits),
        (rf"\b{_HOUR} ?o'? ?clock\b", _o_clock),
        (r"\b(noon|midday|midnight|lunch ?time|(?<=\bat )lunch)\b", _named),
        (r"\btonight\b", _tonight),
        (_PART_OF_DAY, _part),
        (rf"(?<!\w){_AT} ?{_HOUR}(?: ?ish)?\b(?! ?[%$€£°]|[.:/-]\d)", _hour),
    )
)


def find_times(plain: str) -> Iterator[TimeSpot]:
    """All stretches that can mean a time of day, not overlapping, in no particular order."""
    taken: list[tuple[int, int]] = []
    for pattern, resolve in _FORMS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            try:
                spot = resolve(match)
            except (ValueError, KeyError):
                continue
            if spot is not None:
                taken.append((start, end))
                yield spot
