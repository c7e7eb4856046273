"""What the schema says of a property, read from its descriptors.

The builders and the generator of their signatures see the schema through this module, so that they agree.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from widgetstream.chatkit.v1 import options_pb2, widget_pb2

WIDGET: Final[Descriptor] = widget_pb2.Widget.DESCRIPTOR
COMPONENTS: Final[dict[str, FieldDescriptor]] = {
    field.name: field for field in WIDGET.oneofs_by_name["component"].fields
}
"""The components by the name of their case."""

# Strings that name an icon. The schema has no mark for them: names with a prefix are open.
ICON_FIELDS: Final = frozenset(
    {
        "widgetstream.chatkit.v1.Icon.name",
        "widgetstream.chatkit.v1.Button.icon_start",
        "widgetstream.chatkit.v1.Button.icon_end",
        "widgetstream.chatkit.v1.WidgetStatus.icon",
    }
)
# Strings and switches of which ChatKit knows some values alone.
RESTRICTED: Final[dict[str, tuple[str | bool, ...]]] = {
    "widgetstream.chatkit.v1.ListLimit.mode": ("auto",),
    "widgetstream.chatkit.v1.Editable.enabled": (False,),
}
# Messages always have presence; these are required all the same.
_REQUIRED_MESSAGES: Final = frozenset(
    {"widgetstream.chatkit.v1.Chart.x_axis", "widgetstream.chatkit.v1.CardAction.action"}
)
# Optional properties that are so much what a component is about that they may come without their name.
_POSITIONAL: Final = frozenset({"widgetstream.chatkit.v1.Button.label", "widgetstream.chatkit.v1.RadioGroup.options"})
# What may stand directly in a container, where not anything may.
CHILDREN: Final[dict[str, str]] = {
    "list_view": "list_view_item",
    "table": "table_row",
    "table_row": "table_cell",
}


def message(field: FieldDescriptor) -> Descriptor:
    """Return the message that a field holds. Raises ``TypeError`` for a field that holds none."""
    if field.message_type is None:
        raise TypeError(f"{field.full_name} holds no message")
    return field.message_type


def enum(field: FieldDescriptor) -> EnumDescriptor:
    """Return the enum that a field holds. Raises ``TypeError`` for a field that holds none."""
    if field.enum_type is None:
        raise TypeError(f"{field.full_name} holds no enum")
    return field.enum_type


class Shape(Enum):
    """How a property is written in Python."""

    BOOL = auto()
    INT = auto()
    NUMBER = auto()
    STRING = auto()
    ICON = auto()
    LITERAL = auto()
    RESTRICTED = auto()
    UNION = auto()
    OBJECT = auto()
    TAGGED = auto()
    JSON = auto()
    JSON_OBJECT = auto()
    STRING_MAP = auto()
    WIDGET = auto()


_SCALARS: Final = {
    FieldDescriptor.TYPE_BOOL: Shape.BOOL,
    FieldDescriptor.TYPE_INT32: Shape.INT,
    FieldDescriptor.TYPE_DOUBLE: Shape.NUMBER,
    FieldDescriptor.TYPE_STRING: Shape.STRING,
    FieldDescriptor.TYPE_ENUM: Shape.LITERAL,
}
_MESSAGES: Final = {
    "google.protobuf.Value": Shape.JSON,
    "google.protobuf.Struct": Shape.JSON_OBJECT,
    "widgetstream.chatkit.v1.Widget": Shape.WIDGET,
}


def shape(field: FieldDescriptor) -> Shape:
    """Return how one value of a field is written; a list, where the field is repeated, holds such values."""
    if field.full_name in ICON_FIELDS:
        return Shape.ICON
    if field.full_name in RESTRICTED:
        return Shape.RESTRICTED
    if field.type != FieldDescriptor.TYPE_MESSAGE:
        return _SCALARS[field.type]
    kind = message(field)
    if kind.GetOptions().map_entry:
        return Shape.STRING_MAP
    if kind.full_name in _MESSAGES:
        return _MESSAGES[kind.full_name]
    if kind.GetOptions().Extensions[options_pb2.message_json].untagged:
        return Shape.UNION
    return Shape.TAGGED if discriminator(kind) else Shape.OBJECT


def discriminator(kind: Descriptor) -> str:
    """Return the property that tells the cases of a message's ``oneof`` apart. Empty: there is none."""
    for oneof in kind.oneofs:
        name: str = oneof.GetOptions().Extensions[options_pb2.oneof_json].discriminator
        if name:
            return name
    return ""


def tag(field: FieldDescriptor) -> str:
    """Return the value of the discriminator that selects a case of a tagged ``oneof``."""
    value: str = field.GetOptions().Extensions[options_pb2.field_json].type
    return value


def literals(kind: EnumDescriptor) -> dict[str, int]:
    """Return the numbers of an enum's values by their literals, in order."""
    return {value.GetOptions().Extensions[options_pb2.literal]: value.number for value in kind.values if value.number}


def required(field: FieldDescriptor) -> bool:
    """Return whether a property cannot be left out."""
    if field.full_name in _REQUIRED_MESSAGES:
        return True
    json = field.GetOptions().Extensions[options_pb2.field_json]
    return not field.has_presence and json.presence != options_pb2.JSON_PRESENCE_OMIT_EMPTY


def positional(component: Descriptor) -> list[FieldDescriptor]:
    """Return the properties of a component that may be given without their names, in order.

    Children are none of them.
    """
    return [
        field
        for field in component.fields
        if field.name != "children" and (required(field) or field.full_name in _POSITIONAL)
    ]
