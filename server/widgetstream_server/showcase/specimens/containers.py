"""Specimens of what holds other components."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.showcase.names import COUNT, ECHO, TOGGLE
from widgetstream_server.showcase.specimens.controls import echo
from widgetstream_server.widgets import builders as ui


def card() -> Widget:
    """Return a card that is a form, with a status, and buttons in its footer."""
    return ui.card(
        ui.text("A card has children,", id="body_text"),
        ui.input("answer", id="answer_input", placeholder="fields,"),
        ui.caption("and buttons in its footer.", id="footer_caption"),
        id="specimen_card",
        as_form=True,
        background="surface-elevated",
        size="md",
        padding={"x": 4, "y": "12px"},
        status={"text": "Showcase", "icon": "sparkle"},
        collapsed=False,
        confirm={"label": "Confirm", "action": echo("confirm")},
        cancel={"label": "Cancel", "action": echo("cancel")},
        theme="light",
        border={"size": 1, "color": "subtle", "style": "solid"},
    )


def list_view() -> Widget:
    """Return a list of five, of which three show at first."""
    return ui.list_view(
        *(_list_item(number) for number in range(1, 6)),
        id="specimen_list",
        limit=3,
        status={"text": "Five rows", "favicon": "https://example.com/favicon.ico", "frame": True},
        theme="dark",
    )


def list_view_item() -> Widget:
    """Return a row of a list."""
    return _list_item(1)


def basic() -> Widget:
    """Return a root without a frame that holds two others."""
    return ui.basic(
        ui.card(ui.text("A card", id="first_text"), id="first_card", size="sm"),
        ui.list_view(_list_item(1), id="inner_list", limit="auto"),
        id="specimen_basic",
        direction="col",
        gap=3,
        padding=1,
        align="stretch",
        justify="start",
        theme="light",
    )


def box() -> Widget:
    """Return a box that uses every way to write a border and a distance."""
    return ui.box(
        ui.box(
            ui.text("inner", id="inner_text"),
            id="inner_box",
            border={"top": 1, "x": {"size": 2, "color": {"dark": "#333333", "light": "#cccccc"}, "style": "dashed"}},
            margin={"left": 1, "right": 2},
            padding="4px",
            size=80,
            min_size="40px",
            max_size=120,
        ),
        id="specimen_box",
        direction="row",
        align="center",
        justify="between",
        wrap="wrap-reverse",
        flex=1,
        gap="6px",
        height="auto",
        width="100%",
        min_height=40,
        min_width=40,
        max_height=400,
        max_width="40rem",
        padding=3,
        margin=1,
        border=2,
        radius="xl",
        background={"dark": "gray-800", "light": "gray-100"},
        aspect_ratio=2,
    )


def row() -> Widget:
    """Return components beside each other."""
    return ui.row(*_steps("row"), id="specimen_row", gap=2, align="baseline", justify="evenly", background="red-100")


def col() -> Widget:
    """Return components below each other."""
    return ui.col(*_steps("col"), id="specimen_col", gap=1, align="end", radius="sm", border=1)


def transition() -> Widget:
    """Return a component whose changes are animated, here by a click that counts."""
    return ui.transition(counter(0), id="specimen_transition")


def table() -> Widget:
    """Return a table with a head."""
    return ui.table(
        ui.table_row(_cell("Task", 0), _cell("Due", 1), id="head_row", header=True),
        table_row(),
        id="specimen_table",
    )


def table_row() -> Widget:
    """Return a row of a table."""
    return ui.table_row(_cell("Milk", 2), table_cell(), id="specimen_table_row", header=False)


def table_cell() -> Widget:
    """Return a cell of a table."""
    return ui.table_cell(
        ui.text("today", id="due_text"),
        id="specimen_cell",
        width="40%",
        padding={"x": 1, "y": 1},
        col_span=1,
        row_span=1,
        align="end",
        v_align="center",
        col_size="md",
    )


def unknown() -> Widget:
    """Return a component that the schema does not know, and a property that it does not know."""
    return ui.col(
        ui.unknown("Map", {"center": [48.1, 11.6], "zoom": 9}, id="specimen_map"),
        ui.text("with a tooltip", id="tooltip_text", additional_properties={"tooltip": "Hello"}),
        id="unknown_col",
    )


def counter(count: int) -> Widget:
    """Return what counts clicks, in a run that changes it in place."""
    return ui.row(
        ui.text(f"Clicked {count} times", id="count_text"),
        ui.button("Count", id="count_button", on_click_action=ui.action(COUNT, {"count": count + 1})),
        id="count_row",
        gap=2,
        align="center",
    )


def switch(*, on: bool) -> Widget:
    """Return a card with a checkbox that is changed at once, without a run."""
    return ui.card(
        ui.checkbox(
            "on",
            id="switch_checkbox",
            label="On" if on else "Off",
            default_checked=on,
            on_change_action=ui.action(TOGGLE, {"on": not on}, streaming=False, loading_behavior="none"),
        ),
        id="switch_card",
        size="sm",
    )


def _list_item(number: int) -> Widget:
    return ui.list_view_item(
        ui.icon("empty-circle", id=f"row_{number}_icon"),
        ui.text(f"Row {number}", id=f"row_{number}_text"),
        id=f"row_{number}_item",
        key=f"row-{number}",
        gap=2,
        align="center",
        on_click_action=ui.action(ECHO, {"row": number}, loading_behavior="container"),
    )


def _steps(purpose: str) -> list[Widget]:
    return [ui.text(word, id=f"{purpose}_{word}_text") for word in ("one", "two", "three")]


def _cell(text: str, number: int) -> Widget:
    return ui.table_cell(ui.text(text, id=f"cell_{number}_text"), id=f"cell_{number}_cell")


SPECIMENS: Mapping[str, Callable[[], Widget]] = {
    "card": card,
    "list_view": list_view,
    "basic": basic,
    "list_view_item": list_view_item,
    "box": box,
    "row": row,
    "col": col,
    "transition": transition,
    "table": table,
    "table_row": table_row,
    "table_cell": table_cell,
    "unknown": unknown,
}
