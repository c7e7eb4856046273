"""Calls of tools in a stream of Chat Completions, put together from what the many servers send."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

_OURS = frozenset({"index", "id", "type", "function"})


@dataclass(slots=True)
class _Call:
    call_id: str = ""
    kind: str = "function"
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    def add(self, given: Mapping[str, Any]) -> None:
        self.call_id = self.call_id or _text(given.get("id"))
        self.kind = _text(given.get("type")) or self.kind
        self.more |= {name: value for name, value in given.items() if name not in _OURS and value is not None}
        function = given.get("function")
        if isinstance(function, dict):
            self.add_function(function)

    def add_function(self, function: Mapping[str, Any]) -> None:
        name = _text(function.get("name"))
        # Some repeat the name in each piece.
        if name and name != self.name:
            self.name += name
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            self.arguments.append(arguments)
        elif arguments is not None:
            self.arguments.append(msgspec.json.encode(arguments).decode())

    @property
    def whole(self) -> bool:
        try:
            msgspec.json.decode("".join(self.arguments).strip() or "{}")
        except msgspec.DecodeError:
            return False
        return bool(self.name)


class ToolCalls:
    """The calls of a response. Arguments come in fragments or at once; places and ids may be missing or repeated."""

    def __init__(self) -> None:
        """Begin without any."""
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._legacy: _Call | None = None

    def __bool__(self) -> bool:
        return bool(self._calls) or self._legacy is not None

    def add(self, deltas: Sequence[object]) -> None:
        """Take the value of ``tool_calls`` of a chunk."""
        for delta in deltas:
            if isinstance(delta, dict):
                self._of(delta).add(delta)

    def add_legacy(self, function: Mapping[str, Any]) -> None:
        """Take the value of ``function_call`` of a chunk. When there are ``tool_calls`` too, these count."""
        if self._legacy is None:
            self._legacy = _Call()
        self._legacy.add_function(function)

    def _of(self, delta: Mapping[str, Any]) -> _Call:
        index, call_id = delta.get("index"), _text(delta.get("id"))
        function = delta.get("function")
        named = isinstance(function, dict) and bool(function.get("name"))
        known = self._by_index.get(index) if isinstance(index, int) else None
        if known is None and not isinstance(index, int):
            known = next((call for call in self._calls if call_id and call.call_id == call_id), None)
            if known is None and not call_id and not named and self._calls:
                known = self._calls[-1]
        # Another id at a place that is taken is another call: some servers count none of them.
        if known is None or (call_id and known.call_id and call_id != known.call_id and named):
            known = _Call()
            self._calls.append(known)
            if isinstance(index, int):
                self._by_index[index] = known
        return known

    def take(self, *, cut: bool) -> list[dict[str, Any]]:
        """Return the calls, as ``tool_calls`` of one chunk, and forget them.

        Each has a place of its own, an id of its own and arguments.

        Args:
            cut: Whether the response was cut off: calls that are not whole are left out.
        """
        calls = self._calls or ([self._legacy] if self._legacy is not None else [])
        self._calls, self._by_index, self._legacy = [], {}, None
        ids: set[str] = set()
        taken: list[dict[str, Any]] = []
        for call in calls:
            if cut and not call.whole:
                continue
            call_id = call.call_id if call.call_id and call.call_id not in ids else f"call_{secrets.token_hex(12)}"
            ids.add(call_id)
            arguments = "".join(call.arguments)
            function = {"name": call.name, "arguments": arguments if arguments.strip() else "{}"}
            taken.append({**call.more, "index": len(taken), "id": call_id, "type": call.kind, "function": function})
        return taken


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
