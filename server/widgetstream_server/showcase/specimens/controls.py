"""Specimens of what people use: buttons and the fields of forms. What they do is said back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from widgetstream.chatkit.v1.action_pb2 import ActionConfig
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.showcase.names import ECHO, ON_THE_PAGE
from widgetstream_server.widgets import builders as ui


def echo(what: str) -> ActionConfig:
    """Return the action that says what came with it."""
    return ui.action(ECHO, {"from": what})


def button() -> Widget:
    """Return buttons of all styles."""
    return ui.row(
        ui.button(
            "Primary",
            id="primary_button",
            style="primary",
            on_click_action=ui.action(ECHO, {"from": "button"}, handler="server", loading_behavior="self"),
        ),
        ui.button(
            "Icons",
            id="icons_button",
            icon_start="calendar",
            icon_end="chevron-right",
            icon_size="md",
            color="info",
            variant="soft",
            size="lg",
            pill=True,
            on_click_action=echo("button"),
        ),
        ui.button(id="icon_button", icon_start="bolt", uniform=True, variant="ghost", on_click_action=echo("icon")),
        ui.button("On the page", id="page_button", on_click_action=ui.action(ON_THE_PAGE, handler="client")),
        ui.button("Disabled", id="disabled_button", style="secondary", disabled=True, block=False),
        id="buttons_row",
        gap=2,
        wrap="wrap",
    )


def checkbox() -> Widget:
    """Return a checkbox that says what it is."""
    return ui.checkbox(
        "agree",
        id="specimen_checkbox",
        label="I agree",
        default_checked=True,
        required=True,
        disabled=False,
        on_change_action=echo("checkbox"),
    )


def date_picker() -> Widget:
    """Return a date picker."""
    return ui.date_picker(
        "due",
        id="specimen_date_picker",
        placeholder="When?",
        default_value="2026-02-03",
        min="2026-01-01",
        max="2026-12-31",
        variant="outline",
        size="md",
        side="bottom",
        align="start",
        pill=True,
        block=True,
        clearable=True,
        disabled=False,
        on_change_action=echo("date_picker"),
    )


def input() -> Widget:  # noqa: A001 - the component's name
    """Return a line of text to be written."""
    return ui.input(
        "email",
        id="specimen_input",
        input_type="email",
        default_value="ada@example.com",
        required=True,
        pattern=".+@.+",
        placeholder="Your address",
        allow_autofill_extensions=True,
        auto_select=True,
        auto_focus=False,
        disabled=False,
        variant="outline",
        size="lg",
        gutter_size="sm",
        pill=True,
    )


def label() -> Widget:
    """Return a label with its field."""
    return ui.col(
        ui.label(
            "Name", "name", id="specimen_label", size="sm", weight="medium", text_align="start", color="secondary"
        ),
        ui.input("name", id="labeled_input", variant="soft"),
        id="labeled_col",
        gap=1,
    )


def radio_group() -> Widget:
    """Return a choice of one."""
    return ui.radio_group(
        "priority",
        [
            {"label": "Low", "value": "low"},
            {"label": "High", "value": "high", "disabled": False},
            {"label": "Highest", "value": "highest", "disabled": True},
        ],
        id="specimen_radio_group",
        aria_label="Priority",
        default_value="low",
        direction="row",
        disabled=False,
        required=True,
        on_change_action=echo("radio_group"),
    )


def select() -> Widget:
    """Return a choice of one from a list."""
    return ui.select(
        "list",
        [
            {"value": "home", "label": "Home", "description": "What is to be done at home"},
            {"value": "work", "label": "Work", "disabled": False},
            {"value": "moon", "label": "Moon", "disabled": True},
        ],
        id="specimen_select",
        placeholder="Which list?",
        default_value="home",
        variant="soft",
        size="md",
        pill=False,
        block=True,
        clearable=True,
        disabled=False,
        searchable=True,
        on_change_action=echo("select"),
    )


def textarea() -> Widget:
    """Return lines of text to be written."""
    return ui.textarea(
        "notes",
        id="specimen_textarea",
        default_value="One line\nand another",
        required=False,
        pattern="[^<>]*",
        placeholder="Notes",
        auto_select=False,
        auto_focus=False,
        disabled=False,
        variant="soft",
        size="md",
        gutter_size="md",
        rows=3,
        auto_resize=True,
        max_rows=8,
        allow_autofill_extensions=False,
    )


def form() -> Widget:
    """Return a form with a field of each kind, whose values are said back."""
    return ui.form(
        label(),
        checkbox(),
        date_picker(),
        input(),
        radio_group(),
        select(),
        textarea(),
        ui.button("Send", id="send_button", submit=True, style="primary"),
        id="specimen_form",
        on_submit_action=echo("form"),
        direction="col",
        gap=3,
        padding=2,
        align="stretch",
    )


SPECIMENS: Mapping[str, Callable[[], Widget]] = {
    "form": form,
    "button": button,
    "checkbox": checkbox,
    "date_picker": date_picker,
    "input": input,
    "label": label,
    "radio_group": radio_group,
    "select": select,
    "textarea": textarea,
}
