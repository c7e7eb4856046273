"""Functions that write Python values into messages, one for each property, made once from the descriptors.

Building a widget is a dictionary look-up and a call for each property that is given; nothing is reflected
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from widgetstream_server.widgets import schema
from widgetstream_server.widgets.json_values import fill_struct, fill_value
from widgetstream_server.widgets.scalars import NO_SURROGATES, Write, listed, scalar
from widgetstream_server.widgets.schema import Shape


@cache
def writers(message: Descriptor) -> Mapping[str, Write]:
    """Return the writers of a message's fields by name.

    Components below it have none: they are no plain values.
    """
    return {
        field.name: _writer(field, f"{message.name}.{field.name}")
        for field in message.fields
        if schema.shape(field) is not Shape.WIDGET
    }


@cache
def _required(message: Descriptor) -> Sequence[str]:
    return [field.name for field in message.fields if schema.required(field)]


def write_object(target: Message, value: Mapping[str, Any], path: str) -> None:
    """Write a mapping into an empty message, by the names of the message's fields.

    Raises:
        TypeError: A name is unknown, or a required one is missing, or a value has the wrong type.
        ValueError: A value is not among those allowed.
    """
    by_name = writers(target.DESCRIPTOR)
    for name, entry in value.items():
        write = by_name.get(name)
        if write is None:
            raise TypeError(f"{path} has no {name!r}; it has {', '.join(by_name)}")
        if entry is not None:
            try:
                write(target, entry)
            except UnicodeError:
                raise ValueError(f"{path}.{name} {NO_SURROGATES}") from None
    for name in _required(target.DESCRIPTOR):
        if value.get(name) is None:
            raise TypeError(f"{path} needs {name!r}")


def _writer(field: FieldDescriptor, path: str) -> Write:
    kind = schema.shape(field)
    if kind is Shape.STRING_MAP:
        return _string_map(field.name, path)
    if field.is_repeated:
        return _repeated(field, _fill(field, path), path)
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _submessage(field.name, _fill(field, path))
    return scalar(field, kind, path)


def _submessage(name: str, fill: Write) -> Write:
    def write(target: Any, value: Any) -> None:
        message = getattr(target, name)
        message.SetInParent()
        fill(message, value)

    return write


def _repeated(field: FieldDescriptor, fill: Write, path: str) -> Write:
    name = field.name

    def write(target: Any, value: Any) -> None:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise TypeError(f"{path} must be a list, not {type(value).__name__}")
        entries = getattr(target, name)
        for entry in value:
            fill(entries.add(), entry)

    return write


def _string_map(name: str, path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        if not isinstance(value, Mapping) or not all(
            isinstance(part, str) for entry in value.items() for part in entry
        ):
            raise TypeError(f"{path} must map strings to strings")
        getattr(target, name).update(value)

    return write


def _fill(field: FieldDescriptor, path: str) -> Write:
    """Return what writes a value into an empty message of the field's type."""
    message = schema.message(field)
    kind = schema.shape(field)
    match kind:
        case Shape.JSON:
            fill = _named(fill_value, path)
        case Shape.JSON_OBJECT:
            fill = _json_object(path)
        case Shape.UNION:
            fill = _union(message, path)
        case Shape.TAGGED:
            fill = _tagged(message, path)
        case _:
            fill = _object(message, path)
    full_name = message.full_name

    def fill_or_copy(target: Any, value: Any) -> None:
        if isinstance(value, Message) and value.DESCRIPTOR.full_name == full_name:
            target.CopyFrom(value)
        else:
            fill(target, value)

    return fill_or_copy


def _named(fill: Callable[[Any, Any], None], path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        try:
            fill(target, value)
        except UnicodeError:
            raise ValueError(f"{path} {NO_SURROGATES}") from None
        except (TypeError, ValueError) as error:
            raise type(error)(f"{path} {error}") from None

    return write


def _json_object(path: str) -> Write:
    fill = _named(fill_struct, path)

    def write(target: Any, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise TypeError(f"{path} must be a mapping, not {type(value).__name__}")
        fill(target, value)

    return write


def _object(message: Descriptor, path: str) -> Write:
    exclusive = message.name == "WidgetStatus"

    def write(target: Any, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise TypeError(f"{path} must be a mapping with {_fields(message)}, not {type(value).__name__}")
        if exclusive and value.get("icon") is not None and value.get("favicon") is not None:
            raise ValueError(f"{path} has either an icon or a favicon, not both")
        write_object(target, value, path)

    return write


def _tagged(message: Descriptor, path: str) -> Write:
    key = schema.discriminator(message)
    cases = {schema.tag(field): field.name for field in message.fields}

    def write(target: Any, value: Any) -> None:
        name = cases.get(value.get(key, "")) if isinstance(value, Mapping) else None
        if name is None:
            raise ValueError(f"{path} must be a mapping whose {key!r} is one of {listed(cases)}")
        case = getattr(target, name)
        case.SetInParent()
        write_object(case, {k: v for k, v in value.items() if k != key}, f"{path}[{value[key]}]")

    return write


def _union(message: Descriptor, path: str) -> Write:
    """Return what writes a bare value into the case that it fits, as ChatKit's JSON tells the cases apart."""
    scalars: list[tuple[type | tuple[type, ...], Write]] = []
    objects: list[tuple[frozenset[str], str]] = []
    accepted: list[str] = []
    for field in message.fields:
        kind = schema.shape(field)
        if kind is Shape.OBJECT:
            objects.append((frozenset(schema.message(field).fields_by_name), field.name))
            accepted.append(f"a mapping with {_fields(schema.message(field))}")
        else:
            scalars.append((_PYTHON[field.type], scalar(field, kind, path)))
            only = schema.RESTRICTED.get(field.full_name)
            accepted.append(listed(only) if only else _ACCEPTED[field.type])

    def write(target: Any, value: Any) -> None:
        if isinstance(value, Mapping):
            for names, name in objects:
                # The last takes what fits none, and says what is wrong with it.
                if names.issuperset(value) or name == objects[-1][1]:
                    case = getattr(target, name)
                    case.SetInParent()
                    return write_object(case, value, path)
        for python, write_scalar in scalars:
            if isinstance(value, python) and isinstance(value, bool) is (python is bool):
                return write_scalar(target, value)
        raise TypeError(f"{path} must be {' or '.join(accepted)}, not {value!r:.80}")

    return write


_PYTHON: Mapping[int, type | tuple[type, ...]] = {
    FieldDescriptor.TYPE_BOOL: bool,
    FieldDescriptor.TYPE_STRING: str,
    FieldDescriptor.TYPE_DOUBLE: (int, float),
    # Something between is refused by the writer, with its reason.
    FieldDescriptor.TYPE_INT32: (int, float),
}
_ACCEPTED: Mapping[int, str] = {
    FieldDescriptor.TYPE_STRING: "a string",
    FieldDescriptor.TYPE_DOUBLE: "a number",
    FieldDescriptor.TYPE_INT32: "a whole number",
}


def _fields(message: Descriptor) -> str:
    return ", ".join(field.name for field in message.fields)
