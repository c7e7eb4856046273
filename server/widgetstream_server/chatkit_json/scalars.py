"""Readers of plain values: each checks one JSON value, and returns what protobuf takes for it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

from widgetstream_server.chatkit_json.faults import JsonInvalidError
from widgetstream_server.chatkit_json.shapes import literals_of
from widgetstream_server.chatkit_json.values import Json

ReadScalar = Callable[[Json], Any]
"""Returns the field's value. Raises ``JsonInvalidError``."""

_RANGES: Final = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}


def scalar(field: FieldDescriptor) -> ReadScalar:
    """Return the reader of a field's values."""
    if field.enum_type is not None:
        return _literal(field)
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return _string
        case FieldDescriptor.TYPE_BOOL:
            return _bool
        case FieldDescriptor.TYPE_BYTES:
            return _bytes
        case FieldDescriptor.TYPE_DOUBLE | FieldDescriptor.TYPE_FLOAT:
            return _double
        case _:
            return _whole(*_RANGES[field.cpp_type])


def _string(value: Json) -> str:
    if not isinstance(value, str):
        raise JsonInvalidError("must be a string")
    return value


def _bool(value: Json) -> bool:
    if not isinstance(value, bool):
        raise JsonInvalidError("must be true or false")
    return value


def _double(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise JsonInvalidError("must be a number")
    try:
        return float(value)
    except OverflowError:
        raise JsonInvalidError("must be a number that a double can hold") from None


def _whole(least: int, most: int) -> ReadScalar:
    def read(value: Json) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise JsonInvalidError("must be a whole number")
        if not least <= value <= most:
            raise JsonInvalidError(f"must be a number from {least} to {most}")
        return value

    return read


def _literal(field: FieldDescriptor) -> ReadScalar:
    numbers = {literal: number for number, literal in literals_of(field).items()}
    allowed = ", ".join(numbers)

    def read(value: Json) -> int:
        number = numbers.get(value) if isinstance(value, str) else None
        if number is None:
            raise JsonInvalidError(f"must be one of {allowed}")
        return number

    return read


def _bytes(value: Json) -> bytes:
    if not isinstance(value, str):
        raise JsonInvalidError("must be bytes in Base64")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise JsonInvalidError("must be bytes in Base64") from None
