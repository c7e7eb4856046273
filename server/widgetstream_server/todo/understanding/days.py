"""Days as people say them, found inside other words.

The grammar is our own because the readers of dates that exist (dateparser, parsedatetime) take any text for a date that
can be one: "may", "sun", "march" and "second" among them, and do not know "end of the month" or "half past five".
A form here claims a stretch of text only in a context that speaks of a day. python-dateutil, on which the arithmetic
rests, costs 3 MB and 15 ms at import where dateparser costs 19 MB and 150 ms at its first use.

"friday", "this friday" and "next friday" are all the next such day after today; "friday next week" is the one of the
week that begins next Monday. A day without a year is the next one to come; a day with a year is kept, past or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from widgetstream_server.todo.understanding import almanac
from widgetstream_server.todo.understanding.vocabulary import ORDINAL_WORDS, number_of

MONTH = (
    r"(?:(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?)"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_COUNT = (
    r"(?P<count>\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a couple of|a few|several)"
    r" (?:more )?(?P<unit>(?:working |business |week)?days?|weeks?|wks?|fortnights?|months?|years?)"
)
_ORDINAL_DAY = rf"(?P<day>{'|'.join(sorted(ORDINAL_WORDS, key=len, reverse=True))})"
_NUMBER_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{MONTH})"
_OF_WEEK = rf"(?:{WEEKDAY}\.?,? )?"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d)\b)?"
_ANCHOR = rf"(?P<anchor>now|today|tomorrow|{WEEKDAY}|later|hence)"
_NEXT_WEEK = r"next week|this week|after next|week(?! ?\w)|in an? week|in (?:two|2) weeks"
_HOLIDAY = (
    r"(?:christmas|xmas)(?: day| eve)?|new year(?:'?s)?(?: day| eve)?|halloween|valentine'?s(?: day)?"
    r"|easter(?: sunday)?"
)
_NEAR = {
    "day after tomorrow": 2,
    "tomorrow": 1,
    "today": 0,
    "later today": 0,
    "yesterday": -1,
    "day before yesterday": -2,
}
_EDGE = (
    r"\b(?:the )?(?P<edge>end|late|beginning|start|early|middle|mid)(?: of|[- ])[- ]?(?:the |this )?(?P<next>next )?"
    rf"(?:business |working )?(?P<unit>day|week|month|year|{MONTH})(?!\w)"
)
_WEEKDAY = (
    r"\b(?P<before>(?:this |the )?(?:this|next|last|past|coming|following|upcoming)(?: week(?:'s)?)?(?: on)? )?"
    rf"(?P<name>{WEEKDAY})\b(?P<after> (?:of )?(?:{_NEXT_WEEK}))?"
)
_NUMBERED = (
    r"(?:\bthe |(?<=\bon )|(?<=\bby )|(?<=\bbefore )|(?<=\buntil )|(?<=\bdue ))(?P<day>\d{1,2}(?:st|nd|rd|th))"
    r"(?: of (?:(?P<next>next)|this|the) month)?\b"
)
_ABBREVIATED = {"d": "day", "w": "week", "m": "month", "y": "year"}
_SHORT_WEEKDAY = re.compile(r"sun|sat|wed|mon")


@dataclass(frozen=True, slots=True)
class DaySpot:
    """A stretch of text that can mean a day."""

    start: int
    end: int
    day: date
    loose: bool
    """It means a day only where the words around it allow that ("sat", "5/12")."""
    needs_lead: bool = False
    """It means a day only after "on", "by" or the like, or beside a time of day ("sun")."""
    a_week_later: bool = False
    """It named today's own weekday; with a later time of day it means today."""


_Resolve = Callable[[re.Match[str], date], date]


def _numeric(match: re.Match[str], today: date) -> date:
    """Month before day, unless only the other order is possible."""
    first, second = int(match["first"]), int(match["second"])
    month, day = (second, first) if first > 12 else (first, second)
    return almanac.dated(match["year"], month, day, today)


def _german(match: re.Match[str], today: date) -> date:
    return almanac.dated(match["year"], int(match["month"]), int(match["day"]), today)


def _in_words(match: re.Match[str], today: date) -> date:
    return almanac.dated(match["year"], almanac.month_number(match["month"]), number_of(match["day"]), today)


def _near(match: re.Match[str], today: date) -> date:
    words = match[0].removeprefix("the ")
    weeks = 1 if words.endswith(" week") else 0
    return today + timedelta(days=_NEAR[words.removesuffix(" week")], weeks=weeks)


def _weekday(match: re.Match[str], today: date) -> date:
    before, name, after = (match["before"] or "").strip(), match["name"], (match["after"] or "").strip()
    if before in ("last", "past"):
        return almanac.last_weekday(name, today)
    if before.startswith("next week") or "next week" in after:
        return almanac.weekday_next_week(name, today)
    weeks = 0 if after in ("", "this week", "of this week") else 2 if re.search("two|2", after) else 1
    return almanac.coming_weekday(name, today) + timedelta(weeks=weeks)


def _from_anchor(match: re.Match[str], today: date) -> date:
    anchor = match["anchor"]
    if anchor in ("now", "today", "later", "hence"):
        start = today
    else:
        start = today + timedelta(days=1) if anchor == "tomorrow" else almanac.coming_weekday(anchor, today)
    return almanac.shifted(start, match["count"], match["unit"])


