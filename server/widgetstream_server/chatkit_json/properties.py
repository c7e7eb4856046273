"""Reading properties into fields, as source text: for each field the statements that read it.

In these statements ``m`` is the message and ``v`` the value of the property, which is not null. Strings are not looked
at here: protobuf refuses what is none with a ``TypeError``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from widgetstream_server.chatkit_json import values
from widgetstream_server.chatkit_json.faults import JsonInvalidError
from widgetstream_server.chatkit_json.scalars import ReadScalar, scalar
from widgetstream_server.chatkit_json.shapes import DURATION, STRUCT, TIMESTAMP, VALUE, FieldShape, message_of, shape_of
from widgetstream_server.chatkit_json.values import Json

Read = Callable[[Any, Json], None]
"""Reads a value into an empty message."""

WELL_KNOWN: Final = {TIMESTAMP: "timestamp", DURATION: "duration", STRUCT: "struct", VALUE: "value"}
"""The readers of protobuf's own messages."""

NOT_TEXT: Final = "must not hold half of a surrogate pair"
NO_STRING: Final = "must be a string"


def statements(field: FieldShape, *, strict: bool) -> list[str]:
    """Return the statements that read a field."""
    read = _read(field, strict=strict)
    if field.field.is_repeated and not field.is_map:
        # Most lists are empty: then nothing is asked of protobuf.
        return ["if v != []:", *(f"    {line}" for line in read)]
    if field.default is None or not field.field.has_presence:
        return read
    different = f"v != {field.default!r}"
    if isinstance(field.default, bool | int | float):
        # To Python true is one.
        different += f" or isinstance(v, bool) is not {isinstance(field.default, bool)}"
    return [f"if {different}:", *(f"    {line}" for line in read)]


def is_set_by(field: FieldShape) -> bool:
    """Return whether any value that is read into a field is seen in its message: no list, and nothing that is meant."""
    return not field.field.is_repeated and field.default is None


def function_name(message: Descriptor, *, strict: bool) -> str:
    """Return the name of the function that reads messages of this type.

    Args:
        message: The type.
        strict: Whether an unknown property is refused: what cannot be kept where it is, is kept further up.
    """
    name = f"read_{message.full_name.replace('.', '_')}"
    return WELL_KNOWN.get(message.full_name) or (f"{name}__strictly" if strict else name)


def holds_components(field: FieldDescriptor) -> bool:
    """Return whether a field holds components of a widget: an error in one is told, not kept."""
    return field.message_type is not None and shape_of(field.message_type).overflow is not None


def _read(shape: FieldShape, *, strict: bool) -> list[str]:
    field, target = shape.field, f"m.{shape.field.name}"
    if shape.is_map:
        entry = message_of(field).fields_by_name["value"]
        if entry.message_type is not None:
            return [f"messages_by_name({target}, v, {function_name(entry.message_type, strict=strict)})"]
        return [f"values_by_name({target}, v, {_scalar(entry)})"]
    if field.message_type is None:
        if field.is_repeated:
            is_text = field.type == FieldDescriptor.TYPE_STRING
            return [f"texts({target}, v)" if is_text else f"plain({target}, v, {_scalar(field)})"]
        return [f"{target} = v" if field.type == FieldDescriptor.TYPE_STRING else f"{target} = {_scalar(field)}(v)"]
    read = function_name(field.message_type, strict=strict)
    if field.is_repeated:
        return [f"{'components' if holds_components(field) else 'messages'}({target}, v, {read})"]
    if field.message_type.full_name in WELL_KNOWN:
        return [f"{read}({target}, v)"]
    held = shape_of(field.message_type)
    if held.tagged is not None or held.untagged:
        # It has a case, which is in it when all has been read.
        return [f"{read}({target}, v)"]
    return [f"inner = {target}", "inner.SetInParent()", f"{read}(inner, v)"]


def _scalar(field: FieldDescriptor) -> str:
    """Return the name of the reader of a field's plain values."""
    name = f"plain_{field.full_name.replace('.', '_')}"
    if name not in SCOPE:
        SCOPE[name] = scalar(field)
    return name


def _listed(value: Json) -> list[Json] | tuple[Json, ...]:
    if not isinstance(value, list | tuple):
        raise JsonInvalidError("must be a list")
    return value


def _messages(target: Any, value: Json, read: Read) -> None:
    add = target.add
    for entry in _listed(value):
        try:
            read(add(), entry)
        except JsonInvalidError as error:
            raise error.below(f"[{len(target) - 1}]") from None


def _components(target: Any, value: Json, read: Read) -> None:
    """Read components of a widget: dynamic widgets may have one in place of a list of them, and null among them."""
    for index, entry in enumerate([value] if isinstance(value, Mapping) else _listed(value)):
        if entry is not None:
            try:
                read(target.add(), entry)
            except JsonInvalidError as error:
                raise error.below(f"[{index}]") from None


def _texts(target: Any, value: Json) -> None:
    try:
        target.extend(_listed(value))
    except TypeError:
        wrong = next(index for index, entry in enumerate(value) if not isinstance(entry, str))
        raise JsonInvalidError(NO_STRING, f"[{wrong}]") from None


def _plain(target: Any, value: Json, read: ReadScalar) -> None:
    for index, entry in enumerate(_listed(value)):
        try:
            target.append(read(entry))
        except JsonInvalidError as error:
            raise error.below(f"[{index}]") from None


def _named(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise JsonInvalidError("must be an object")
    if not all(isinstance(name, str) for name in value):
        raise JsonInvalidError("must have strings as names")
    return value


def _messages_by_name(target: Any, value: Json, read: Read) -> None:
    for name, entry in _named(value).items():
        try:
            read(target[name], entry)
        except JsonInvalidError as error:
            raise error.below(name) from None


def _values_by_name(target: Any, value: Json, read: ReadScalar) -> None:
    for name, entry in _named(value).items():
        try:
            target[name] = read(entry)
        except JsonInvalidError as error:
            raise error.below(name) from None


SCOPE: Final[dict[str, Any]] = {
    "JsonInvalidError": JsonInvalidError,
    "Mapping": Mapping,
    "NOT_TEXT": NOT_TEXT,
    "NO_STRING": NO_STRING,
    "messages": _messages,
    "components": _components,
    "texts": _texts,
    "plain": _plain,
    "messages_by_name": _messages_by_name,
    "values_by_name": _values_by_name,
    "timestamp": values.decode_timestamp,
    "duration": values.decode_duration,
    "struct": values.decode_struct,
    "value": values.decode_value,
}
"""What compiled functions see: what they are made of, each other, and constants."""
