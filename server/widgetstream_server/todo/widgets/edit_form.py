"""The form in which a person edits a task. Its fields are named as in the payload of ``task.save``."""

from __future__ import annotations

from datetime import UTC, datetime

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo import due, texts
from widgetstream_server.todo.names import PRIORITY_NAMES
from widgetstream_server.todo.widgets import parts
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.properties import SelectOption

NO_PRIORITY = "none"
TIME_PATTERN = r"([01]?\d|2[0-3])[:.][0-5]\d"


def edit_form(task: Task, now: datetime) -> Widget:
    """Show a task's form.

    Args:
        task: The task.
        now: The time, in the person's time zone.
    """
    key = parts.task_key(task)
    zone = now.tzinfo or UTC
    day = due.local_day(task.due, zone)
    at = due.local_time(task.due, zone)
    payload = {"task_id": task.task_id}
    priorities: list[SelectOption] = [{"value": NO_PRIORITY, "label": texts.NO_PRIORITY}]
    priorities += [{"value": name, "label": label} for name, label in texts.PRIORITIES.items()]
    return ui.card(
        ui.title(texts.EDIT_TITLE.format(number=task.number), id=f"{key}_edit_title", size="sm"),
        _field(
            key,
            "title",
            texts.TITLE,
            ui.input("title", id=f"{key}_title_input", default_value=task.title, required=True, auto_focus=True),
        ),
        _field(
            key,
            "description",
            texts.DESCRIPTION,
            ui.textarea(
                "description",
                id=f"{key}_description_textarea",
                default_value=task.description,
                rows=3,
                auto_resize=True,
                max_rows=12,
            ),
        ),
        ui.row(
            _field(
                key,
                "due",
                texts.DUE,
                ui.date_picker(
                    "due",
                    id=f"{key}_due_date_picker",
                    default_value=day.isoformat() if day else None,
                    clearable=True,
                ),
            ),
            _field(
                key,
                "time",
                texts.TIME,
                ui.input(
                    "time",
                    id=f"{key}_time_input",
                    default_value=f"{at:%H:%M}" if at else "",
                    placeholder=texts.TIME_HINT,
                    pattern=TIME_PATTERN,
                ),
            ),
            _field(
                key,
                "priority",
                texts.PRIORITY,
                ui.select(
                    "priority",
                    priorities,
                    id=f"{key}_priority_select",
                    default_value=PRIORITY_NAMES.get(task.priority, NO_PRIORITY),
                ),
            ),
            id=f"{key}_when_row",
            gap=3,
            wrap="wrap",
        ),
        _field(
            key,
            "tags",
            texts.TAGS,
            ui.input(
                "tags",
                id=f"{key}_tags_input",
                default_value=", ".join(task.tags),
                placeholder=texts.TAGS_HINT,
            ),
        ),
        id=f"{key}_edit_card",
        size="md",
        as_form=True,
        confirm={"label": texts.SAVE, "action": ui.action("task.save", payload)},
        cancel={"label": texts.CANCEL, "action": ui.action("task.edit.cancel", payload)},
    )


def _field(key: str, name: str, label: str, control: Widget) -> Widget:
    return ui.col(ui.label(label, name, id=f"{key}_{name}_label", size="sm"), control, id=f"{key}_{name}_col", gap=1)
