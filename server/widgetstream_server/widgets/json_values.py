"""Plain Python values as `google.protobuf.Value` and `Struct`.

Protobuf's own conversions accept what JSON cannot carry (NaN, infinities) and lose digits of large whole
numbers without a word. These refuse both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from google.protobuf import struct_pb2

JsonValue: TypeAlias = "bool | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

# Beyond this not every whole number is a double, which is what a number in JSON and in `Value` is.
_EXACT = 2**53
# Protobuf stops at 100 nested messages; a level here takes up to three, below the components of a widget.
MAX_DEPTH = 16
"""Levels of objects and lists, one in the other."""


def to_value(value: object) -> struct_pb2.Value:
    """Return the value as a message.

    Raises:
        TypeError: A part of it is nothing that JSON has.
        ValueError: A number is not finite, or a whole number beyond 2**53, or the value nests deeper than 16.
    """
    message = struct_pb2.Value()
    fill_value(message, value)
    return message


def to_struct(properties: Mapping[str, object]) -> struct_pb2.Struct:
    """Return the mapping as a message. Raises what ``to_value`` raises."""
    message = struct_pb2.Struct()
    fill_struct(message, properties)
    return message


def fill_value(target: struct_pb2.Value, value: object, depth: int = 0) -> None:
    """Write a value into an empty message. Raises what ``to_value`` raises."""
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, int | float):
        target.number_value = _number(value)
    elif isinstance(value, struct_pb2.Value):
        target.CopyFrom(value)
    elif isinstance(value, struct_pb2.Struct):
        target.struct_value.CopyFrom(value)
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        fill_struct(target.struct_value, value, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        _check_depth(depth + 1)
        target.list_value.SetInParent()
        entries = target.list_value.values
        for entry in value:
            fill_value(entries.add(), entry, depth + 1)
    else:
        raise TypeError(f"must be a JSON value, not {type(value).__name__}")


def fill_struct(target: struct_pb2.Struct, properties: Mapping[Any, object], depth: int = 1) -> None:
    """Write a mapping into an empty message. Raises what ``to_value`` raises."""
    _check_depth(depth)
    fields = target.fields
    for name, value in properties.items():
        if not isinstance(name, str):
            raise TypeError(f"must have strings as keys, not {type(name).__name__}")
        fill_value(fields[name], value, depth)


def _number(value: float) -> float:
    if isinstance(value, int):
        if not -_EXACT <= value <= _EXACT:
            raise ValueError("must not hold whole numbers beyond 2**53, which JSON rounds: write them as strings")
    elif not math.isfinite(value):
        raise ValueError(f"must be a finite number, not {value}")
    return value


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"must not nest deeper than {MAX_DEPTH}")
