"""Times, durations and free JSON: the messages of protobuf's own whose JSON is a value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

from google.protobuf import duration_pb2, struct_pb2, timestamp_pb2

from widgetstream_server.chatkit_json.faults import JsonInvalidError, NoJsonFormError

Json: TypeAlias = Any
"""What ``json`` makes of a document."""

# Beyond this not every whole number is a double.
_EXACT: Final = 2.0**53
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: float) -> float | None:
    """Return a double as JSON writes it: whole ones without a fraction. None: JSON has no word for it."""
    if value.is_integer() and -_EXACT <= value <= _EXACT:
        return int(value)
    return value if math.isfinite(value) else None


def encode_timestamp(value: timestamp_pb2.Timestamp) -> str:
    """Return a time in ISO 8601, in UTC, to the microsecond.

    Raises:
        NoJsonFormError: It lies outside the years 1 to 9999.
    """
    seconds, micros = value.seconds, value.nanos // 1000
    if not 0 <= micros < 1_000_000:
        carry, micros = divmod(micros, 1_000_000)
        seconds += carry
    # With a format six digits take longer.
    return f"{_second(seconds)}.{str(1_000_000 + micros)[1:]}Z" if micros else f"{_second(seconds)}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    """Return a time without its fraction: entries of a list, and events of a run, share many."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat()[:-6]
    except OverflowError:
        raise NoJsonFormError("a time outside the years 1 to 9999") from None


def decode_timestamp(target: timestamp_pb2.Timestamp, value: Json) -> None:
    """Read a time in ISO 8601. One without an offset is in UTC."""
    try:
        moment = datetime.fromisoformat(value)
        since = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - _EPOCH
    except (TypeError, ValueError, OverflowError):
        raise JsonInvalidError("must be a time in ISO 8601") from None
    target.seconds = since.days * 86400 + since.seconds
    target.nanos = since.microseconds * 1000


def encode_duration(value: duration_pb2.Duration) -> float | None:
    """Return a duration in seconds."""
    return number(value.seconds + value.nanos / 1e9)


def decode_duration(target: duration_pb2.Duration, value: Json) -> None:
    """Read a duration in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -3e11 < value < 3e11:
        raise JsonInvalidError("must be a number of seconds")
    target.SetInParent()
    target.seconds = int(value)
    target.nanos = round((value - int(value)) * 1e9)


def encode_struct(value: struct_pb2.Struct) -> dict[str, Json]:
    """Return an object."""
    return {name: encode_value(entry) for name, entry in value.fields.items()}


def encode_value(value: struct_pb2.Value) -> Json:
    """Return a value. One that is not set is null, and so is a number that JSON has no word for."""
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return number(value.number_value)
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return encode_struct(value.struct_value)
        case "list_value":
            return [encode_value(entry) for entry in value.list_value.values]
        case _:
            return None


def decode_struct(target: struct_pb2.Struct, value: Json) -> None:
    """Read an object."""
    if not isinstance(value, Mapping):
        raise JsonInvalidError("must be an object")
    target.SetInParent()
    add_properties(target, value.items())


def add_properties(target: struct_pb2.Struct, properties: Iterable[tuple[str, Json]]) -> None:
    """Write properties into an object."""
    fields = target.fields
    for name, entry in properties:
        if not isinstance(name, str):
            raise JsonInvalidError("must have strings as names")
        decode_value(fields[name], entry)


def decode_value(target: struct_pb2.Value, value: Json) -> None:
    """Read any value."""
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        try:
            target.number_value = value
        except OverflowError:
            raise JsonInvalidError("must not hold numbers that no double can hold") from None
    elif isinstance(value, Mapping):
        decode_struct(target.struct_value, value)
    elif isinstance(value, list | tuple):
        target.list_value.SetInParent()
        entries = target.list_value.values
        for entry in value:
            decode_value(entries.add(), entry)
    else:
        raise JsonInvalidError("must be JSON")
