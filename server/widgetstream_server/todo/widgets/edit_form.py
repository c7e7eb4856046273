"""The form in which a person edits a task. Its fields are named as in the payload of ``task.save``."""

from __future__ import annotations

from datetime import UTC, datetime

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo import due
from widgetstream_server.todo.names import PRIORITY_NAMES
from widgetstream_server.todo.widgets import parts
from widgetstream_server.todo.words import spoken
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
    priorities: list[SelectOption] = [{"value": NO_PRIORITY, "label": spoken().no_priority}]
    priorities += [{"value": name, "label": label} for name, label in spoken().priorities.items()]
    return ui.card(
        ui.title(spoken().edit_title.format(number=task.number), id=f"{key}_edit_title", size="sm"),
        _field(
            key,
            "title",
            spoken().title,
            ui.input("title", id=f"{key}_title_input", default_value=task.title, required=True, auto_focus=True),
        ),
        _field(
            key,
            "description",
            spoken().description,
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
                spoken().due,
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
                spoken().time,
                ui.input(
                    "time",
                    id=f"{key}_time_input",
                    default_value=f"{at:%H:%M}" if at else "",
                    placeholder=spoken().time_hint,
                    pattern=TIME_PATTERN,
                ),
            ),
            _field(
                key,
                "priority",
                spoken().priority,
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
            spoken().tags,
            ui.input(
                "tags",
                id=f"{key}_tags_input",
                default_value=", ".join(task.tags),
                placeholder=spoken().tags_hint,
            ),
        ),
        id=f"{key}_edit_card",
        size="md",
        as_form=True,
        confirm={"label": spoken().save, "action": ui.action("task.save", payload)},
        cancel={"label": spoken().cancel, "action": ui.action("task.edit.cancel", payload)},
    )


def _field(key: str, name: str, label: str, control: Widget) -> Widget:
    return ui.col(ui.label(label, name, id=f"{key}_{name}_label", size="sm"), control, id=f"{key}_{name}_col", gap=1)
