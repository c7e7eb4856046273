"""JSON without its ambiguities, for text that decides who is let in."""

from __future__ import annotations

import json
from typing import Any


def parse_strict_json(text: str | bytes) -> Any:
    """Parses JSON, refusing what two parsers could read differently.

    Raises:
        ValueError: not UTF-8, not JSON, an object names a key twice, a number is NaN or infinite by name or
            has thousands of digits, or the nesting is deeper than the interpreter's limit. The message may
            quote the text: do not pass it on when the text is secret.
    """
    try:
        # Bytes would be sniffed for UTF-16 and UTF-32 by json.loads.
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        return json.loads(decoded, object_pairs_hook=_object_without_duplicates, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object names a key twice")
    return result


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
