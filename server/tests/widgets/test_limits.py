"""Which widgets may be sent, and what is said of the others."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.trees import trees
from widgetstream.chatkit.v1.event_pb2 import ItemDoneEvent, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem, WidgetItem
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation.errors import WidgetInvalidError
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets import limits


def nested(levels: int) -> Widget:
    """A card with one component below the other."""
    root = ui.card()
    deepest = root.card.children.add() if levels > 1 else root
    for _ in range(levels - 2):
        deepest = deepest.transition.children
    if levels > 1:
        deepest.text.value = "x"
    return root


def with_payload(levels: int) -> Widget:
    """A card at whose deepest level JSON is nested."""
    config = ui.action("x")
    value = config.payload
    for _ in range(levels):
        value = value.struct_value.fields["a"]
    value.string_value = "end"
    root = nested(limits.MAX_LEVELS)
    deepest = root.card.children[0]
    while deepest.HasField("transition"):
        deepest = deepest.transition.children
    deepest.button.on_click_action.CopyFrom(config)
    return root


VALID: list[tuple[str, Callable[[], Widget]]] = [
    ("card", lambda: ui.card(ui.text("x", id="a"), ui.text("y", id="b"))),
    ("list", ui.list_view),
    ("basic", ui.basic),
    ("unknown root", lambda: ui.unknown("Board")),
    ("deepest", lambda: nested(16)),
    ("longest id", lambda: ui.card(id="🙂" * 128)),
    ("almost too large", lambda: ui.card(ui.text("x" * (256 * 1024 - 100)))),
    ("deepest JSON at the deepest level", lambda: with_payload(16)),
]


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in VALID])
def test_valid_widgets_travel_in_events(make: Callable[[], Widget]) -> None:
    widget = make()
    limits.check(widget)
    event = WidgetEvent(item_done=ItemDoneEvent(item=ThreadItem(widget=WidgetItem(widget=widget))))
    assert WidgetEvent.FromString(event.SerializeToString()) == event


INVALID: list[tuple[str, Callable[[], Widget], str]] = [
    ("root", lambda: ui.text("x"), "^Text: the root must be a Card, a ListView or a Basic$"),
    ("nothing", Widget, r"^\?: the root must be"),
    ("nothing below", lambda: ui.card(Widget()), r"^Card/0:\?: it has no component$"),
    ("17 levels", lambda: nested(17), "^Card/0:Transition/.*: its children would be below 16 levels$"),
    ("10000 levels", lambda: nested(10_000), "below 16 levels$"),
    (
        "id twice",
        lambda: ui.card(ui.text("x", id="a"), ui.row(ui.spacer(), ui.text("y", id="a")), id="c"),
        "^Card#c/1:Row/1:Text#a: the id 'a' is used twice$",
    ),
    ("id of the root", lambda: ui.card(ui.text("x", id="a"), id="a"), "^Card#a/0:Text#a: the id 'a' is used twice$"),
    ("long id", lambda: ui.card(ui.text("x", id="a" * 129)), "its id is longer than 128 characters$"),
    ("large", lambda: ui.card(ui.text("x" * 256 * 1024)), "^Card: the widget is larger than 256 KiB$"),
    ("wide", lambda: ui.card(*[ui.spacer()] * 66_000), "^Card: the widget is larger than 256 KiB$"),
    ("deep payload", lambda: with_payload(17), "Button: JSON in it nests deeper than 16 levels$"),
]


@pytest.mark.parametrize("make, message", [pytest.param(make, message, id=name) for name, make, message in INVALID])
def test_invalid_widgets(make: Callable[[], Widget], message: str) -> None:
    with pytest.raises(WidgetInvalidError, match=message):
        limits.check(make())


@pytest.mark.parametrize("place", ["additional_properties", "unknown", "chart", "confirm"])
def test_deep_json_is_found_wherever_it_is(place: str) -> None:
    widget = ui.card()
    match place:
        case "additional_properties":
            value = widget.additional_properties.fields["a"]
        case "unknown":
            value = widget.card.children.add().unknown.properties.fields["a"]
        case "chart":
            value = widget.card.children.add().chart.data.add().fields["a"]
        case _:
            value = widget.card.confirm.action.payload
    for _ in range(17):
        value = value.list_value.values.add()
    with pytest.raises(WidgetInvalidError, match="nests deeper than 16 levels"):
        limits.check(widget)


@settings(deadline=None)
@given(tree=trees(), root=st.sampled_from(["card", "basic", "list_view"]))
def test_a_check_changes_nothing(tree: Widget, root: str) -> None:
    widget = Widget()
    getattr(widget, root).children.append(tree)
    before = widget.SerializeToString(deterministic=True)
    with contextlib.suppress(WidgetInvalidError):
        limits.check(widget)
    assert widget.SerializeToString(deterministic=True) == before
