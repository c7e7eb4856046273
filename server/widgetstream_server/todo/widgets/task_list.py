"""A list of tasks: a header with the count and the filter, a row for each task, and how to see more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from google.protobuf import json_format

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo.listing import Listing, ListState
from widgetstream_server.todo.names import FILTERS
from widgetstream_server.todo.widgets import parts
from widgetstream_server.todo.words import spoken
from widgetstream_server.widgets import builders as ui

LIST_ID: Final = "tasks_list"
FILTER_FIELD: Final = "filter"

_BADGE_ID: Final = "tasks_count_badge"
_HEADER_ID: Final = "tasks_header_item"
_STATE_ID: Final = "tasks_filter_select"


def task_list(listing: Listing) -> Widget:
    """Show a list, or, where the person has nothing to see in it, say so."""
    state = listing.state
    if not listing.total and not state.is_narrowed:
        if not listing.others:
            return _nothing_yet()
        if state.filter == "open":
            return _all_done()
    rows = [task_row(task, listing.now) for task in listing.tasks]
    return ui.list_view(_header(listing), *(rows or [_empty_row(state)]), _footer(listing), id=LIST_ID)


def task_row(task: Task, now: datetime) -> Widget:
    """Show a task in a list. A click shows its card."""
    key = parts.task_key(task)
    return ui.list_view_item(
        parts.status_icon(task),
        ui.col(
            ui.text(
                task.title,
                id=f"{key}_title_text",
                line_through=True if task.completed else None,
                color="secondary" if task.completed else None,
                weight="medium",
            ),
            parts.details(task, now),
            id=f"{key}_main_col",
            flex=1,
            gap=1,
        ),
        parts.toggle_button(task),
        parts.delete_button(task),
        id=row_id(task),
        on_click_action=parts.task_action("task.show", task),
        gap=3,
        align="center",
    )


def row_id(task: Task) -> str:
    """Return the id of a task's row."""
    return f"{parts.task_key(task)}_item"


def is_list(widget: Widget) -> bool:
    """Return whether a widget is a list of tasks."""
    return widget.id == LIST_ID and widget.HasField("list_view")


def state_of(widget: Widget) -> ListState:
    """Return which tasks a list is about; that of a new list, where it does not say."""
    for child in widget.list_view.children:
        if child.id == _HEADER_ID:
            for part in child.list_view_item.children:
                if part.id == _STATE_ID:
                    kept = json_format.MessageToDict(part.select.on_change_action.payload)
                    return ListState.model_validate({**kept, FILTER_FIELD: part.select.default_value})
    return ListState()


def with_row(widget: Widget, row: Widget, total: int) -> Widget:
    """Return a list in which a task's row, if it has one, has another value."""
    return _edited(widget, row.id, row, total)


def without_row(widget: Widget, task_id: str, total: int) -> Widget:
    """Return a list without the row of a task, which exists no more."""
    for child in widget.list_view.children:
        if child.list_view_item.on_click_action.payload.struct_value.fields["task_id"].string_value == task_id:
            return _edited(widget, child.id, None, total)
    return _edited(widget, "", None, total)


def _edited(widget: Widget, component_id: str, row: Widget | None, total: int) -> Widget:
    children = []
    for child in widget.list_view.children:
        if child.id == _HEADER_ID:
            children.append(_with_count(child, total))
        elif child.id != component_id:
            children.append(child)
        elif row is not None:
            children.append(row)
    return ui.list_view(*children, id=LIST_ID)


def _with_count(header: Widget, total: int) -> Widget:
    counted = Widget()
    counted.CopyFrom(header)
    for part in counted.list_view_item.children:
        if part.id == _BADGE_ID:
            part.badge.label = str(total)
    return counted


def _header(listing: Listing) -> Widget:
    state = listing.state
    kept = state.from_the_start().model_dump(exclude_defaults=True, exclude={"filter"})
    return ui.list_view_item(
        ui.title(_heading(state), id="tasks_heading_title", size="sm"),
        ui.badge(str(listing.total), id=_BADGE_ID, color="info", pill=True),
        ui.spacer(id="tasks_header_spacer"),
        ui.select(
            FILTER_FIELD,
            [{"value": name, "label": spoken().filters[name]} for name in FILTERS],
            id=_STATE_ID,
            default_value=state.filter,
            on_change_action=ui.action("task.list.filter", kept, streaming=False),
            variant="ghost",
            size="sm",
        ),
        id=_HEADER_ID,
        gap=2,
        align="center",
    )


def _heading(state: ListState) -> str:
    """Name a list: “Open tasks · High priority · #home · “milk””."""
    said = [spoken().list_titles[state.filter]]
    if state.priority:
        said.append(spoken().with_priority.format(priority=spoken().priorities[state.priority]))
    if state.tag:
        said.append(f"#{state.tag}")
    if state.query:
        said.append(spoken().about.format(query=state.query))
    return " · ".join(said)


def _footer(listing: Listing) -> Widget | None:
    more = listing.more()
    state = listing.state
    if more is None and not state.skipped:
        return None
    first, last = state.skipped + 1, state.skipped + len(listing.tasks)
    return ui.list_view_item(
        ui.caption(spoken().shown.format(first=first, last=last, total=listing.total), id="tasks_shown_caption"),
        ui.spacer(id="tasks_footer_spacer"),
        _page_button("tasks_start_button", spoken().back_to_start, state.from_the_start()) if state.skipped else None,
        _page_button("tasks_more_button", spoken().show_more, more) if more else None,
        id="tasks_footer_item",
        gap=2,
        align="center",
    )


def _page_button(component_id: str, label: str, state: ListState) -> Widget:
    return ui.button(
        label,
        id=component_id,
        on_click_action=ui.action("task.list.more", state.payload(), streaming=False),
        variant="soft",
        size="sm",
    )


def _empty_row(state: ListState) -> Widget:
    said = spoken().nothing_here if state.is_narrowed else spoken().empty.get(state.filter, spoken().nothing_here)
    return ui.list_view_item(
        ui.icon("sparkle", id="tasks_empty_icon", color="secondary"),
        ui.text(said, id="tasks_empty_text", color="secondary"),
        id="tasks_empty_item",
        gap=3,
        align="center",
    )


def _nothing_yet() -> Widget:
    return ui.card(
        ui.row(
            ui.icon("notebook", id="tasks_empty_icon", size="lg", color="secondary"),
            ui.col(
                ui.title(spoken().no_tasks, id="tasks_empty_title", size="sm"),
                ui.text(spoken().no_tasks_hint, id="tasks_empty_text", color="secondary"),
                id="tasks_empty_col",
                gap=1,
            ),
            id="tasks_empty_row",
            gap=3,
            align="center",
        ),
        id="tasks_empty_card",
        size="md",
    )


def _all_done() -> Widget:
    return ui.card(
        ui.row(
            ui.icon("confetti", id="tasks_empty_icon", size="lg", color="success"),
            ui.col(
                ui.title(spoken().all_done, id="tasks_empty_title", size="sm"),
                ui.text(spoken().all_done_hint, id="tasks_empty_text", color="secondary"),
                id="tasks_empty_col",
                flex=1,
                gap=1,
            ),
            ui.button(
                spoken().show_done,
                id="tasks_done_button",
                on_click_action=ui.action("task.list.filter", {"filter": "done"}, streaming=False),
                variant="soft",
                size="sm",
            ),
            id="tasks_empty_row",
            gap=3,
            align="center",
        ),
        id="tasks_empty_card",
        size="md",
    )
