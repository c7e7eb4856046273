"""What a widget must be like before it is sent or stored.

The limits keep a tree within what every reader on its way accepts: protobuf's parsers stop at 100 nested
messages, and proxies at some size. A widget that passes fits all of them, inside an event, an item and a
page.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final, TypeAlias

from google.protobuf import struct_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation.errors import WidgetInvalidError
from widgetstream_server.widgets import schema
from widgetstream_server.widgets.json_values import MAX_DEPTH
from widgetstream_server.widgets.schema import Shape
from widgetstream_server.widgets.tree import children_of, component_of

MAX_LEVELS: Final = 16
"""Components from the root to the deepest one, both counted."""
MAX_BYTES: Final = 256 * 1024
"""The size of the serialised tree."""
MAX_ID_LENGTH: Final = 128
"""Characters of a component's id."""

# A component takes at least this many bytes of its parent's, so more components than that are too large
# anyway.
_MAX_COMPONENTS: Final = MAX_BYTES // 4
_ROOTS: Final = frozenset({"card", "list_view", "basic", "unknown"})


# A component on its way from the root: itself, its parent's place, its number among the parent's children, its level.
# A bare tuple, because a tree of 300 components has 300 of them and is checked for every value that is streamed.
_Place: TypeAlias = "tuple[Widget, _Place | None, int, int]"


def check(widget: Widget) -> None:
    """Check a tree that is to be an item's widget.

    Its root is a Card, a ListView, a Basic, or a component that the schema does not know; it has at most 16 levels
    and 256 KiB; its ids are of at most 128 characters, each used once; JSON in it (payloads of actions, data of
    charts, unknown properties) nests at most 16 levels deep. A tree of any size and depth is answered.

    Raises:
        WidgetInvalidError: It is not so. The message names the place, such as
            ``Card#task_card/0:Row/2:Text: ...``, where the numbers count children from 0.
    """
    root: _Place = (widget, None, 0, 1)
    if widget.WhichOneof("component") not in _ROOTS:
        raise _invalid(root, "the root must be a Card, a ListView or a Basic")
    ids: set[str] = set()
    components = 0
    pending = [root]
    while pending:
        place = pending.pop()
        components += 1
        if components > _MAX_COMPONENTS:
            raise _too_large(root)
        current, _, _, level = place
        case = current.WhichOneof("component")
        if not case:
            raise _invalid(place, "it has no component")
        component = getattr(current, case)
        if current.id:
            _check_id(place, ids)
        if current.HasField("additional_properties"):
            _check_json(place, [current.additional_properties])
        if case in _WITH_JSON:
            _check_json(place, _json_in(component))
        children = children_of(case, component)
        if children:
            if level == MAX_LEVELS:
                raise _invalid(place, f"its children would be below {MAX_LEVELS} levels")
            places = [(child, place, index, level + 1) for index, child in enumerate(children)]
            places.reverse()
            pending += places
    if widget.ByteSize() > MAX_BYTES:
        raise _too_large(root)


def _check_id(place: _Place, ids: set[str]) -> None:
    component_id = place[0].id
    if len(component_id) > MAX_ID_LENGTH:
        raise _invalid(place, f"its id is longer than {MAX_ID_LENGTH} characters")
    if component_id in ids:
        raise _invalid(place, f"the id {component_id!r} is used twice")
    ids.add(component_id)


def _check_json(place: _Place, values: Iterable[struct_pb2.Value | struct_pb2.Struct]) -> None:
    # A level of JSON takes four bytes at least: most payloads are too small to be too deep.
    pending: list[tuple[Any, int]] = [(value, 1) for value in values if value.ByteSize() > 4 * MAX_DEPTH]
    while pending:
        value, depth = pending.pop()
        if isinstance(value, struct_pb2.Struct):
            entries = value.fields.values()
        else:
            kind = value.WhichOneof("kind")
            if kind == "struct_value":
                entries = value.struct_value.fields.values()
            elif kind == "list_value":
                entries = value.list_value.values
            else:
                continue
        if depth > MAX_DEPTH:
            raise _invalid(place, f"JSON in it nests deeper than {MAX_DEPTH} levels")
        pending += [(entry, depth + 1) for entry in entries]


def _json_in(message: Any) -> Iterable[struct_pb2.Value | struct_pb2.Struct]:
    for name, is_json, is_repeated in _json_fields(message.DESCRIPTOR):
        if not is_repeated and not message.HasField(name):
            continue
        value = getattr(message, name)
        for one in value if is_repeated else (value,):
            if is_json:
                yield one
            else:
                yield from _json_in(one)


@cache
def _json_fields(message: Descriptor) -> tuple[tuple[str, bool, bool], ...]:
    """Return the fields that hold JSON, or messages that do: the name, whether itself JSON, whether many."""
    found = []
    for field in message.fields:
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            kind = schema.shape(field)
            is_json = kind in {Shape.JSON, Shape.JSON_OBJECT}
            leads_there = kind in {Shape.OBJECT, Shape.TAGGED, Shape.UNION} and _json_fields(schema.message(field))
            if is_json or leads_there:
                found.append((field.name, is_json, field.is_repeated))
    return tuple(found)


_WITH_JSON: Final = frozenset(name for name, case in schema.COMPONENTS.items() if _json_fields(schema.message(case)))


def _invalid(place: _Place, why: str) -> WidgetInvalidError:
    return WidgetInvalidError(f"{_path(place)}: {why}")


def _too_large(root: _Place) -> WidgetInvalidError:
    return _invalid(root, f"the widget is larger than {MAX_BYTES // 1024} KiB")


def _path(place: _Place) -> str:
    names: list[str] = []
    next_place: _Place | None = place
    while next_place is not None:
        widget, parent, index, _ = next_place
        case, component = component_of(widget)
        name = component.DESCRIPTOR.name if case else "?"
        if widget.id:
            name += f"#{widget.id[:40]}"
        names.append(name if parent is None else f"{index}:{name}")
        next_place = parent
    return "/".join(reversed(names))
