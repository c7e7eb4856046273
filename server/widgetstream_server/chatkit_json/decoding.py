"""ChatKit's JSON to messages.

There is a plan for each message, made from its descriptor once: a reader for each property. Properties that a message
does not know are passed over, as ChatKit's own models do, but for components of widgets: what these do not know, and
values of theirs that do not fit, are kept as they came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from widgetstream_server.chatkit_json import values
from widgetstream_server.chatkit_json.faults import JsonInvalidError
from widgetstream_server.chatkit_json.object_reader import NOT_TEXT, ObjectReader, Read
from widgetstream_server.chatkit_json.scalars import scalar
from widgetstream_server.chatkit_json.shapes import (
    DURATION,
    STRUCT,
    TIMESTAMP,
    VALUE,
    FieldShape,
    MessageShape,
    Tagged,
    message_of,
    shape_of,
)
from widgetstream_server.chatkit_json.values import Json

MessageT = TypeVar("MessageT", bound=Message)

_Fill = Callable[[Any, Json], None]
"""Reads a value into an empty message."""

_WELL_KNOWN: Final[Mapping[str, _Fill]] = {
    TIMESTAMP: values.decode_timestamp,
    DURATION: values.decode_duration,
    STRUCT: values.decode_struct,
    VALUE: values.decode_value,
}
_TOO_DEEP = "is nested too deep"


def decode(kind: type[MessageT], json: Json) -> MessageT:
    """Read a message from ChatKit's JSON, as ``json.loads`` returns it.

    Raises:
        JsonInvalidError: It is no such message; the error names the place.
    """
    message = kind()
    try:
        _fill(kind.DESCRIPTOR, strict=False)(message, json)
    except RecursionError:
        raise JsonInvalidError(_TOO_DEEP) from None
    return message


def decode_bytes(kind: type[MessageT], data: bytes | str) -> MessageT:
    """Read a message from ChatKit's JSON in UTF-8. Raises what ``decode`` raises."""
    try:
        json = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        raise JsonInvalidError("is not JSON") from None
    except RecursionError:
        raise JsonInvalidError(_TOO_DEEP) from None
    return decode(kind, json)


@cache
def _fill(message: Descriptor, *, strict: bool) -> _Fill:
    """Return what reads a message of this type.

    Args:
        message: The type.
        strict: Whether an unknown property is refused: what cannot be kept where it is, is kept further up.
    """
    well_known = _WELL_KNOWN.get(message.full_name)
    if well_known is not None:
        return well_known
    shape = shape_of(message)
    if shape.untagged:
        return _untagged(shape)
    return _object(message, strict=strict).fill


# Messages hold messages of their own type: an object's reader is known before those of its properties are.
_objects: Final[dict[tuple[Descriptor, bool], ObjectReader]] = {}


def _object(message: Descriptor, *, strict: bool) -> ObjectReader:
    reader = _objects.get((message, strict))
    if reader is None:
        reader = _objects[message, strict] = ObjectReader(strict=strict)
        _complete(reader, shape_of(message))
    return reader


def _complete(reader: ObjectReader, shape: MessageShape) -> None:
    # Below a component of a widget all is kept, so nothing may be passed over.
    strict = reader.strict or shape.overflow is not None
    if shape.overflow is not None:
        reader.overflow = shape.overflow.name
    if shape.constant:
        reader.readers["type"] = _constant(shape.constant)
    reader.readers.update((field.name, _reader(field, strict=strict)) for field in shape.fields)
    reader.components = frozenset(field.name for field in shape.fields if _holds_components(field.field))
    reader.absent = tuple(
        (field.name, reader.readers[field.name], field.default)
        for field in shape.fields
        if field.default is not None and not field.field.has_presence
    )
    if shape.tagged is not None:
        _add_cases(reader, shape.tagged, strict=strict)


def _add_cases(reader: ObjectReader, tagged: Tagged, *, strict: bool) -> None:
    reader.discriminator = tagged.discriminator
    for tag, case in tagged.cases.items():
        reader.cases[tag] = case.name, _object(message_of(case), strict=strict)
    if tagged.catch_all is not None:
        case_name = tagged.catch_all.case.name
        kind, rest = tagged.catch_all.type.name, tagged.catch_all.properties.name

        def keep_unknown(target: Any, tag: str, properties: Mapping[str, Json]) -> None:
            case = getattr(target, case_name)
            try:
                setattr(case, kind, tag)
                values.decode_struct(getattr(case, rest), properties)
            except UnicodeError:
                raise JsonInvalidError(NOT_TEXT) from None

        reader.catch_all = keep_unknown


