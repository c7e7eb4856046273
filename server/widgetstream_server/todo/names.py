"""The words by which tools and actions name priorities and lists."""

from __future__ import annotations

from typing import Final, Literal

from widgetstream.todo.v1.task_pb2 import Priority
from widgetstream.todo.v1.task_service_pb2 import DueFilter

PriorityName = Literal["low", "medium", "high"]
FilterName = Literal["all", "open", "done", "today", "tomorrow", "overdue", "this_week", "no_date"]

PRIORITIES: Final[dict[PriorityName, Priority.ValueType]] = {
    "low": Priority.PRIORITY_LOW,
    "medium": Priority.PRIORITY_MEDIUM,
    "high": Priority.PRIORITY_HIGH,
}
PRIORITY_NAMES: Final[dict[Priority.ValueType, PriorityName]] = {value: name for name, value in PRIORITIES.items()}

# What each list holds: done or open tasks (None: both), and when they are due.
FILTERS: Final[dict[FilterName, tuple[bool | None, DueFilter.ValueType]]] = {
    "open": (False, DueFilter.DUE_FILTER_UNSPECIFIED),
    "today": (False, DueFilter.DUE_FILTER_TODAY),
    "tomorrow": (False, DueFilter.DUE_FILTER_TOMORROW),
    "this_week": (False, DueFilter.DUE_FILTER_THIS_WEEK),
    "overdue": (False, DueFilter.DUE_FILTER_OVERDUE),
    "no_date": (False, DueFilter.DUE_FILTER_NONE),
    "done": (True, DueFilter.DUE_FILTER_UNSPECIFIED),
    "all": (None, DueFilter.DUE_FILTER_UNSPECIFIED),
}
