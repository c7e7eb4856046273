"""What is shown when a request was not carried out: which task is meant, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from widgetstream.chatkit.v1.action_pb2 import ActionConfig
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo.widgets import parts
from widgetstream_server.todo.words import spoken
from widgetstream_server.widgets import builders as ui

MAX_REFERENCE = 80


def request_action(name: str, tool: str, arguments: Mapping[str, Any]) -> ActionConfig:
    """Return an action that carries a request out: ``task.retry``, or ``task.choose``."""
    return ui.action(name, {"tool": tool, "arguments": dict(arguments)})


def which_task(
    reference: str, candidates: Sequence[Task], now: datetime, tool: str, arguments: Mapping[str, Any]
) -> Widget:
    """Ask which of several tasks is meant. A click on one carries the request out with it.

    Args:
        reference: What was said.
        candidates: The tasks, the likeliest first.
        now: The time, in the person's time zone.
        tool: The tool that was asked for.
        arguments: Its arguments. ``task`` is replaced by the one that is chosen.
    """
    said = spoken().several_fit.format(reference=_short(reference))
    return _choices(spoken().which_one, said, candidates, now, tool, arguments)


def no_such_task(
    reference: str, suggestions: Sequence[Task], now: datetime, tool: str, arguments: Mapping[str, Any]
) -> Widget:
    """Say that no task fits, and offer those that come nearest. The arguments are those of ``which_task``."""
    said = spoken().none_fits.format(reference=_short(reference))
    if suggestions:
        return _choices(said, spoken().did_you_mean, suggestions, now, tool, arguments)
    return ui.card(
        ui.row(
            ui.icon("search", id="not_found_icon", color="secondary"),
            ui.text(said, id="not_found_text"),
            id="not_found_row",
            gap=3,
            align="center",
        ),
        id="not_found_card",
        size="md",
    )


def error_card(message: str, tool: str, arguments: Mapping[str, Any]) -> Widget:
    """Say that a request failed, and offer to try again.

    Args:
        message: Why, for the person.
        tool: The tool that failed.
        arguments: Its arguments.
    """
    return ui.card(
        ui.text(message, id="error_text"),
        ui.button(
            spoken().try_again,
            id="retry_button",
            icon_start="reload",
            on_click_action=request_action("task.retry", tool, arguments),
            variant="outline",
            size="sm",
        ),
        id="error_card",
        size="md",
        status={"text": spoken().fault, "icon": "info"},
    )


def _choices(
    heading: str,
    hint: str,
    candidates: Sequence[Task],
    now: datetime,
    tool: str,
    arguments: Mapping[str, Any],
) -> Widget:
    header = ui.list_view_item(
        ui.col(
            ui.title(heading, id="choices_title", size="sm"),
            ui.caption(hint, id="choices_caption"),
            id="choices_col",
            gap=1,
        ),
        id="choices_header_item",
    )
    rows = [_choice(task, now, tool, {**arguments, "task": f"#{task.number}"}) for task in candidates]
    return ui.list_view(header, *rows, id="choices_list")


def _choice(task: Task, now: datetime, tool: str, arguments: Mapping[str, Any]) -> Widget:
    key = parts.task_key(task)
    choose = request_action("task.choose", tool, arguments)
    return ui.list_view_item(
        parts.status_icon(task),
        ui.col(
            ui.text(task.title, id=f"{key}_title_text", weight="medium"),
            parts.details(task, now),
            id=f"{key}_main_col",
            flex=1,
            gap=1,
        ),
        ui.button(spoken().choose, id=f"{key}_choose_button", on_click_action=choose, variant="outline", size="sm"),
        id=f"{key}_item",
        gap=3,
        align="center",
    )


def _short(reference: str) -> str:
    return reference if len(reference) <= MAX_REFERENCE else reference[: MAX_REFERENCE - 1] + "…"
