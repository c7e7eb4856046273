"""The members of an object, as source text: for each field what gives its value, and when it is written.

In these texts ``m`` is the message.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from widgetstream_server.chatkit_json import values
from widgetstream_server.chatkit_json.faults import NoJsonFormError
from widgetstream_server.chatkit_json.shapes import (
    DURATION,
    STRUCT,
    TIMESTAMP,
    VALUE,
    FieldShape,
    literals_of,
    message_of,
    shape_of,
)

WELL_KNOWN: Final = {TIMESTAMP: "timestamp", DURATION: "duration", STRUCT: "struct", VALUE: "value"}
"""The writers of protobuf's own messages."""

SCOPE: Final[dict[str, Any]] = {
    "NoJsonFormError": NoJsonFormError,
    "base64": lambda value: b64encode(value).decode("ascii"),
    "number": values.number,
    "timestamp": values.encode_timestamp,
    "duration": values.encode_duration,
    "struct": values.encode_struct,
    "value": values.encode_value,
}
"""What compiled functions see: what they are made of, each other, and constants."""

_FLOATS: Final = {FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT}


@dataclass(frozen=True, slots=True)
class Member:
    """How one property is written.

    Attributes:
        name: The property.
        value: The expression for its value.
        when: The condition under which it is written; it may put the value into ``v``. Empty: always.
        otherwise: The expression for what is written if it is not met. Empty: nothing is.
        field: The field; None where there is none.
        needs_form: Whether the field has to have a form if it is set.
        convert: The expression for the value, made of ``v``, a value of the field that is set. Empty: something is
            written too when the field is not set.
    """

    name: str
    value: str
    when: str = ""
    otherwise: str = ""
    field: FieldDescriptor | None = None
    needs_form: bool = False
    convert: str = ""


def function_name(message: Descriptor) -> str:
    """Return the name of the function that writes messages of this type."""
    return WELL_KNOWN.get(message.full_name) or f"write_{message.full_name.replace('.', '_')}"


def member(shape: FieldShape) -> Member:
    """Return how a field is written."""
    field = shape.field
    value = values_of(shape, f"m.{field.name}")
    default = "" if shape.default is None else repr(shape.default)
    is_set = f"m.HasField({field.name!r})" if field.has_presence else f"m.{field.name}"
    nullable = not field.is_repeated and _is_nullable(field)
    if nullable and field.message_type is not None and shape_of(field.message_type).tagged is not None:
        return Member(shape.name, "v", f"(v := {value}) is not None", default, field, needs_form=True)
    if not nullable and shape.always and not default and not field.has_presence:
        return Member(shape.name, value)
    if shape.always and field.type in _FLOATS:
        default = default or "0"
    convert = "" if default else values_of(shape, "v")
    if nullable:
        when = f"(v := {value}) is not None"
        # What is not set in an enum is a zero, which has no literal as a rule.
        if field.enum_type is None or 0 in literals_of(field):
            when = f"{is_set} and {when}"
        return Member(shape.name, "v", when, default, field, convert=convert)
    return Member(shape.name, value, is_set, default, field, convert=convert)


def values_of(shape: FieldShape, value: str) -> str:
    """Return the expression for the JSON of a field's value."""
    field = shape.field
    if shape.is_map:
        entry = message_of(field).fields_by_name["value"]
        return f"{{name: {value_of(entry, 'entry')} for name, entry in {value}.items()}}"
    if not field.is_repeated:
        return value_of(field, value)
    # A slice is a list of Python's; to walk through what protobuf has takes three times as long.
    each = value_of(field, "entry")
    if each == "entry":
        return f"{value}[:]"
    if _is_nullable(field):
        return f"[json for entry in {value}[:] if (json := {each}) is not None]"
    return f"(many := {value}[:]) and [{each} for entry in many]"


def value_of(field: FieldDescriptor, value: str) -> str:
    """Return the expression for the JSON of one value of a field."""
    if field.message_type is not None:
        return f"{function_name(field.message_type)}({value})"
    if field.enum_type is not None:
        return f"{_literals(field.enum_type.full_name, field)}.get({value})"
    if field.type == FieldDescriptor.TYPE_BYTES:
        return f"base64({value})"
    return f"number({value})" if field.type in _FLOATS else value


def _is_nullable(field: FieldDescriptor) -> bool:
    """Return whether a value of this field may have no form: what writes it then returns None."""
    if field.message_type is None:
        return field.enum_type is not None or field.type in _FLOATS
    if field.message_type.full_name in WELL_KNOWN:
        return field.message_type.full_name in {VALUE, DURATION}
    shape = shape_of(field.message_type)
    return shape.tagged is not None or (shape.untagged and not shape.is_list)


def _literals(enum: str, field: FieldDescriptor) -> str:
    """Return the name of the literals of an enum, by number."""
    name = f"literals_{enum.replace('.', '_')}"
    if name not in SCOPE:
        SCOPE[name] = literals_of(field)
    return name
