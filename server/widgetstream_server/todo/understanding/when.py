"""When a task is due: days and times of day put together, and the words that said so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from widgetstream_server.todo.understanding import almanac
from widgetstream_server.todo.understanding.contexts import (
    ends_with_day,
    is_attribute,
    is_spoken_for,
    may_follow,
    with_lead,
)
from widgetstream_server.todo.understanding.days import MONTH, WEEKDAY, DaySpot, find_days
from widgetstream_server.todo.understanding.hours import TimeSpot, find_times
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.vocabulary import NUMBER, starts_with_task_verb

_SEARCHED = 700
"""Characters of a sentence in which a date is looked for: a title ends long before."""

_COUNT = rf"(?:{NUMBER}|an?|a couple of|a few|half an|another|one more)"
_HOURS = r"(?:hours?|hrs?|minutes?|mins?)"
_IN_HOURS = re.compile(
    rf"\b(?:in|within)(?: about| around"
    rf"| another)? (?P<count>{_COUNT})(?: more)? (?P<unit>{_HOURS})(?P<half> and a half)?\b"
    r"(?:' ?time)?"
)
_HOURS_FROM_NOW = re.compile(rf"\b(?P<count>{_COUNT}) (?P<unit>{_HOURS})(?P<half> and a half)? from now\b")
_ISO_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:z|[+-]\d\d:?\d\d)(?!\w)")
_SHIFT = re.compile(
    rf"(?:by |for )?(?:about |another )?(?P<count>{_COUNT})(?: more)? "
    rf"(?P<unit>days?|working days?|business days?|weeks?|fortnights?|months?|years?|{_HOURS})(?: later| more)?"
)
_BEFORE_WHOLE = re.compile(r"(?:to|until|till|til|out|back|forward|for|on|due) (?!today\b.)")
_AROUND_WHOLE = re.compile(r"\W|\b(?:to|until|till|instead|at|the|on|and)\b")
_BESIDE = re.compile(r"[ ,]*(?:(?:at|around|by|in the|on|of) )? ?")
_TO_ANOTHER_DAY = re.compile(rf" (?:to|until|till|through|-) (?:{WEEKDAY}|{MONTH}|\d|the )")
_EVENING = re.compile(r"\b(?:dinner|supper|drinks)\b")
# "plan next week": the day is what is planned, not when.
_PLANS_A_DAY = re.compile(r"(?:plan|prepare|review|organi[sz]e|discuss|schedule|celebrate|enjoy|survive) ?$")


@dataclass(frozen=True, slots=True)
class When:
    """A due date with the stretches of text that said it."""

    due: str
    """A day ("2026-11-24"), or a time in RFC 3339 ("2026-11-24T17:00:00+01:00")."""
    day: date
    spans: tuple[tuple[int, int], ...]


def find_when(phrase: Phrase, now: datetime) -> When | None:
    """The due date that the phrase speaks of, None where it names none."""
    plain = phrase.plain[:_SEARCHED]
    try:
        return _moment(plain, now) or _day_and_time(plain, now)
    except (ValueError, OverflowError):  # beyond the calendar
        return None


def whole_when(phrase: Phrase, now: datetime) -> str | None:
    """The due date of a phrase that says nothing else ("to friday at 5", "by 2 days", "a week later")."""
    whole = phrase.plain.strip(" .,!?")
    bare = _BEFORE_WHOLE.sub("", whole, count=1) if _BEFORE_WHOLE.match(whole) else whole
    if shift := _SHIFT.fullmatch(bare):
        try:
            return _shifted(shift["count"], shift["unit"], now)
        except (ValueError, OverflowError, KeyError):  # beyond the calendar, or "half a week"
            return None
    for plain in (whole, bare):
        when = find_when(Phrase(plain, plain), now)
        if when is not None and not _AROUND_WHOLE.sub("", _rest(plain, when.spans)):
            return when.due
    return None


def _rest(plain: str, spans: Iterable[tuple[int, int]]) -> str:
    return Phrase(plain, plain).without(spans).plain


def _shifted(count: str, unit: str, now: datetime) -> str:
    if unit.startswith(("hour", "hr", "min")):
        return _rfc3339(_after(now, count, unit))
    return almanac.shifted(now.date(), count, unit).isoformat()


def _after(now: datetime, count: str, unit: str, *, and_a_half: bool = False) -> datetime:
    amount = (0.5 if count == "half an" else almanac.count_of(count)) + (0.5 if and_a_half else 0)
    length = timedelta(hours=amount) if unit.startswith("h") else timedelta(minutes=amount)
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo)


def _moment(plain: str, now: datetime) -> When | None:
    """A point in time said in one piece: a number of hours from now, or a full ISO timestamp."""
    if iso := _ISO_MOMENT.search(plain):
        moment = datetime.fromisoformat(iso[0].upper())
        return When(_rfc3339(moment), moment.date(), (with_lead(plain, *iso.span())[0],))
    relative = _IN_HOURS.search(plain) or _HOURS_FROM_NOW.search(plain)
    if relative is None:
        return None
    moment = _after(now, relative["count"], relative["unit"], and_a_half=bool(relative["half"]))
    return When(_rfc3339(moment), moment.date(), (relative.span(),))


def _day_and_time(plain: str, now: datetime) -> When | None:
    times = sorted(find_times(plain), key=lambda spot: spot.start)
    day = _chosen_day(plain, find_days(plain, now.date()), times)
    clock, of_clock = _chosen_time(plain, day, [spot for spot in times if _is_time(plain, spot, day)])
    if day is not None and _TO_ANOTHER_DAY.match(plain, day.end) and with_lead(plain, day.start, day.end)[1] == "from ":
        return When(day.day.isoformat(), day.day, ())  # "vacation from dec 20 to jan 3" is a title that says both
    if clock is not None and clock.vague and _EVENING.search(plain):
        clock = replace(clock, clock=clock.clock.replace(hour=clock.clock.hour % 12 + 12), vague=False)
    spans = [with_lead(plain, spot.start, spot.end)[0] for spot in ([day] if day else []) + of_clock]
    if clock is not None:
        moment = _combined(day, clock, now)
        return When(_rfc3339(moment), moment.date(), tuple(spans))
    if day is None or (spans[0][0] == day.start and _PLANS_A_DAY.match(_rest(plain, spans))):
        return None
    return When(day.day.isoformat(), day.day, tuple(spans))


def _chosen_day(plain: str, spots: Iterable[DaySpot], times: list[TimeSpot]) -> DaySpot | None:
    """The day that is the due date: one with "by" before one at the start before the first of the others."""
    ranked: list[tuple[int, int, DaySpot]] = []
    for spot in spots:
        (start, _), lead = with_lead(plain, spot.start, spot.end)
        if _is_day(plain, spot, start, lead, times):
            rank = 3 if is_spoken_for(lead) else 2 if start == 0 else 1
            ranked.append((rank, -start, spot))
    return max(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def _is_day(plain: str, spot: DaySpot, start: int, lead: str, times: list[TimeSpot]) -> bool:
    """Whether the words around the stretch let it be a day."""
    if is_attribute(plain, start, spot.end):
        return False
    if lead or any(_adjacent(plain, spot, other) for other in times if not other.loose):
        return True
    if spot.needs_lead and not ends_with_day(plain, spot.start, spot.end):
        return False
    starts_task = start == 0 and starts_with_task_verb(plain[spot.end :].strip())
    return not spot.loose or may_follow(plain, spot.end) or starts_task


def _is_time(plain: str, spot: TimeSpot, day: DaySpot | None) -> bool:
    """Whether the words around the stretch let it be a time of day."""
    if day is not None and _adjacent(plain, day, spot):
        return True
    if spot.needs_day or (spot.loose and is_attribute(plain, spot.start, spot.end)):
        return False
    named = spot.clock in (time(12), time(23, 59)) and bool(with_lead(plain, spot.start, spot.end)[1])
    return not spot.loose or named or may_follow(plain, spot.end)


def _chosen_time(plain: str, day: DaySpot | None, times: list[TimeSpot]) -> tuple[TimeSpot | None, list[TimeSpot]]:
    """The time of day, and the one or two stretches that say it ("at 8" with "tonight")."""
    hour = next((spot for spot in times if spot.vague), None)
    part = next((spot for spot in times if spot.part), None)
    if hour is not None and part is not None:
        clock = hour.clock.replace(hour=hour.clock.hour % 12 + (12 if part.clock.hour >= 12 else 0))
        return replace(hour, clock=clock, vague=False, today=part.today), [hour, part]
    chosen = min(times, key=lambda spot: (not _adjacent(plain, day, spot), spot.start), default=None)
    return chosen, [chosen] if chosen else []


def _adjacent(plain: str, day: DaySpot | None, spot: TimeSpot) -> bool:
    if day is None:
        return False
    if spot.needs_day and spot.start < day.start:
        return False  # "parent evening on friday"
    between = plain[day.end : spot.start] if day.end <= spot.start else plain[spot.end : day.start]
    return _BESIDE.fullmatch(between) is not None


def _combined(day: DaySpot | None, clock: TimeSpot, now: datetime) -> datetime:
    today = now.date()
    at = _waking(clock)
    if day is None and not clock.today:
        other = clock.clock.replace(hour=(clock.clock.hour + 12) % 24)
        later = [option for option in ((clock.clock, other) if clock.vague else (clock.clock,)) if option > now.time()]
        return _at(today, min(later), now) if later else _at(today + timedelta(days=1), at, now)
    on = today if day is None else day.day
    if on == today and clock.vague and at <= now.time() and at.hour < 12:
        at = at.replace(hour=at.hour + 12)
    if day is not None and day.a_week_later and at > now.time():
        on = today
    return _at(on, at, now)


def _waking(clock: TimeSpot) -> time:
    """An hour that does not say its half of the day, taken into the hours in which people are up."""
    return clock.clock.replace(hour=clock.clock.hour + 12) if clock.vague and clock.clock.hour <= 6 else clock.clock


def _at(day: date, clock: time, now: datetime) -> datetime:
    # By way of UTC: a time that the clocks skip in spring becomes the one they show instead.
    return datetime.combine(day, clock, tzinfo=now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)


def _rfc3339(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:  # historic local times: RFC 3339 has no seconds in offsets
        moment = moment.astimezone(UTC)
    return moment.replace(second=0, microsecond=0).isoformat()
