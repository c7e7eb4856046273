"""Reads JSON values into typed requests, and says precisely what is wrong with those that do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from google.protobuf.struct_pb2 import Value
from pydantic import BaseModel, ValidationError

from widgetstream_server.conversation.errors import FieldViolation
from widgetstream_server.todo import texts

ModelT = TypeVar("ModelT", bound=BaseModel)


class ShapeError(Exception):
    """A value that does not have the shape of a request. ``violations`` name the fields, without a prefix."""

    def __init__(self, violations: tuple[FieldViolation, ...]) -> None:
        """Make the error for the fields at fault."""
        super().__init__("; ".join(f"{v.field}: {v.description}" for v in violations))
        self.violations = violations


def read(model: type[ModelT], value: object) -> ModelT:
    """Read a JSON value.

    Raises:
        ShapeError: It has another shape.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=False)
    raise ShapeError(tuple(FieldViolation(_path(e["loc"]), _rule(e["type"], e.get("ctx", {}))) for e in found))


def to_json(value: Value) -> Any:
    """Return a message as plain values. Numbers without a fraction are whole numbers, as they are in JSON."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return {name: to_json(entry) for name, entry in value.struct_value.fields.items()}
        case "list_value":
            return [to_json(entry) for entry in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _rule(kind: str, facts: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(facts["error"])
    return texts.SHAPE_RULES.get(kind, texts.SHAPE_RULE).format(**facts)
