"""The table of ChatKit's requests that are refused, read for whoever replays it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as field_of
from pathlib import Path
from typing import Any

import yaml

_TABLE = Path(__file__).parents[3] / "specs" / "conformance" / "chatkit_bad_requests.yaml"


@dataclass(frozen=True)
class BadRequest:
    """A request that is refused, and how. The table tells what its parts mean."""

    name: str
    field: str
    request: Mapping[str, Any] | None = None
    body: Any = None
    headers: Mapping[str, Any] = field_of(default_factory=dict)
    code: str = "INVALID_ARGUMENT"
    http: int = 400
    reason: str = "INVALID_ARGUMENT"

    def sent(self, ids: Mapping[str, str]) -> bytes:
        """Return what is sent, with ids that exist in the places that name them."""
        if self.request is not None:
            return json.dumps(_filled(self.request, ids)).encode()
        body = _filled(self.body, {})
        assert isinstance(body, bytes | str)
        return body if isinstance(body, bytes) else body.encode()

    def said(self) -> dict[str, str]:
        """Return the headers that are sent."""
        headers = _filled(self.headers, {})
        assert isinstance(headers, dict)
        return headers


BAD_REQUESTS = [BadRequest(**entry) for entry in yaml.safe_load(_TABLE.read_text("utf-8"))]


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case {"repeat": str(text), "times": int(times)}:
            return text * times
        case {"join": list(parts)}:
            return "".join(_filled(part, ids) for part in parts)
        case {"nested": int(depth)}:
            return {"a": _filled({"nested": depth - 1}, ids)} if depth else 1
        case [{"list": entry, "times": int(times)}]:
            return [_filled(entry, ids)] * times
        case dict():
            return {name: _filled(entry, ids) for name, entry in value.items()}
        case list():
            return [_filled(entry, ids) for entry in value]
        case "{thread}" | "{item}" | "{other_thread}" if ids:
            return ids[value.strip("{}")]
        case _:
            return value
