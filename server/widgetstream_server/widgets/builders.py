"""Functions that make widgets, one for each component, with the ease of ChatKit's own classes.

    ui.card(ui.title("Milk", size="sm"), ui.button("Done", on_click_action=ui.action("done", {"number": 5})))

Properties have the names of the schema and plain Python values: literals as ChatKit's strings
(``"semibold"``), lengths as numbers or CSS strings, objects as mappings. None means not set. A property or a
value that the schema does not know raises an error that names the component, the property and what is
allowed. Children that are None are left out.

A widget is a value: a container copies its children, so that a later change to a child does not reach it.

The signatures, with types, stand in ``builders.pyi``, which is generated from the schema.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError

from widgetstream.chatkit.v1.action_pb2 import ActionConfig
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation.errors import WidgetInvalidError
from widgetstream_server.widgets import schema
from widgetstream_server.widgets.json_values import fill_struct
from widgetstream_server.widgets.plans import write_object, writers
from widgetstream_server.widgets.scalars import NO_SURROGATES, Write
from widgetstream_server.widgets.schema import COMPONENTS

Builder = Callable[..., Widget]

_EMPTY: Mapping[str, Any] = {}
# What every component has beside its own properties.
_COMMON: Mapping[str, Write] = {
    name: write for name, write in writers(schema.WIDGET).items() if name in {"id", "key", "additional_properties"}
}


def _builder(name: str) -> Builder:
    """Make the function for a component."""
    case = COMPONENTS[name]
    component = schema.message(case)
    positional = schema.positional(component)
    children = component.fields_by_name.get("children")
    if children is not None and children.is_repeated:
        build = _container(name, writers(component))
    elif children is not None:
        build = _wrapper(name, writers(component))
    else:
        build = _leaf(name, writers(component), [field.name for field in positional])
    build.__name__ = build.__qualname__ = name
    build.__doc__ = f"Make a `{component.name}`."
    build.__signature__ = _signature(component.fields, positional)  # type: ignore[attr-defined]
    return build


def _leaf(name: str, own: Mapping[str, Write], positional: list[str]) -> Builder:
    label = schema.message(COMPONENTS[name]).name
    needed = [field.name for field in schema.message(COMPONENTS[name]).fields if schema.required(field)]
    most = len(positional)

    def build(*values: Any, **properties: Any) -> Widget:
        if values:
            if len(values) > most:
                raise TypeError(f"{label} takes at most {most} properties without their names, not {len(values)}")
            for property_name, value in zip(positional, values, strict=False):
                if property_name in properties:
                    raise TypeError(f"{label}.{property_name} is given twice")
                properties[property_name] = value
        for property_name in needed:
            if properties.get(property_name) is None:
                raise TypeError(f"{label} needs {property_name!r}")
        widget = Widget()
        component = getattr(widget, name)
        component.SetInParent()
        _write(widget, component, own, properties, label)
        return widget

    return build


def _container(name: str, own: Mapping[str, Write]) -> Builder:
    label = schema.message(COMPONENTS[name]).name
    only = schema.CHILDREN.get(name)

    def build(*children: Widget | None, **properties: Any) -> Widget:
        widget = Widget()
        component = getattr(widget, name)
        component.SetInParent()
        for child in children:
            if child is None:
                continue
            _check_child(child, label, only)
            try:
                component.children.append(child)
            except DecodeError:
                # Protobuf itself copies 100 messages deep at most.
                raise WidgetInvalidError(f"{label} holds a tree that is nested too deep") from None
        if properties:
            _write(widget, component, own, properties, label)
        return widget

    return build


def _wrapper(name: str, own: Mapping[str, Write]) -> Builder:
    label = schema.message(COMPONENTS[name]).name

    def build(child: Widget | None, **properties: Any) -> Widget:
        widget = Widget()
        component = getattr(widget, name)
        component.SetInParent()
        if child is not None:
            _check_child(child, label, None)
            component.children.CopyFrom(child)
        _write(widget, component, own, properties, label)
        return widget

    return build


def _write(widget: Widget, component: Any, own: Mapping[str, Write], properties: Mapping[str, Any], label: str) -> None:
    for name, value in properties.items():
        write = own.get(name)
        target = component
        if write is None:
            write = _COMMON.get(name)
            target = widget
            if write is None:
                raise TypeError(f"{label} has no property {name!r}; it has {', '.join([*_COMMON, *own])}")
        if value is not None:
            try:
                write(target, value)
            except UnicodeError:
                raise ValueError(f"{label}.{name} {NO_SURROGATES}") from None


def _check_child(child: object, label: str, only: str | None) -> None:
    if not isinstance(child, Widget):
        raise TypeError(f"{label} takes widgets as children, not {type(child).__name__}")
    if only is not None and child.WhichOneof("component") not in {only, "unknown"}:
        raise TypeError(f"{label} takes {only} as children, not {child.WhichOneof('component')}")


def _signature(fields: Sequence[FieldDescriptor], positional: Sequence[FieldDescriptor]) -> inspect.Signature:
    names = [field.name for field in positional]
    parameters = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if schema.required(field) else None,
        )
        for field in positional
    ]
    for field in fields:
        if field.name == "children":
            kind = inspect.Parameter.VAR_POSITIONAL if field.is_repeated else inspect.Parameter.POSITIONAL_ONLY
            parameters.insert(0, inspect.Parameter("children" if field.is_repeated else "child", kind))
    parameters.extend(
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None)
        for name in (*_COMMON, *(field.name for field in fields))
        if name not in names and name != "children"
    )
    return inspect.Signature(parameters, return_annotation=Widget)


def action(
    type: str,  # noqa: A002 - the property's name
    payload: object = None,
    *,
    handler: str | None = None,
    loading_behavior: str | None = None,
    streaming: bool | None = None,
) -> ActionConfig:
    """Make the action that a component triggers."""
    config = ActionConfig()
    write_object(
        config,
        {
            "type": type,
            "payload": payload,
            "handler": handler,
            "loading_behavior": loading_behavior,
            "streaming": streaming,
        },
        "ActionConfig",
    )
    return config


def unknown(
    type: str,  # noqa: A002 - the property's name
    properties: Mapping[str, Any] = _EMPTY,
    *,
    id: str | None = None,  # noqa: A002 - the property's name
    key: str | None = None,
) -> Widget:
    """Make a component that the schema does not know."""
    widget = Widget()
    _write(widget, None, _EMPTY, {"id": id, "key": key}, "UnknownComponent")
    widget.unknown.type = type
    fill_struct(widget.unknown.properties, properties)
    return widget


card = _builder("card")
list_view = _builder("list_view")
basic = _builder("basic")
list_view_item = _builder("list_view_item")
box = _builder("box")
row = _builder("row")
col = _builder("col")
form = _builder("form")
transition = _builder("transition")
table = _builder("table")
table_row = _builder("table_row")
table_cell = _builder("table_cell")
text = _builder("text")
title = _builder("title")
caption = _builder("caption")
markdown = _builder("markdown")
badge = _builder("badge")
icon = _builder("icon")
image = _builder("image")
divider = _builder("divider")
spacer = _builder("spacer")
button = _builder("button")
checkbox = _builder("checkbox")
date_picker = _builder("date_picker")
input = _builder("input")  # noqa: A001 - the component's name
label = _builder("label")
radio_group = _builder("radio_group")
select = _builder("select")
textarea = _builder("textarea")
chart = _builder("chart")
