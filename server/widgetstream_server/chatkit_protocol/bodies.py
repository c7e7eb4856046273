"""The body of a request as an object of JSON. What is wrong with it is told with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from widgetstream_server.chatkit_json import JsonInvalidError

MAX_DEPTH: Final = 24
"""How deep a request may be nested: what it carries is stored as messages, whose depth is bounded too."""

_PLACE: Final = re.compile(r"JSON is malformed: (.+) \(byte ([0-9]+)\)")


def read_body(body: bytes) -> Mapping[str, Any]:
    """Read a body.

    Raises:
        JsonInvalidError: It is no object of JSON; the error names ``body``.
    """
    if not body:
        raise JsonInvalidError("is required: an object of JSON", "body")
    try:
        document = msgspec.json.decode(body)
    except RecursionError:
        raise JsonInvalidError(f"must not be nested deeper than {MAX_DEPTH} levels", "body") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise JsonInvalidError(_why(error), "body") from None
    if not isinstance(document, dict):
        raise JsonInvalidError("must be an object", "body")
    return document


def _why(error: Exception) -> str:
    """Return what is wrong, without anything of what was sent."""
    place = _PLACE.fullmatch(str(error))
    if place:
        return f"is not JSON: {place[1]} at byte {place[2]}"
    if isinstance(error, msgspec.ValidationError):
        return "must not hold a number that is out of range"
    if isinstance(error, UnicodeError):
        return "is not JSON: not UTF-8"
    return "is not JSON: it ends too early, or in the middle of a pair of surrogates"


def may_be_deep(body: bytes) -> bool:
    """Return whether a body has brackets enough to be nested too deep; mostly it has not."""
    return body.count(b"{") + body.count(b"[") > MAX_DEPTH


def require_flat(name: str, value: Any) -> None:
    """Refuse what is nested too deep, without a call for each level.

    Raises:
        JsonInvalidError: It is; the error has the name.
    """
    level, depth = [value], 1
    while level:
        depth += 1
        inner: list[Any] = []
        for entry in level:
            if isinstance(entry, dict):
                inner.extend(entry.values())
            elif isinstance(entry, list):
                inner.extend(entry)
        if inner and depth > MAX_DEPTH:
            raise JsonInvalidError(f"must not be nested deeper than {MAX_DEPTH} levels", name)
        level = inner
