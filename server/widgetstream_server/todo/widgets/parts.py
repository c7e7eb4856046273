"""The parts that rows and cards of tasks share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from widgetstream.chatkit.v1.action_pb2 import ActionConfig
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream_server.todo import due
from widgetstream_server.todo.names import PRIORITY_NAMES
from widgetstream_server.todo.words import spoken
from widgetstream_server.widgets import builders as ui

_ROW_TAGS: Final = 3
_PRIORITY_COLORS: Final[dict[Priority.ValueType, Literal["secondary", "info", "danger"]]] = {
    Priority.PRIORITY_LOW: "secondary",
    Priority.PRIORITY_MEDIUM: "info",
    Priority.PRIORITY_HIGH: "danger",
}


def task_key(task: Task) -> str:
    """Return what the ids of a task's components begin with."""
    return f"task_{task.number}"


def task_action(name: str, task: Task) -> ActionConfig:
    """Return the action of this name on a task."""
    return ui.action(name, {"task_id": task.task_id})


def status_icon(task: Task) -> Widget:
    """Tell at a glance whether a task is done."""
    name, color = ("check-circle-filled", "success") if task.completed else ("empty-circle", "secondary")
    return ui.icon(name, id=f"{task_key(task)}_status_icon", color=color)


def details(task: Task, now: datetime, *, all_tags: bool = False) -> Widget:
    """Show number, due date, priority and tags in a line."""
    key = task_key(task)
    overdue = due.is_overdue(task, now)
    when = _when(task, now)
    shown = list(task.tags) if all_tags else list(task.tags[:_ROW_TAGS])
    hidden = len(task.tags) - len(shown)
    badges = [
        ui.badge(tag, id=f"{key}_tag_{index}_badge", color="secondary", variant="outline", size="sm")
        for index, tag in enumerate(shown, start=1)
    ]
    return ui.row(
        ui.caption(spoken().number.format(number=task.number), id=f"{key}_number_caption"),
        ui.caption(when, id=f"{key}_due_caption", color="danger" if overdue else None) if when else None,
        _priority(task),
        *badges,
        ui.caption(spoken().more_tags.format(count=hidden), id=f"{key}_tags_caption") if hidden else None,
        id=f"{key}_details_row",
        gap=2,
        align="center",
        wrap="wrap",
    )


def toggle_button(task: Task) -> Widget:
    """Complete the task, or reopen it."""
    if task.completed:
        name, label, icon = "task.reopen", spoken().reopen, "reload"
    else:
        name, label, icon = "task.complete", spoken().complete, "check"
    return ui.button(
        label,
        id=f"{task_key(task)}_toggle_button",
        icon_start=icon,
        on_click_action=task_action(name, task),
        variant="outline",
        size="sm",
        pill=True,
    )


def delete_button(task: Task) -> Widget:
    """Ask whether to delete the task."""
    return ui.button(
        spoken().delete,
        id=f"{task_key(task)}_delete_button",
        on_click_action=task_action("task.delete", task),
        color="danger",
        variant="ghost",
        size="sm",
    )


def _priority(task: Task) -> Widget | None:
    name = PRIORITY_NAMES.get(task.priority)
    if name is None:
        return None
    return ui.badge(
        spoken().priorities[name],
        id=f"{task_key(task)}_priority_badge",
        color=_PRIORITY_COLORS[task.priority],
        variant="soft",
        size="sm",
    )


def _when(task: Task, now: datetime) -> str:
    if not task.completed:
        return due.describe(task, now)
    if not task.HasField("complete_time"):
        return ""
    day = task.complete_time.ToDatetime(tzinfo=UTC).astimezone(now.tzinfo).date()
    return spoken().done_on.format(day=due.describe_day(day, now.date()))
