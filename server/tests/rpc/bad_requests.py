"""The table of requests that are refused, read for whoever replays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_TABLE = Path(__file__).parents[3] / "specs" / "conformance" / "bad_requests.yaml"


@dataclass(frozen=True)
class BadRequest:
    """A request that is refused, and how."""

    name: str
    rpc: str
    request: Mapping[str, Any]
    code: str
    http: int
    reason: str
    field: str | None = None

    def filled(self, ids: Mapping[str, str]) -> dict[str, Any]:
        """Return the request with ids that exist in the places that name them."""
        filled = _fill(self.request, ids)
        assert isinstance(filled, dict)
        return filled


BAD_REQUESTS = [BadRequest(**entry) for entry in yaml.safe_load(_TABLE.read_text())]


def _fill(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case {"repeat": str(text), "times": int(times)}:
            return text * times
        case dict():
            return {key: _fill(each, ids) for key, each in value.items()}
        case list():
            return [_fill(each, ids) for each in value]
        case str() if value[:1] == "{":
            return ids[value.strip("{}")]
        case _:
            return value
