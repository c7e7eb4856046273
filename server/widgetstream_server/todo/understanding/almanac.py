"""The calendar as people speak of it: the next such day, ends of periods, holidays.

The arithmetic (months of unequal length, the next such weekday, Easter) is python-dateutil's. A week begins on Monday.
Every function raises ValueError or OverflowError for a day beyond the calendar.
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta
from dateutil.relativedelta import weekday as weekday_rule

from widgetstream_server.todo.understanding.vocabulary import number_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = {"mon": MO, "tue": TU, "wed": WE, "thu": TH, "fri": FR, "sat": SA, "sun": SU}
_SOME = {"a": 1, "an": 1, "another": 1, "one more": 1, "a couple of": 2, "a few": 3, "several": 3}
_HOLIDAYS = {"chr": (12, 25), "xma": (12, 25), "new": (1, 1), "hal": (10, 31), "val": (2, 14)}


def month_number(name: str) -> int:
    """The number of a month, from its name or the beginning of that."""
    return _MONTHS.index(name[:3]) + 1


def is_month(name: str) -> bool:
    """Whether the word is a month's name; "month" itself is not."""
    return name[:3] in _MONTHS and name != "month"


def coming(month: int, day: int, today: date) -> date:
    """The next such day, today included."""
    for year in range(today.year, today.year + 9):  # eight years hold a 29 February
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= today:
            return candidate
    raise ValueError("no year has such a day")


def dated(year: str | None, month: int, day: int, today: date) -> date:
    """That day of a year of two or four digits; without a year the next such day."""
    if not year:
        return coming(month, day, today)
    return date(int(year) + (2000 if len(year) == 2 else 0), month, day)


def weekday_rule_of(name: str) -> weekday_rule:
    """The rule for `relativedelta` of a weekday's name or the beginning of that."""
    return _WEEKDAYS[name[:3]]


def coming_weekday(name: str, today: date) -> date:
    """The next such weekday after today."""
    return today + relativedelta(days=+1, weekday=weekday_rule_of(name))


def last_weekday(name: str, today: date) -> date:
    """The latest such weekday before today."""
    return today + relativedelta(days=-1, weekday=weekday_rule_of(name)(-1))


def weekday_next_week(name: str, today: date) -> date:
    """That weekday of the week that begins next Monday."""
    return next_period("week", today) + relativedelta(weekday=weekday_rule_of(name))


def count_of(words: str) -> int:
    """The number in "3 days", "a few days" or "another week". KeyError for other words."""
    return _SOME[words] if words in _SOME else number_of(words)


def shifted(start: date, count: str, unit: str) -> date:
    """`start` moved by a number of units, both as said ("a couple of", "weeks")."""
    number = count_of(count)
    if unit.startswith(("working", "business", "weekday")):
        weeks, days = divmod(number, 5)
        day = start + timedelta(weeks=weeks)
        for _ in range(days):
            day += timedelta(days=1 if day.weekday() in (0, 1, 2, 3, 6) else 7 - day.weekday())
        return day
    if unit.startswith("month"):
        return start + relativedelta(months=number)
    if unit.startswith("year"):
        return start + relativedelta(years=number)
    return start + timedelta(days=number * {"f": 14, "w": 7, "d": 1}[unit[0]])


def next_period(unit: str, today: date) -> date:
    """The first day of the next week, month or year; today for other units."""
    if unit == "week":
        return today + relativedelta(days=+1, weekday=MO)
    if unit == "month":
        return today + relativedelta(months=+1, day=1)
    return today + relativedelta(years=+1, month=1, day=1) if unit == "year" else today


def period_end(unit: str, today: date) -> date:
    """The last day of the current week, month or year; today for other units. A week ends on Friday while it lasts."""
    if unit == "week":
        return today + relativedelta(weekday=FR if today.weekday() <= 4 else SU)
    if unit == "month":
        return today + relativedelta(day=31)
    return today + relativedelta(month=12, day=31) if unit == "year" else today


def period(which: str, unit: str, today: date) -> date:
    """The day meant by "this week", "next month", "last year" or "the weekend"."""
    step = {"next": 1, "following": 1, "coming": 1, "last": -1, "past": -1}.get(which, 0)
    if unit == "weekend":
        return today + relativedelta(weekday=SA) + timedelta(weeks=step)
    if step == 0:
        return period_end(unit, today)
    if step == 1:
        return next_period(unit, today)
    if unit == "week":
        return today - timedelta(days=today.weekday() + 7)
    return (
        today + relativedelta(months=-1, day=1) if unit == "month" else today + relativedelta(years=-1, month=1, day=1)
    )


def edge(which: str, unit: str, of_next: bool, today: date) -> date:
    """The day meant by "the end of next month", "mid december", "the beginning of the week"."""
    if is_month(unit):
        first = coming(month_number(unit), 1, today.replace(day=1))
        return first + relativedelta(day={"e": 31, "l": 31, "m": 15}.get(which[0] if which != "early" else "", 1))
    if which in ("end", "late"):
        return period_end(unit, next_period(unit, today) if of_next else today)
    if not which.startswith("mid"):
        return next_period(unit, today)
    if unit == "week":
        return weekday_next_week("wed", today) if of_next else coming_weekday("wed", today)
    return (next_period(unit, today) if of_next else today) + relativedelta(day=15)


def numbered_day(day: int, in_next_month: bool, today: date) -> date:
    """The next day of that number, today included."""
    start = next_period("month", today) if in_next_month else today
    for ahead in range(3):  # no two months in a row are too short for it
        candidate = start + relativedelta(months=ahead, day=day)
        if candidate.day == day and candidate >= start:
            return candidate
    raise ValueError("no month has such a day")


def holiday(name: str, today: date) -> date:
    """The next such holiday."""
    if name.startswith("easter"):
        return min(sunday for sunday in (easter(today.year), easter(today.year + 1)) if sunday >= today)
    month, day = _HOLIDAYS[name[:3]]
    if name.endswith(" eve"):
        month, day = (12, 24) if month == 12 else (12, 31)
    return coming(month, day, today)
