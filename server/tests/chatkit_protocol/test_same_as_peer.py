"""One conversation, with ours and with openai-chatkit's server: the same frames and documents, but for what is listed.

The list is in specs/001-chatkit-upgrade/contracts/chatkit-http.md.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from .client import EVENTS, ChatKitClient, message
from .conftest import serving
from .peer import Peer
from .scripts import OurApp

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")


class Both:
    """Asks both the same, each in its own words for ids."""

    def __init__(self, ours: ChatKitClient, peer: Peer) -> None:
        self._ours, self._peer = ours, peer
        self._our_names: dict[str, str] = {}
        self._their_names: dict[str, str] = {}

    async def ask(self, type: str, **params: Any) -> tuple[Any, Any]:  # noqa: A002 - the protocol's name
        """Return what ours and the peer answer, with the same names for what is the same. Ids are such names."""
        reply = await self._ours.post({"type": type, "params": self._filled(params, self._our_names)})
        ours = reply.events if reply.content_type == EVENTS else reply.json
        theirs = await self._peer.post({"type": type, "params": self._filled(params, self._their_names)})
        return self._named(ours, self._our_names), self._named(theirs, self._their_names)

    def _filled(self, value: Any, names: dict[str, str]) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(entry, names) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._filled(entry, names) for entry in value]
        return next((known for known, name in names.items() if name == value), value)

    def _named(self, value: Any, names: dict[str, str], key: str = "") -> Any:
        if isinstance(value, dict):
            # In a fixed order: names are given in the order in which ids are met.
            return {each: self._named(value[each], names, each) for each in sorted(value, key=lambda k: (k != "id", k))}
        if isinstance(value, list):
            return _merged([self._named(entry, names) for entry in value])
        if key in ("id", "item_id", "thread_id", "after") and isinstance(value, str) and "_" in value:
            return names.setdefault(value, f"#{len(names) + 1}")
        if isinstance(value, str) and TIME.fullmatch(value):
            return "<time>"
        return value


def _merged(entries: list[Any]) -> list[Any]:
    """Merge deltas of text that follow each other: ours merges those that come together."""
    merged: list[Any] = []
    for entry in entries:
        before: Any = merged[-1] if merged else None
        if _is_delta(entry) and _is_delta(before) and before["item_id"] == entry["item_id"]:
            before["update"]["delta"] += entry["update"]["delta"]
        else:
            merged.append(entry)
    return merged


def _is_delta(event: Any) -> bool:
    return isinstance(event, dict) and str(event.get("update", {}).get("type")).endswith("text_delta")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with serving(tmp_path, OurApp) as running:
        yield Both(running.client, Peer())


def test_the_peer_is_the_one_that_is_named() -> None:
    contract = Path(__file__).parents[3] / "specs" / "001-chatkit-upgrade" / "contracts" / "chatkit-http.md"

    assert f"| | `openai-chatkit` {version('openai-chatkit')} | here | why |" in contract.read_text("utf-8")


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


async def test_a_conversation(both: Both) -> None:
    ours, theirs = await both.ask("threads.create", input=message("text"))
    assert ours == theirs
    assert kinds(ours)[:3] == ["thread.created", "thread.item.done", "stream_options"]
    thread, first = "#1", ours[1]["item"]["id"]
    for answer in ("widget", "redraw", "workflow", "steps", "picture", "signals", "replace", "text"):
        ours, theirs = await both.ask("threads.add_user_message", thread_id=thread, input=message(answer))
        assert ours == theirs, answer
        assert len(ours) > 3
    asked: list[tuple[str, dict[str, Any]]] = [
        ("threads.get_by_id", {}),
        ("items.list", {"limit": 3}),
        ("items.list", {"limit": 100, "order": "asc"}),
        ("items.list", {"order": "asc", "after": first, "limit": 2}),
        ("items.feedback", {"item_ids": [first], "kind": "positive"}),
        ("threads.update", {"title": "A title"}),
    ]
    for kind, params in asked:
        ours, theirs = await both.ask(kind, thread_id=thread, **params)
        assert ours == theirs, (kind, params)
    ours, theirs = await both.ask("threads.list")
    assert ours == theirs
    assert ours["data"][0]["title"] == "A title"
    ours, theirs = await both.ask("threads.delete", thread_id=thread)
    assert ours == theirs == {}


async def test_actions(both: Both) -> None:
    ours, theirs = await both.ask("threads.create", input=message("widget"))
    assert ours == theirs
    widget = ours[-1]["item"]["id"]
    for params in ({"item_id": widget}, {}):
        action = {"type": "text", "payload": {"n": [1, {"deep": None}]}}
        ours, theirs = await both.ask("threads.custom_action", thread_id="#1", action=action, **params)
        assert ours == theirs
        ours, theirs = await both.ask("threads.sync_custom_action", thread_id="#1", action=action, **params)
        assert ours == theirs


async def test_answers_of_the_page_and_of_the_person(both: Both) -> None:
    await both.ask("threads.create", input=message("ask"))
    ours, theirs = await both.ask("items.list", thread_id="#1", limit=1)
    assert ours == theirs
    question = ours["data"][0]["id"]
    answers = {"status": "answered", "answers": {"which": {"values": ["b"]}}}
    ours, theirs = await both.ask("threads.add_structured_input", thread_id="#1", item_id=question, input=answers)
    # Listed: ours tells what was answered before the stream options, as everything that the request itself changes.
    assert kinds(ours) == ["thread.item.replaced", "stream_options", "thread.item.done"]
    assert sorted(map(str, ours)) == sorted(map(str, theirs))

    await both.ask("threads.add_user_message", thread_id="#1", input=message("tool"))
    ours, theirs = await both.ask("threads.add_client_tool_output", thread_id="#1", result={"lat": 1.5})
    # Listed: ours tells other pages of the output.
    assert kinds(ours)[0] == "thread.item.replaced"
    assert ours[1:] == theirs
    ours, theirs = await both.ask("items.list", thread_id="#1", limit=3)
    assert ours == theirs


async def test_another_answer(both: Both) -> None:
    ours, _ = await both.ask("threads.create", input=message("text"))
    said = ours[1]["item"]["id"]
    ours, theirs = await both.ask("threads.retry_after_item", thread_id="#1", item_id=said)
    # Listed: ours tells which items are gone.
    assert kinds(ours)[0] == "thread.item.removed"
    assert ours[1:] == theirs
    ours, theirs = await both.ask("threads.get_by_id", thread_id="#1")
    assert ours == theirs
