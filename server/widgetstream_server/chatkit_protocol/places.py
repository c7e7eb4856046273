"""Where in ChatKit's JSON a field is that an error names by its place in a message of the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from google.protobuf.descriptor import Descriptor

from widgetstream_server.chatkit_json.shapes import STRUCT, VALUE, message_of, shape_of
from widgetstream_server.chatkit_protocol.requests import Request
from widgetstream_server.conversation.errors import ConversationError, FieldViolation, RunNotFoundError

_STEP: Final = re.compile(r"([A-Za-z0-9_]+)((?:\[[^\]]*\])*)")
_HEADERS: Final = {"request_id": "idempotency-key", "after_sequence": "last-event-id"}


def relocate(error: ConversationError, request: Request) -> None:
    """Name the fields of an error by their places in the JSON of a request.

    An error that names no field, but the id of something, gets the field that the id came in.
    """
    if not error.violations:
        where = _place_of_id(error, request.params)
        if where:
            description = error.message[:1].lower() + error.message[1:].rstrip(".")
            error.violations = (FieldViolation(where, description),)
        return
    before = "; ".join(f"{each.field}: {each.description}" for each in error.violations)
    error.violations = tuple(FieldViolation(place(each.field, request), each.description) for each in error.violations)
    if error.message == before:
        error.message = "; ".join(f"{each.field}: {each.description}" for each in error.violations)


def _place_of_id(error: ConversationError, params: Mapping[str, Any]) -> str:
    if isinstance(error, RunNotFoundError):
        return _HEADERS["after_sequence"]
    ids = (value for name, value in error.metadata.items() if name.endswith("_id"))
    return next(filter(None, (_place_of(value, params) for value in ids)), "")


def _place_of(wanted: str, params: Mapping[str, Any]) -> str:
    """Return which parameter is a text, or a list that holds it."""
    for name, value in params.items():
        if value == wanted:
            return f"params.{name}"
        if isinstance(value, list) and wanted in value:
            return f"params.{name}[{value.index(wanted)}]"
        # What a person has written has its ids in such lists too.
        if isinstance(value, dict) and (inside := _place_of(wanted, value)):
            return inside.replace("params.", f"params.{name}.", 1)
    return ""


def place(path: str, request: Request) -> str:
    """Return where a field is: ``params.input.content[0].text`` for ``user_message.content[0].input_text.text``.

    Args:
        path: Its path in the request's message.
        request: The request.
    """
    if path in _HEADERS or path in _HEADERS.values():
        return _HEADERS.get(path, path)
    message = cast("Descriptor | None", request.message.DESCRIPTOR)
    start, rest = _longest(path, request.kind.places)
    steps = ["params"]
    if start:
        steps.append(request.kind.places[start])
        for name in start.split("."):
            message = _step(name, message)[1]
    for name, subscripts in _STEP.findall(rest):
        step, message = _step(name, message)
        if step:
            steps.append(f"{step}{subscripts}")
        elif subscripts:
            steps[-1] += subscripts
    return ".".join(steps)


def _longest(path: str, places: Mapping[str, str]) -> tuple[str, str]:
    """Return the start of a path that has a place of its own, and what follows."""
    for start in sorted(places, key=len, reverse=True):
        if path == start or path.startswith((f"{start}.", f"{start}[")):
            return start, path.removeprefix(start)
    return "", path


def _step(name: str, message: Descriptor | None) -> tuple[str, Descriptor | None]:
    """Return the property of a field, and the message in it. Empty: it stands in the object of its holder."""
    if message is None or message.full_name in (STRUCT, VALUE):
        return name, None
    field = message.fields_by_name.get(name)
    if field is None:
        return name, None
    inner = message_of(field) if field.message_type is not None else None
    if inner is not None and inner.GetOptions().map_entry:
        value = inner.fields_by_name["value"]
        inner = message_of(value) if value.message_type is not None else None
    shape = shape_of(message)
    if shape.tagged is not None and any(case.name == name for case in shape.tagged.cases.values()):
        return "", inner
    known = next((each.name for each in shape.fields if each.field.name == name), name)
    return known, inner
