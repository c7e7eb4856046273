"""When tasks are due: how it is written, and how people say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream.todo.v1.task_service_pb2 import DueFilter
from widgetstream_server.todo import due

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "due.yaml").read_text())
OSLO = ZoneInfo("Europe/Oslo")

zones = st.sampled_from(["Europe/Oslo", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "America/St_Johns"])
# Since 2000: before, one of these zones left a whole day out. Taken from UTC, because local times may not exist either.
moments = st.builds(
    lambda moment, zone: moment.astimezone(ZoneInfo(zone)),
    st.datetimes(datetime(2000, 1, 1), datetime(8999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 — naive bounds
    zones,
)


@pytest.mark.parametrize("case", TABLE["written"], ids=lambda case: str(case["text"]))
def test_one_way_of_writing(case: dict[str, str]) -> None:
    assert due.normalize(case["text"], zone=OSLO) == case["is"]


@pytest.mark.parametrize("text", TABLE["refused"])
def test_what_is_no_due_date(text: str) -> None:
    with pytest.raises(due.DueError, match="must"):
        due.normalize(text)


@pytest.mark.parametrize("case", TABLE["said"], ids=lambda case: f"{case['due']} at {case.get('now', 'noon')}")
def test_what_people_say(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case.get("now", TABLE["now"])).astimezone(OSLO)

    assert due.describe(Task(due=case["due"], completed=case.get("done", False)), now) == case["is"]


@given(moments)
def test_a_time_is_written_so_that_it_is_read_again(moment: datetime) -> None:
    written = due.normalize(moment.isoformat())
    read = due.instant(written, OSLO)

    assert due.normalize(written) == written
    assert read is not None
    assert abs(read - moment) < timedelta(seconds=1)


@given(moments, st.integers(-300, 300))
def test_a_day_is_due_in_its_last_second_wherever_it_is(now: datetime, days: int) -> None:
    day = (now + timedelta(days=days)).date()
    at = due.instant(day.isoformat(), now.tzinfo or UTC)

    assert at is not None
    assert at.astimezone(now.tzinfo).date() == day
    assert (at + timedelta(seconds=1)).astimezone(now.tzinfo).date() > day
    assert due.is_overdue(Task(due=day.isoformat()), now) == (days < 0)
    assert due.describe(Task(due=day.isoformat()), now)


@given(moments)
def test_windows_begin_and_end_at_midnight(now: datetime) -> None:
    first, before = due.window(DueFilter.DUE_FILTER_TODAY, now)
    tomorrow, _ = due.window(DueFilter.DUE_FILTER_TOMORROW, now)
    monday, sunday_midnight = due.window(DueFilter.DUE_FILTER_THIS_WEEK, now)

    assert first is not None
    assert before is not None
    assert sunday_midnight is not None
    assert first <= now < before
    assert tomorrow == before
    assert monday == first
    assert (sunday_midnight - timedelta(seconds=1)).astimezone(now.tzinfo).weekday() == 6