def _count(match: re.Match[str], today: date) -> date:
    return almanac.shifted(today, match["count"], match["unit"])


def _ago(match: re.Match[str], today: date) -> date:
    return today - (_count(match, today) - today)


# Tried in this order; a later form never claims text that an earlier one has. These speak of a day wherever they stand.
_CERTAIN: tuple[tuple[str, _Resolve], ...] = (
    (
        r"\b(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?:t(?=\d)|\b)",
        _german,
    ),
    (r"(?<![\w/.])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d{2})(?![\w/])", _numeric),
    (r"(?<![\w.-])(?P<first>\d{1,2})-(?P<second>\d{1,2})-(?P<year>\d{4})(?![\w-])", _numeric),
    (r"(?<![\w.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})(?![\w.])", _german),
    (rf"\b{_COUNT} (?:from |after )?{_ANCHOR}\b", _from_anchor),
    (rf"\b{_COUNT} on {_ANCHOR}\b", _from_anchor),
    (r"\b(?:the )?day (?:after tomorrow|before yesterday)\b", _near),
    (r"\b(?:today|tomorrow) week\b|\b(?:later )?today\b|\b(?:tomorrow|yesterday)\b", _near),
    (rf"\b{_COUNT} ago\b", _ago),
    (rf"\b(?:in|within)(?: the next| about| around| another| exactly)? {_COUNT}\b(?:'s?)?(?: time)?", _count),
    (r"\bthe week after next\b", lambda _, today: almanac.next_period("week", today) + timedelta(weeks=1)),
    (
        r"\beo(?P<unit>[dwmy])\b",
        lambda match, today: almanac.period_end(_ABBREVIATED[match["unit"]], today),
    ),
    (r"\b(?:cob|close of business)\b", lambda _, today: today),
    (r"\b(?P<unit>month|year)(?:'s)?[ -]end\b", lambda match, today: almanac.period_end(match["unit"], today)),
)

# These can be parts of a title as well.
_LOOSE: tuple[tuple[str, _Resolve], ...] = (
    (r"(?<![\w.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>)(?![\w.])", _german),
    (r"(?<![\w/.])(?!24/7)(?P<first>\d{1,2})/(?P<second>\d{1,2})(?P<year>)(?![\w/])", _numeric),
    (rf"\b{_OF_WEEK}(?:the )?{_NUMBER_DAY}(?: of |[- ])?{_MONTH}{_YEAR}", _in_words),
    (rf"\b{_OF_WEEK}(?:the )?{_ORDINAL_DAY} of {_MONTH}{_YEAR}", _in_words),
    (rf"\b{_OF_WEEK}{_MONTH} (?:the )?{_NUMBER_DAY}(?![\d:./%]|\w| ?[ap]\.?m\b){_YEAR}", _in_words),
    (rf"\b{_MONTH} (?:the )?{_ORDINAL_DAY}\b{_YEAR}", _in_words),
    (
        _EDGE,
        lambda match, today: almanac.edge(match["edge"], match["unit"], bool(match["next"]), today),
    ),
    (_WEEKDAY, _weekday),
    (
        r"\b(?:the )?(?P<which>next|this|last|following|coming|past) (?P<unit>weekend|week|month|year)\b",
        lambda match, today: almanac.period(match["which"], match["unit"], today),
    ),
    (r"\b(?:over |at |on |for )?the weekend\b", lambda _, today: almanac.period("this", "weekend", today)),
    (
        _NUMBERED,
        lambda match, today: almanac.numbered_day(number_of(match["day"]), bool(match["next"]), today),
    ),
    (
        rf"\b(?:in|by|until|before|next|this|for|during) {_MONTH}{_YEAR}",
        lambda match, today: almanac.dated(match["year"], almanac.month_number(match["month"]), 1, today),
    ),
    (
        rf"\b(?:by|before|on|until|after) (?P<holiday>{_HOLIDAY})\b",
        lambda match, today: almanac.holiday(match["holiday"], today),
    ),
)
_FORMS = [
    (re.compile(form), resolve, loose)
    for forms, loose in ((_CERTAIN, False), (_LOOSE, True))
    for form, resolve in forms
]


def find_days(plain: str, today: date) -> Iterator[DaySpot]:
    """All stretches that can mean a day, not overlapping, in no particular order."""
    taken: list[tuple[int, int]] = []
    for pattern, resolve, loose in _FORMS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            try:
                day = resolve(match, today)
            except (ValueError, OverflowError):  # no such day: "31/2", "in 9999 years"
                continue
            taken.append((start, end))
            yield _spot(match, day, loose, today)


def _spot(match: re.Match[str], day: date, loose: bool, today: date) -> DaySpot:
    groups = match.groupdict()
    before, after = (groups.get("before") or "").strip(), groups.get("after")
    short = "name" in groups and not before and _SHORT_WEEKDAY.fullmatch(match["name"]) is not None
    own_name = "name" in groups and before in ("", "this") and not after and day == today + timedelta(days=7)
    return DaySpot(match.start(), match.end(), day, loose, short, own_name)
