"""Dates that depend on where and when they are said."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from widgetstream_server.todo.understanding import read

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
KATHMANDU = ZoneInfo("Asia/Kathmandu")

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)
SATURDAY = datetime(2026, 11, 28, 10, 0, tzinfo=BERLIN)
SUNDAY_NIGHT = datetime(2026, 11, 29, 23, 30, tzinfo=BERLIN)
NEW_YEARS_EVE = datetime(2026, 12, 31, 12, 0, tzinfo=BERLIN)
END_OF_JANUARY = datetime(2027, 1, 31, 12, 0, tzinfo=BERLIN)
LEAP_DAY = datetime(2028, 2, 29, 9, 0, tzinfo=BERLIN)
BEFORE_SPRING = datetime(2027, 3, 27, 12, 0, tzinfo=BERLIN)
BEFORE_AUTUMN = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "now, said, due",
    [
        # Weekdays: the next such day; today's own name is a week away unless a later time today is given.
        (MONDAY, "monday", "2026-11-30"),
        (MONDAY, "this monday at 5pm", "2026-11-23T17:00:00+01:00"),
        (MONDAY, "next monday", "2026-11-30"),
        (MONDAY, "next friday", "2026-11-27"),
        (MONDAY, "friday next week", "2026-12-04"),
        (SATURDAY, "saturday", "2026-12-05"),
        (SATURDAY, "the weekend", "2026-11-28"),
        (SATURDAY, "next weekend", "2026-12-05"),
        (SATURDAY, "in 2 working days", "2026-12-01"),
        (SUNDAY_NIGHT, "tomorrow", "2026-11-30"),
        (SUNDAY_NIGHT, "next week", "2026-11-30"),
        (SUNDAY_NIGHT, "the end of the week", "2026-11-29"),
        (SUNDAY_NIGHT, "in 2 hours", "2026-11-30T01:30:00+01:00"),
        (SUNDAY_NIGHT, "at 8am", "2026-11-30T08:00:00+01:00"),
        # Months of unequal length, turns of the year.
        (NEW_YEARS_EVE, "tomorrow", "2027-01-01"),
        (NEW_YEARS_EVE, "the end of the year", "2026-12-31"),
        (NEW_YEARS_EVE, "next month", "2027-01-01"),
        (NEW_YEARS_EVE, "the 1st", "2027-01-01"),
        (NEW_YEARS_EVE, "dec 31", "2026-12-31"),
        (NEW_YEARS_EVE, "dec 30", "2027-12-30"),
        (END_OF_JANUARY, "in a month", "2027-02-28"),
        (END_OF_JANUARY, "the end of next month", "2027-02-28"),
        (END_OF_JANUARY, "the 30th", "2027-03-30"),
        (END_OF_JANUARY, "feb 29", "2028-02-29"),
        (LEAP_DAY, "in a year", "2029-02-28"),
        # Clocks that change: 2:30 is skipped in spring, and hours are counted as they pass.
        (BEFORE_SPRING, "tomorrow at 2:30am", "2027-03-28T03:30:00+02:00"),
        (BEFORE_SPRING, "tomorrow at noon", "2027-03-28T12:00:00+02:00"),
        (BEFORE_SPRING, "in 24 hours", "2027-03-28T13:00:00+02:00"),
        (BEFORE_AUTUMN, "in 24 hours", "2026-10-25T11:00:00+01:00"),
        # Other zones.
        (datetime(2026, 11, 23, 22, 0, tzinfo=NEW_YORK), "tomorrow at 9am", "2026-11-24T09:00:00-05:00"),
        (datetime(2026, 11, 23, 22, 0, tzinfo=KATHMANDU), "tonight at 11", "2026-11-23T23:00:00+05:45"),
        (datetime(1890, 1, 1, 12, 0, tzinfo=BERLIN), "tomorrow", "1890-01-02"),
    ],
)
def test_a_date_is_counted_from_the_persons_clock(now: datetime, said: str, due: str) -> None:
    (call,) = read(f"add call Bob {'' if said.startswith(('in ', 'at ', 'tomorrow')) else 'by '}{said}", now=now).calls

    assert call.arguments == {"title": "Call Bob", "due": due}


@pytest.mark.parametrize(
    "said", ["on feb 30", "on 31/31", "in 99999 years", "at 25:00", "on 2026-13-01", "in 9999 years"]
)
def test_a_date_that_does_not_exist_stays_in_the_title(said: str) -> None:
    (call,) = read(f"add call Bob {said}", now=MONDAY).calls

    assert call.arguments == {"title": f"Call Bob {said}"}


def test_nothing_beyond_the_calendar_is_reckoned_with() -> None:
    (call,) = read("add call Bob next year", now=datetime(9999, 12, 31, 23, 0, tzinfo=BERLIN)).calls

    assert "due" not in call.arguments
