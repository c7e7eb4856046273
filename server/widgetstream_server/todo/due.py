"""When a task is due: how it is written, the instant it means, and how people say it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream.todo.v1.task_service_pb2 import DueFilter
from widgetstream_server.todo import texts
from widgetstream_server.todo.words import spoken

FIRST_YEAR = 1970
LAST_YEAR = 9000

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)
_LAST_SECOND = time(23, 59, 59)


class DueError(ValueError):
    """A text that is no due date. Its text is a rule, as a phrase that follows the field's name."""


def parse(text: str, *, zone: tzinfo | None = None) -> date | datetime:
    """Read a day (``2026-12-05``), or a time with its offset (``2026-12-05T17:00:00+01:00``).

    Args:
        text: The text.
        zone: In which a time without an offset is meant. None: such a time is refused.

    Returns:
        A ``date``, or an aware ``datetime`` with whole seconds.

    Raises:
        DueError: The text is something else, or the day does not exist.
    """
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            found: date | datetime = date.fromisoformat(text)
        else:
            match = _TIME.fullmatch(text)
            if match is None or (match["offset"] is None and zone is None):
                raise DueError(texts.DUE_RULE)
            found = datetime.fromisoformat(text.upper()).replace(microsecond=0)
            if found.tzinfo is None:
                found = found.replace(tzinfo=zone)
    except ValueError as error:
        raise error if isinstance(error, DueError) else DueError(texts.DUE_RULE) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise DueError(texts.DUE_YEAR_RULE.format(first=FIRST_YEAR, last=LAST_YEAR))
    return found


def normalize(text: str, *, zone: tzinfo | None = None) -> str:
    """Return the one way of writing a due date; nothing for nothing. Raises what ``parse`` raises."""
    if not text.strip():
        return ""
    found = parse(text, zone=zone)
    return found.isoformat(timespec="seconds") if isinstance(found, datetime) else found.isoformat()


def instant(text: str, zone: tzinfo) -> datetime | None:
    """Return when a task with this due date counts as due, in UTC: for a day, its last second in ``zone``."""
    if not text:
        return None
    found = parse(text)
    if not isinstance(found, datetime):
        found = datetime.combine(found, _LAST_SECOND, zone)
    return found.astimezone(UTC)


def local_day(text: str, zone: tzinfo) -> date | None:
    """Return the day on which a task with this due date is due."""
    if not text:
        return None
    found = parse(text)
    return found.astimezone(zone).date() if isinstance(found, datetime) else found


def local_time(text: str, zone: tzinfo) -> time | None:
    """Return the time of day at which a task with this due date is due. None: a day, or nothing."""
    found = parse(text) if text else None
    return found.astimezone(zone).time() if isinstance(found, datetime) else None


def window(due: DueFilter.ValueType, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when, and before when, a task that the filter lets through is due.

    Args:
        due: The filter: anything but ``DUE_FILTER_NONE``.
        now: The time, in the person's time zone.
    """
    today = now.date()
    match due:
        case DueFilter.DUE_FILTER_OVERDUE:
            return None, now.astimezone(UTC)
        case DueFilter.DUE_FILTER_TODAY:
            first, days = today, 1
        case DueFilter.DUE_FILTER_TOMORROW:
            first, days = today + timedelta(days=1), 1
        case DueFilter.DUE_FILTER_THIS_WEEK:
            first, days = today, 7 - today.weekday()
        case _:
            return None, None
    return _midnight(first, now), _midnight(first + timedelta(days=days), now)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time.min, now.tzinfo).astimezone(UTC)


def is_overdue(task: Task, now: datetime) -> bool:
    """Return whether a task is open and was due before ``now``, which is in the person's time zone."""
    at = None if task.completed else instant(task.due, now.tzinfo or UTC)
    return at is not None and at < now


def describe(task: Task, now: datetime) -> str:
    """Say when a task is due, as people do: “today 17:00”, “overdue since 3 Nov”. Empty: it is not due.

    Args:
        task: The task.
        now: The time, in the person's time zone.
    """
    zone = now.tzinfo or UTC
    day = local_day(task.due, zone)
    if day is None:
        return ""
    at = local_time(task.due, zone)
    clock = f"{at:%H:%M}" if at else ""
    if not is_overdue(task, now):
        return f"{describe_day(day, now.date())} {clock}".rstrip()
    since = clock if day == now.date() else describe_day(day, now.date())
    return spoken().overdue_since.format(since=since)


def describe_day(day: date, today: date) -> str:
    """Say a day as people do: “today”, “Friday” for the coming six days, “3 Nov”, “3 Nov 2027”."""
    words, distance = spoken(), (day - today).days
    if distance in words.near_days:
        return words.near_days[distance]
    if 0 < distance < 7:
        return words.weekdays[day.weekday()]
    form = words.day if day.year == today.year else words.day_of_year
    return form.format(day=day.day, month=words.months[day.month - 1], year=day.year)
