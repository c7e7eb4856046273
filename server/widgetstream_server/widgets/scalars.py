"""Functions that write plain values into fields: switches, numbers, strings, literals and icons."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from google.protobuf.descriptor import FieldDescriptor

from widgetstream_server.widgets import schema
from widgetstream_server.widgets.icons import BUILT_IN_ICONS, is_icon
from widgetstream_server.widgets.schema import Shape

# Generated messages are typed one by one; a function writes into whichever it was made for.
Write: TypeAlias = Callable[[Any, Any], None]
"""Writes a value into a message. Raises ``TypeError`` or ``ValueError``, which name the property."""

NO_SURROGATES = "must not hold half of a surrogate pair"
"""Why a string of Python's cannot be encoded."""

_INT32 = 2**31


def scalar(field: FieldDescriptor, kind: Shape, path: str) -> Write:
    """Return what writes a value of this shape into a field that errors call by this path."""
    name = field.name
    match kind:
        case Shape.LITERAL:
            return _literal(name, schema.literals(schema.enum(field)), path)
        case Shape.RESTRICTED:
            return _restricted(name, schema.RESTRICTED[field.full_name], path)
        case Shape.ICON:
            return _icon(name, path)
        case Shape.NUMBER:
            return _number(name, path)
        case Shape.INT:
            return _int(name, path)
        case _:
            return _exact(name, bool if kind is Shape.BOOL else str, path)


def _exact(name: str, kind: type, path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        if not isinstance(value, kind):
            raise TypeError(f"{path} must be a {kind.__name__}, not {type(value).__name__}")
        setattr(target, name, value)

    return write


def _literal(name: str, numbers: Mapping[str, int], path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        number = numbers.get(value) if isinstance(value, str) else None
        if number is None:
            raise ValueError(f"{path} must be one of {listed(numbers)}, not {value!r:.80}")
        setattr(target, name, number)

    return write


def _restricted(name: str, allowed: Sequence[str | bool], path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        if not any(value is entry or (isinstance(entry, str) and value == entry) for entry in allowed):
            raise ValueError(f"{path} must be {listed(allowed)}, not {value!r:.80}")
        setattr(target, name, value)

    return write


def _icon(name: str, path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        if not isinstance(value, str) or not is_icon(value):
            raise ValueError(
                f"{path} must begin with lucide: or vendor:, or be one of {listed(sorted(BUILT_IN_ICONS))}, "
                f"not {value!r:.80}"
            )
        setattr(target, name, value)

    return write


def _number(name: str, path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{path} must be a number, not {type(value).__name__}")
        if not math.isfinite(value):
            raise ValueError(f"{path} must be a finite number, not {value}")
        setattr(target, name, value)

    return write


def _int(name: str, path: str) -> Write:
    def write(target: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{path} must be a whole number, not {type(value).__name__}")
        if not -_INT32 <= value < _INT32:
            raise ValueError(f"{path} must be a number of 32 bits, not {value}")
        setattr(target, name, value)

    return write


def listed(values: Iterable[object]) -> str:
    """Return values as an error lists them."""
    return ", ".join(repr(value) for value in values)
