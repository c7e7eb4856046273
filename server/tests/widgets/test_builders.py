"""Builders: what they make, and what they say of mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from widgetstream.chatkit.v1 import widget_control_pb2, widget_pb2, widget_style_pb2, widget_text_pb2
from widgetstream.chatkit.v1.action_pb2 import ActionConfig, ActionHandler, LoadingBehavior
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets import schema
from widgetstream_server.widgets.json_values import to_struct
from widgetstream_server.widgets.schema import COMPONENTS, Shape

# Components whose required properties a test has to give, beside those that take a string each.
REQUIRED: dict[str, Any] = {"options": [], "data": [], "series": [], "x_axis": "day", "name": "check"}
SAMPLES: dict[Shape, Any] = {
    Shape.BOOL: True,
    Shape.INT: 3,
    Shape.NUMBER: 1.5,
    Shape.STRING: "words",
    Shape.ICON: "check",
    Shape.JSON_OBJECT: {"day": "Mon", "count": 3},
    Shape.STRING_MAP: {"a": "b"},
}
UNIONS: dict[str, list[Any]] = {
    "Length": [2, 0.5, "8px"],
    "Color": ["red-100", {"light": "#fff", "dark": "#000"}],
    "Insets": [2, "8px", {"x": 1, "top": "2px"}],
    "BorderProperty": [1, {"size": 1, "style": "dashed", "color": "subtle"}, {"x": 1, "top": {"size": 2}}],
    "Editable": [False, {"name": "title", "required": True}],
    "ListLimit": [5, "auto"],
    "XAxis": ["day", {"data_key": "day", "labels": {"a": "b"}}],
}
OBJECTS: dict[str, list[Any]] = {
    "WidgetStatus": [
        {"text": "Saved", "icon": "check"},
        {"text": "x", "favicon": "https://x.test/f.png", "frame": True},
    ],
    "CardAction": [{"label": "Delete", "action": {"type": "task.delete", "payload": {"task_id": "tsk_1"}}}],
    "ActionConfig": [{"type": "x", "handler": "client"}],
    "Spacing": [{"x": 1}],
    "SelectOption": [{"value": "a", "label": "A", "disabled": True}],
    "RadioOption": [{"value": "a", "label": "A"}],
    "Series": [
        {"type": "bar", "data_key": "count"},
        {"type": "line", "data_key": "count", "curve_type": "monotone"},
        {"type": "area", "data_key": "count", "color": "blue"},
    ],
}
PROPERTIES = [
    pytest.param(name, field.name, id=f"{name}.{field.name}")
    for name, case in COMPONENTS.items()
    if name != "unknown"
    for field in schema.message(case).fields
    if field.name != "children"
]


def builder(name: str) -> Callable[..., Widget]:
    function: Callable[..., Widget] = getattr(ui, name)
    return function


def needed(name: str) -> dict[str, Any]:
    return {
        field.name: REQUIRED.get(field.name, "words")
        for field in schema.positional(schema.message(COMPONENTS[name]))
        if schema.required(field)
    }


def samples(name: str, property_name: str) -> list[Any]:
    field = schema.message(COMPONENTS[name]).fields_by_name[property_name]
    kind = schema.shape(field)
    if kind is Shape.LITERAL:
        return list(schema.literals(schema.enum(field)))
    if kind in {Shape.UNION, Shape.OBJECT, Shape.TAGGED}:
        found = {**UNIONS, **OBJECTS}[schema.message(field).name]
    else:
        found = [SAMPLES[kind]]
    return [[one] for one in found] if field.is_repeated else found


@pytest.mark.parametrize("name, property_name", PROPERTIES)
def test_each_property_is_written_from_plain_values(name: str, property_name: str) -> None:
    field = schema.message(COMPONENTS[name]).fields_by_name[property_name]
    bare = {key: value for key, value in needed(name).items() if key != property_name}
    seen = set()
    for value in samples(name, property_name):
        arguments = (None,) if name == "transition" else ()
        widget = builder(name)(*arguments, **bare, **{property_name: value})
        written = getattr(getattr(widget, name), property_name)
        if field.enum_type is not None:
            assert written == schema.literals(field.enum_type)[value]
        elif field.message_type is None:
            assert written == value
        else:
            assert len(written) if field.is_repeated else getattr(widget, name).HasField(property_name)
        seen.add(widget.SerializeToString())
    assert len(seen) == len(samples(name, property_name))


@pytest.mark.parametrize("name", [name for name in COMPONENTS if name != "unknown"])
def test_each_component_takes_an_id_a_key_and_unknown_properties(name: str) -> None:
    arguments = (None,) if name == "transition" else ()
    widget = builder(name)(*arguments, **needed(name), id="x", key="k", additional_properties={"new": [1]})
    assert (widget.WhichOneof("component"), widget.id, widget.key) == (name, "x", "k")
    assert widget.additional_properties == to_struct({"new": [1]})


def test_a_card_is_what_one_would_write_by_hand() -> None:
    widget = ui.card(
        ui.row(ui.text("Milk", id="title", weight="semibold"), ui.spacer(), ui.badge("high", color="danger")),
        None,
        ui.button("Done", on_click_action=ui.action("task.complete", {"task_id": "tsk_1"}), block=True),
        id="task_card",
        size="sm",
        padding={"x": 2, "y": "8px"},
    )
    text = widget_text_pb2.Text(value="Milk", weight=widget_style_pb2.FONT_WEIGHT_SEMIBOLD)
    badge = widget_text_pb2.Badge(label="high", color=widget_text_pb2.BADGE_COLOR_DANGER)
    action = ActionConfig(type="task.complete")
    action.payload.struct_value.update({"task_id": "tsk_1"})
    button = widget_control_pb2.Button(label="Done", on_click_action=action, block=True)
    row = widget_pb2.Row(
        children=[Widget(id="title", text=text), Widget(spacer=widget_text_pb2.Spacer()), Widget(badge=badge)]
    )
    padding = widget_style_pb2.Spacing(x=widget_style_pb2.Length(number=2), y=widget_style_pb2.Length(text="8px"))
    card = widget_pb2.Card(
        children=[Widget(row=row), Widget(button=button)],
        size=widget_pb2.CARD_SIZE_SM,
        padding=widget_style_pb2.Insets(sides=padding),
    )
    assert widget == Widget(id="task_card", card=card)


def test_children_are_copied() -> None:
    child = ui.text("before")
    parent = ui.card(child)
    child.text.value = "after"
    assert parent == ui.card(ui.text("before"))


def test_none_is_not_set() -> None:
    assert ui.text("x", streaming=None, color=None, id=None) == ui.text("x")


def test_messages_stand_for_themselves() -> None:
    color = widget_style_pb2.Color(name="red")
    assert ui.text("x", color=color) == ui.text("x", color="red")


def test_an_action_says_what_it_is_told_alone() -> None:
    assert ui.action("x") == ActionConfig(type="x")
    assert ui.action("x", handler="client", loading_behavior="container", streaming=False) == ActionConfig(
        type="x",
        handler=ActionHandler.ACTION_HANDLER_CLIENT,
        loading_behavior=LoadingBehavior.LOADING_BEHAVIOR_CONTAINER,
        streaming=False,
    )


def test_a_component_that_the_schema_does_not_know() -> None:
    widget = ui.unknown("Map", {"zoom": 3}, id="map")
    assert (widget.id, widget.unknown.type, widget.unknown.properties["zoom"]) == ("map", "Map", 3)


DEEP: dict[str, Any] = {}
for _ in range(17):
    DEEP = {"a": DEEP}

MISTAKES: list[tuple[str, Callable[[], object], type[Exception], str]] = [
    (
        "property",
        lambda: builder("text")("x", bold=True),
        TypeError,
        "Text has no property 'bold'; it has id, key, .*wei",
    ),
    (
        "literal",
        lambda: builder("text")("x", weight="fat"),
        ValueError,
        "Text.weight must be one of 'normal', .*'bold'",
    ),
    ("literal's type", lambda: builder("text")("x", weight=3), ValueError, "Text.weight must be one of"),
    ("missing", builder("text"), TypeError, "Text needs 'value'"),
    ("missing by None", lambda: builder("text")(None), TypeError, "Text needs 'value'"),
    ("too many", lambda: builder("text")("x", "y"), TypeError, "Text takes at most 1"),
    ("twice", lambda: builder("text")("x", value="y"), TypeError, "Text.value is given twice"),
    ("string", lambda: builder("text")(3), TypeError, "Text.value must be a str, not int"),
    ("switch", lambda: builder("text")("x", italic=1), TypeError, "Text.italic must be a bool, not int"),
    ("whole number", lambda: builder("text")("x", max_lines=1.5), TypeError, "Text.max_lines must be a whole number"),
    ("number's size", lambda: builder("text")("x", max_lines=2**31), ValueError, "Text.max_lines must be .* 32 bits"),
    ("icon", lambda: ui.icon("chek"), ValueError, "Icon.name must begin with lucide: or vendor:, or be one of 'agent'"),
    ("status icon", lambda: ui.card(status={"text": "a", "icon": "x"}), ValueError, "WidgetStatus.icon must begin"),
    ("length", lambda: builder("row")(gap=[1]), TypeError, "Row.gap must be a number or a string"),
    ("length by switch", lambda: builder("row")(gap=True), TypeError, "Row.gap must be a number or a string"),
    ("length's number", lambda: builder("row")(gap=float("inf")), ValueError, "Row.gap must be a finite number"),
    ("theme", lambda: builder("row")(background={"light": "a"}), TypeError, "Row.background needs 'dark'"),
    ("sides", lambda: builder("row")(padding={"tpo": 1}), TypeError, "Row.padding has no 'tpo'; it has top, right"),
    ("border", lambda: builder("row")(border={"top": 1, "size": 1}), TypeError, "Row.border has no 'size'"),
    ("border's number", lambda: builder("row")(border=1.5), TypeError, "Row.border must be a whole number"),
    ("editable", lambda: builder("text")("x", editable=True), ValueError, "Text.editable must be False, not True"),
    ("limit", lambda: builder("list_view")(limit="all"), ValueError, "ListView.limit must be 'auto', not 'all'"),
    (
        "both",
        lambda: ui.card(status={"text": "a", "icon": "check", "favicon": "x"}),
        ValueError,
        "Card.status has eith",
    ),
    (
        "no mapping",
        lambda: builder("card")(confirm="x"),
        TypeError,
        "Card.confirm must be a mapping with label, action",
    ),
    ("no action", lambda: builder("card")(confirm={"label": "x"}), TypeError, "Card.confirm needs 'action'"),
    ("no list", lambda: builder("select")("x", "ab"), TypeError, "Select.options must be a list"),
    (
        "series",
        lambda: builder("chart")([], [{"type": "pie"}], "x"),
        ValueError,
        "Chart.series .* one of 'bar', 'area'",
    ),
    ("labels", lambda: builder("chart")([], [], {"data_key": "x", "labels": {1: 2}}), TypeError, "XAxisConfig.labels"),
    ("child", lambda: builder("card")("x"), TypeError, "Card takes widgets as children, not str"),
    ("list's child", lambda: ui.list_view(ui.text("x")), TypeError, "ListView takes list_view_item as children"),
    ("wrapped child", lambda: builder("transition")("x"), TypeError, "Transition takes widgets as children, not str"),
    ("surrogate", lambda: ui.text("\ud83d"), ValueError, "Text.value must not hold half of a surrogate pair"),
    ("surrogate below", lambda: ui.action("x", {"a": "\ud83d"}), ValueError, "ActionConfig.payload must not hold half"),
    ("payload's number", lambda: ui.action("x", float("nan")), ValueError, "ActionConfig.payload must be a finite"),
    ("payload's digits", lambda: ui.action("x", [2**53 + 1]), ValueError, r"ActionConfig.payload must .* 2\*\*53"),
    ("payload's type", lambda: ui.action("x", object()), TypeError, "ActionConfig.payload must be a JSON value"),  # type: ignore[arg-type]
    ("payload's key", lambda: ui.action("x", {1: 2}), TypeError, "ActionConfig.payload must have strings as keys"),  # type: ignore[dict-item]
    ("payload's depth", lambda: ui.action("x", DEEP), ValueError, "ActionConfig.payload must not nest deeper than 16"),
    (
        "handler",
        lambda: builder("action")("x", handler="page"),
        ValueError,
        "ActionConfig.handler .* 'client', 'server'",
    ),
]


@pytest.mark.parametrize("make, error, message", [pytest.param(*rest, id=name) for name, *rest in MISTAKES])
def test_a_mistake_is_named(make: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as raised:
        make()
    assert raised.type is error


def test_signatures_are_known_at_run_time() -> None:
    assert list(inspect.signature(ui.markdown).parameters) == [
        "value",
        "id",
        "key",
        "additional_properties",
        "streaming",
    ]
    assert inspect.signature(ui.card).parameters["children"].kind is inspect.Parameter.VAR_POSITIONAL
    assert ui.card.__name__ == "card"
