"""One task: its card, what is said after a change, and the question before it is deleted."""

from __future__ import annotations

from datetime import datetime

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo.widgets import parts
from widgetstream_server.todo.words import spoken
from widgetstream_server.widgets import builders as ui

DONE_ICON = "check-circle"


def task_card(task: Task, now: datetime, *, said: str | None = None, icon: str = DONE_ICON) -> Widget:
    """Show a task with all there is to it.

    Args:
        task: The task.
        now: The time, in the person's time zone.
        said: What happened, above the card, such as “Added”.
        icon: Before what happened.
    """
    key = parts.task_key(task)
    return ui.card(
        ui.row(
            parts.status_icon(task),
            ui.title(task.title, id=f"{key}_title", size="sm", color="secondary" if task.completed else None),
            id=f"{key}_head_row",
            gap=2,
            align="center",
        ),
        parts.details(task, now, all_tags=True),
        ui.text(task.description, id=f"{key}_description_text") if task.description else None,
        ui.divider(id=f"{key}_divider"),
        ui.row(
            parts.toggle_button(task),
            ui.button(
                spoken().edit,
                id=f"{key}_edit_button",
                icon_start="write",
                on_click_action=parts.task_action("task.edit", task),
                variant="ghost",
                size="sm",
            ),
            ui.spacer(id=f"{key}_spacer"),
            parts.delete_button(task),
            id=f"{key}_buttons_row",
            gap=2,
            align="center",
        ),
        id=f"{key}_card",
        size="md",
        status={"text": said, "icon": icon} if said else None,
    )


def delete_card(task: Task, now: datetime, *, list_item_id: str | None = None) -> Widget:
    """Ask whether to delete a task.

    Args:
        task: The task.
        now: The time, in the person's time zone.
        list_item_id: The item with the list in which the person asked, so that the row can go with the task.
    """
    key = parts.task_key(task)
    payload = {"task_id": task.task_id}
    if list_item_id:
        payload["list_item_id"] = list_item_id
    return ui.card(
        ui.title(spoken().ask_delete.format(number=task.number), id=f"{key}_question_title", size="sm"),
        ui.text(task.title, id=f"{key}_title_text", weight="medium"),
        parts.details(task, now),
        ui.caption(spoken().ask_delete_hint, id=f"{key}_hint_caption"),
        id=f"{key}_delete_card",
        size="md",
        confirm={"label": spoken().delete, "action": ui.action("task.delete.confirm", payload)},
        cancel={"label": spoken().keep, "action": ui.action("task.delete.cancel", {"task_id": task.task_id})},
    )


def deleted_card(task: Task) -> Widget:
    """Say that a task was deleted."""
    key = parts.task_key(task)
    return ui.card(
        ui.row(
            ui.caption(spoken().number.format(number=task.number), id=f"{key}_number_caption"),
            ui.text(task.title, id=f"{key}_title_text", line_through=True, color="secondary"),
            id=f"{key}_head_row",
            gap=2,
            align="center",
        ),
        id=f"{key}_deleted_card",
        size="md",
        status={"text": spoken().deleted, "icon": DONE_ICON},
    )


def gone_card() -> Widget:
    """Say that a task is no longer there."""
    return ui.card(
        ui.row(
            ui.icon("info", id="gone_icon", color="secondary"),
            ui.text(spoken().gone, id="gone_text", color="secondary"),
            id="gone_row",
            gap=3,
            align="center",
        ),
        id="gone_card",
        size="md",
    )
