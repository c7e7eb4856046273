"""The plan of a week: what is overdue, what is due on each day that is left, and what has no date."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream.todo.v1.task_service_pb2 import DueFilter, ListTasksRequest
from widgetstream_server.todo import due
from widgetstream_server.todo.desk import Desk
from widgetstream_server.todo.names import PRIORITY_NAMES
from widgetstream_server.todo.words import spoken

MAX_LINES: Final = 8
"""Tasks of a part that are named; of others the plan says how many there are."""

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the plan.

    Attributes:
        title: What it is about, such as a day.
        icon: Shown with it.
        tasks: Its tasks, at most a hundred.
        total: How many there are.
        day: The day, if it is one.
    """

    title: str
    icon: str
    tasks: Sequence[Task] = ()
    total: int = 0
    day: date | None = None

    def content(self, desk: Desk) -> str:
        """Return the tasks as markdown."""
        if not self.tasks:
            return spoken().plan_free
        lines = [f"- {_line(task, desk)}" for task in self.tasks[:MAX_LINES]]
        left = self.total - len(lines)
        if left > 0:
            lines.append(f"- {spoken().plan_more.format(count=left)}")
        return "\n".join(lines)


async def parts(desk: Desk) -> AsyncIterator[tuple[Part, bool]]:
    """Yield the parts in order, each twice: as a mere title before it is looked up (False), and complete (True).

    Days are always there; what is overdue or has no date only if there is any.
    """
    overdue = Part(spoken().plan_overdue, "clock")
    yield overdue, False
    tasks, total = await _tasks(desk, DueFilter.DUE_FILTER_OVERDUE)
    late = {task.task_id for task in tasks}
    yield Part(overdue.title, overdue.icon, tasks, total), True
    by_day: dict[date, list[Task]] = {}
    week, _ = await _tasks(desk, DueFilter.DUE_FILTER_THIS_WEEK)
    for task in week:
        day = due.local_day(task.due, desk.caller.time_zone)
        if day is not None and task.task_id not in late:
            by_day.setdefault(day, []).append(task)
    today = desk.now.date()
    for day in (today + timedelta(days=ahead) for ahead in range(7 - today.weekday())):
        title = due.describe_day(day, today).capitalize()
        yield Part(title, "calendar", day=day), False
        of_day = by_day.get(day, [])
        yield Part(title, "calendar", of_day, len(of_day), day), True
    dateless = Part(spoken().plan_no_date, "empty-circle")
    yield dateless, False
    tasks, total = await _tasks(desk, DueFilter.DUE_FILTER_NONE)
    yield Part(dateless.title, dateless.icon, tasks, total), True


def summary(plan: Sequence[Part]) -> str:
    """Return how much there is to do on how many days."""
    days = [part for part in plan if part.day is not None and part.total]
    if not days:
        return spoken().plan_empty
    tasks = _counted(spoken().task_count, sum(part.total for part in days))
    return spoken().plan_summary.format(tasks=tasks, days=_counted(spoken().day_count, len(days)))


def result(plan: Sequence[Part]) -> Mapping[str, Any]:
    """Return the plan for a model."""
    return {
        "status": "ok",
        "parts": [
            {
                "part": part.day.isoformat() if part.day else part.title,
                "total": part.total,
                "numbers": [task.number for task in part.tasks[:MAX_LINES]],
            }
            for part in plan
        ],
    }


async def _tasks(desk: Desk, when: DueFilter.ValueType) -> tuple[Sequence[Task], int]:
    request = ListTasksRequest(completed=False, due=when, page_size=_PAGE)
    found = await desk.tasks.list(request, desk.caller)
    return found.tasks, found.total_size


def _line(task: Task, desk: Desk) -> str:
    at = due.local_time(task.due, desk.caller.time_zone)
    facts = [f"{at:%H:%M}"] if at else []
    if task.priority in PRIORITY_NAMES and PRIORITY_NAMES[task.priority] == "high":
        facts.append(spoken().high_priority)
    return f"{spoken().number.format(number=task.number)} {task.title}" + (f" ({', '.join(facts)})" if facts else "")


def _counted(words: Mapping[str, str], count: int) -> str:
    return words["one"] if count == 1 else words["many"].format(count=count)