def _constant(expected: str) -> Read:
    def read(_: Any, value: Json) -> None:
        if value != expected:
            raise JsonInvalidError(f"must be {expected}")

    return read


def _holds_components(field: FieldDescriptor) -> bool:
    """Whether a field holds components of a widget: an error in one is told, not kept."""
    return field.message_type is not None and shape_of(field.message_type).overflow is not None


def _reader(field: FieldShape, *, strict: bool) -> Read:
    name = field.field.name
    if field.is_map:
        return _map(name, message_of(field.field).fields_by_name["value"], strict=strict)
    if field.field.is_repeated:
        return _repeated(field.field, strict=strict)
    if field.field.message_type is not None:
        return _submessage(name, _fill(field.field.message_type, strict=strict), field.default)
    read = scalar(field.field)
    if field.default is None or not field.field.has_presence:
        return lambda target, value: setattr(target, name, read(value))
    default = field.default

    def set_unless_default(target: Any, value: Json) -> None:
        if value != default or isinstance(value, bool) is not isinstance(default, bool):
            setattr(target, name, read(value))

    return set_unless_default


def _submessage(name: str, fill: _Fill, default: Json) -> Read:
    def read(target: Any, value: Json) -> None:
        if default is not None and value == default:
            return
        try:
            fill(getattr(target, name), value)
        except (JsonInvalidError, UnicodeError):
            target.ClearField(name)
            raise

    return read


def _repeated(field: FieldDescriptor, *, strict: bool) -> Read:
    name = field.name
    # One component in place of a list of them is what dynamic widgets may have.
    one_will_do = _holds_components(field)
    read_scalar = scalar(field) if field.message_type is None else None
    fill = _fill(field.message_type, strict=strict) if field.message_type is not None else None

    def read(target: Any, value: Json) -> None:
        if one_will_do and isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list | tuple):
            raise JsonInvalidError("must be a list")
        entries = getattr(target, name)
        for index, entry in enumerate(value):
            if entry is None and one_will_do:
                continue
            try:
                if fill is not None:
                    fill(entries.add(), entry)
                elif read_scalar is not None:
                    entries.append(read_scalar(entry))
            except JsonInvalidError as error:
                target.ClearField(name)
                raise error.below(f"[{index}]") from None

    return read


def _map(name: str, value_field: FieldDescriptor, *, strict: bool) -> Read:
    read_scalar = scalar(value_field) if value_field.message_type is None else None
    fill = _fill(value_field.message_type, strict=strict) if value_field.message_type is not None else None

    def read(target: Any, value: Json) -> None:
        if not isinstance(value, Mapping):
            raise JsonInvalidError("must be an object")
        entries = getattr(target, name)
        for key, entry in value.items():
            if not isinstance(key, str):
                raise JsonInvalidError("must have strings as names")
            try:
                if fill is not None:
                    fill(entries[key], entry)
                elif read_scalar is not None:
                    entries[key] = read_scalar(entry)
            except JsonInvalidError as error:
                target.ClearField(name)
                raise error.below(key) from None

    return read


def _untagged(shape: MessageShape) -> _Fill:
    """Return what reads a bare value into the first case that it fits."""
    if len(shape.fields) == 1 and shape.fields[0].field.is_repeated:
        read_list = _reader(shape.fields[0], strict=True)

        def fill_list(target: Any, value: Json) -> None:
            target.SetInParent()
            read_list(target, value)

        return fill_list
    objects = [_object_case(field) for field in shape.fields if field.field.message_type is not None]
    plain = [(field.field.name, scalar(field.field)) for field in shape.fields if field.field.message_type is None]

    def fill(target: Any, value: Json) -> None:
        if isinstance(value, Mapping):
            for needed, known, read in objects:
                if needed <= value.keys() <= known:
                    read(target, value)
                    return
            raise JsonInvalidError("has properties that do not belong together")
        why = None
        for name, read_scalar in plain:
            try:
                setattr(target, name, read_scalar(value))
                return
            except JsonInvalidError as error:
                why = error
        raise why or JsonInvalidError("must be an object")

    return fill


def _object_case(field: FieldShape) -> tuple[frozenset[str], frozenset[str], Read]:
    """Return the properties that an object of this case has to have, those that it may have, and its reader."""
    shape = shape_of(message_of(field.field))
    needed = frozenset(inner.name for inner in shape.fields if inner.always and inner.default is None)
    known = frozenset(inner.name for inner in shape.fields)
    return needed, known, _submessage(field.field.name, _fill(message_of(field.field), strict=True), None)
