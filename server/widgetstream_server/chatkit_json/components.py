"""Reading components of widgets: objects of which everything is kept.

What the schema does not know, and what does not fit it, is kept among the unknown properties; only a fault in a
component within a component is told. Properties are read one by one, each by a function of its own: most of the many
that a component may have are absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from widgetstream_server.chatkit_json import values
from widgetstream_server.chatkit_json.faults import JsonInvalidError
from widgetstream_server.chatkit_json.properties import NO_STRING, NOT_TEXT, SCOPE, Read, holds_components, statements
from widgetstream_server.chatkit_json.shapes import CatchAll, FieldShape, MessageShape, Tagged, message_of, shape_of
from widgetstream_server.chatkit_json.values import Json

Run = Callable[[Iterable[str]], None]
"""Compiles functions."""


@dataclass(frozen=True, slots=True)
class _Property:
    """How one property is read.

    Attributes:
        field: The name of the field.
        read: Reads it.
        told: Whether a fault in it is told, not kept.
    """

    field: str
    read: Read
    told: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """A type of component.

    Attributes:
        field: The name of its field.
        properties: Its properties.
        absent: What is read for those that are something even if they are absent.
    """

    field: str
    properties: Mapping[str, _Property]
    absent: Mapping[str, Json]


def setter(field: FieldShape, run: Run) -> Read:
    """Return what reads a value into a field of a message."""
    name = f"set_{field.field.full_name.replace('.', '_')}"
    if name not in SCOPE:
        run([f"def {name}(m, v):", "    m.SetInParent()", *(f"    {line}" for line in statements(field, strict=True))])
    read: Read = SCOPE[name]
    return read


class ComponentReader:
    """Reads objects of a message with a tagged ``oneof`` and a field for unknown properties."""

    __slots__ = ("_cases", "_overflow", "_own", "_tagged")

    def __init__(self, shape: MessageShape, tagged: Tagged, overflow: FieldDescriptor, run: Run) -> None:
        """Prepare all cases.

        Args:
            shape: The message.
            tagged: Its ``oneof``.
            overflow: The field that keeps unknown properties.
            run: Compiles functions.
        """
        self._tagged = tagged
        self._overflow = overflow.name
        self._own = _properties(shape, run)
        self._cases = {tag: _case(case, run) for tag, case in tagged.cases.items()}

    def read(self, target: Any, value: Json) -> None:
        """Read an object into an empty message.

        Raises:
            JsonInvalidError: It is none, or there is a fault in its type or in a component below it.
        """
        if not isinstance(value, Mapping):
            raise JsonInvalidError("must be an object")
        tag = value.get(self._tagged.discriminator)
        case = self._cases.get(tag) if isinstance(tag, str) else None
        if case is not None:
            self._read_case(target, value, case)
        elif isinstance(tag, str) and self._tagged.catch_all is not None:
            _keep_unknown(target, self._tagged.catch_all, tag, dict(self._left_over(target, value)))
        else:
            raise no_case(self._tagged, tag)

    def _read_case(self, target: Any, value: Mapping[str, Json], case: _Case) -> None:
        component = getattr(target, case.field)
        component.SetInParent()
        own, others = self._own, case.properties
        unknown: list[tuple[str, Json]] = []
        for name, entry in value.items():
            if entry is None:
                continue
            if (found := others.get(name)) is not None:
                fits = _fits(found, component, name, entry)
            elif (found := own.get(name)) is not None:
                fits = _fits(found, target, name, entry)
            else:
                fits = name == self._tagged.discriminator
            if not fits:
                unknown.append((name, entry))
        for name, default in case.absent.items():
            if value.get(name) is None:
                others[name].read(component, default)
        if unknown:
            _keep(getattr(target, self._overflow), unknown)

    def _left_over(self, target: Any, value: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
        """Read what every case has, and yield the rest."""
        for name, entry in value.items():
            found = self._own.get(name)
            if name != self._tagged.discriminator and (found is None or not _fits(found, target, name, entry)):
                yield name, entry


def no_case(tagged: Tagged, tag: Json) -> JsonInvalidError:
    """Return the error of a discriminator that selects nothing."""
    if isinstance(tag, str):
        return JsonInvalidError(f"must be one of {', '.join(tagged.cases)}", tagged.discriminator)
    return JsonInvalidError("is required" if tag is None else NO_STRING, tagged.discriminator)


def _case(field: FieldDescriptor, run: Run) -> _Case:
    shape = shape_of(message_of(field))
    absent = {
        each.name: each.default for each in shape.fields if each.default is not None and not each.field.has_presence
    }
    return _Case(field.name, _properties(shape, run), absent)


def _properties(shape: MessageShape, run: Run) -> Mapping[str, _Property]:
    found = {}
    for field in shape.fields:
        name = f"component_{field.field.full_name.replace('.', '_')}"
        run([f"def {name}(m, v):", *(f"    {line}" for line in statements(field, strict=True))])
        found[field.name] = _Property(field.field.name, SCOPE[name], holds_components(field.field))
    return found


def _fits(found: _Property, target: Any, name: str, value: Json) -> bool:
    """Read a value if it fits. What does not leaves no trace."""
    try:
        found.read(target, value)
    except JsonInvalidError as error:
        if found.told:
            raise error.below(name) from None
        target.ClearField(found.field)
        return False
    except TypeError:
        target.ClearField(found.field)
        return False
    except UnicodeError:
        raise JsonInvalidError(NOT_TEXT, name) from None
    return True


def _keep(target: Any, properties: Iterable[tuple[str, Json]]) -> None:
    try:
        values.add_properties(target, properties)
    except UnicodeError:
        raise JsonInvalidError(NOT_TEXT) from None


def _keep_unknown(target: Any, catch_all: CatchAll, tag: str, properties: Mapping[str, Json]) -> None:
    """Keep an object of an unknown type: its type, and its other properties."""
    case = getattr(target, catch_all.case.name)
    try:
        setattr(case, catch_all.type.name, tag)
        values.decode_struct(getattr(case, catch_all.properties.name), properties)
    except UnicodeError:
        raise JsonInvalidError(NOT_TEXT) from None
