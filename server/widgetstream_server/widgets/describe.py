"""What a widget says, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from google.protobuf import struct_pb2

from widgetstream.chatkit.v1 import widget_style_pb2
from widgetstream.chatkit.v1.widget_chart_pb2 import Chart
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets.tree import children_of, component_of, walk

MAX_DESCRIPTION: Final = 500
"""Characters of a description."""

# Between what stands in one line.
_SEPARATOR: Final = " · "
# Containers whose children stand in a line, whatever they say.
_INLINE: Final = frozenset({"row", "list_view_item", "table_row"})
# What a model calls a root. Others go by the name of their type.
_KINDS: Final[Mapping[str, str]] = {"list_view": "list", "card": "card", "basic": "widget"}
# Properties of unknown components that people are likely to see.
_SPOKEN: Final = ("title", "label", "value", "text", "alt")


def plain_text(widget: Widget) -> str:
    """Return what the widget says: the text that a copy button copies, and that a screen reader could read.

    Content alone, in the order of the tree: texts, badges, descriptions of images, the state of form
    controls, rows of tables and charts. What stands in one line on the screen does here; buttons are left
    out. Empty: it says nothing.
    """
    return "\n".join(_lines(widget))


def describe(widget: Widget) -> str:
    """Return one line of at most 500 characters that tells a model what a person was shown.

    For example ``[list 'Tasks': #3 Buy milk · tomorrow; #4 Call Ann]``: the kind of root, the first title,
    and the lines of the widget's text.
    """
    case, component = component_of(widget)
    kind = _KINDS.get(case) or (component.type if case == "unknown" else component.DESCRIPTOR.name if case else "")
    title = _title(widget)
    lines = [" ".join(line.split()) for line in _lines(widget)]
    if title and lines and lines[0] == title:
        del lines[0]
    head = f"{kind or 'widget'} '{title}'" if title else kind or "widget"
    text = f"{head}: {'; '.join(lines)}" if lines else head
    if len(text) + 2 > MAX_DESCRIPTION:
        text = text[: MAX_DESCRIPTION - 3].rstrip() + "…"
    return f"[{text}]"


def _title(root: Widget) -> str:
    for widget in walk(root):
        case, component = component_of(widget)
        if case == "title":
            return " ".join(component.value.split())
    case, component = component_of(root)
    return " ".join(component.status.text.split()) if case in {"card", "list_view"} else ""


def _lines(widget: Widget) -> list[str]:
    """Return the lines of a component, none of them blank."""
    case, component = component_of(widget)
    lines: list[str] = []
    if case in {"card", "list_view"}:
        lines.append(component.status.text.strip())
    if case == "unknown":
        lines += _unknown(component.properties)
    elif case == "chart":
        lines += _chart(component)
    else:
        lines += _own(case, component)
    # A text may have lines of its own.
    lines = [line.rstrip() for said in lines for line in said.splitlines() if line.strip()]
    below = [line for child in children_of(case, component) for line in _lines(child)]
    if below and _is_inline(case, component):
        below = [_SEPARATOR.join(" ".join(line.split()) for line in below)]
    return lines + below


def _is_inline(case: str, component: Any) -> bool:
    if case in {"box", "form", "basic"}:
        return bool(component.direction == widget_style_pb2.DIRECTION_ROW)
    return case in _INLINE


def _own(case: str, component: Any) -> list[str]:
    """Return what a component says itself, without its children."""
    match case:
        case "text" | "title" | "caption" | "label":
            said = component.value
        case "markdown":
            return [component.value]
        case "badge":
            said = component.label
        case "image":
            said = component.alt
        case "checkbox":
            said = f"[{'x' if component.default_checked else ' '}] {component.label or component.name}"
        case "select" | "radio_group":
            said = _chosen(component) or component.placeholder if case == "select" else _chosen(component)
        case "input" | "textarea" | "date_picker":
            said = component.default_value or component.placeholder
        case _:
            return []
    return [said.strip()]


def _chosen(component: Any) -> str:
    for option in component.options:
        if option.value == component.default_value:
            label: str = option.label
            return label
    return ""


def _chart(chart: Chart) -> Iterator[str]:
    x_key = chart.x_axis.data_key or chart.x_axis.config.data_key
    series = [(s.bar if s.HasField("bar") else s.area if s.HasField("area") else s.line) for s in chart.series]
    for row in chart.data:
        values = [
            f"{one.label or one.data_key} {_number(row.fields[one.data_key])}"
            for one in series
            if one.data_key in row.fields
        ]
        x = _number(row.fields[x_key]) if x_key in row.fields else ""
        line = ": ".join(part for part in (x, ", ".join(values)) if part)
        if line:
            yield line


def _number(value: struct_pb2.Value) -> str:
    if value.HasField("number_value"):
        return f"{value.number_value:.12g}"
    return value.string_value


def _unknown(properties: struct_pb2.Struct) -> list[str]:
    """Return the likely words of a component that the schema does not know, and of what is below it."""
    lines: list[str] = []
    pending = [properties]
    while pending:
        fields = pending.pop().fields
        lines += [
            text
            for name in _SPOKEN
            if name in fields and (text := re.sub(r"\s+", " ", fields[name].string_value).strip())
        ]
        if "children" in fields:
            pending += reversed(_objects(fields["children"]))
    return lines


def _objects(value: struct_pb2.Value) -> Sequence[struct_pb2.Struct]:
    entries = value.list_value.values if value.HasField("list_value") else [value]
    return [entry.struct_value for entry in entries if entry.HasField("struct_value")]
