"""Everything that the schema can say is what ChatKit's own models say, property by property."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chatkit import types
from pydantic import TypeAdapter

from widgetstream_server.showcase.commands import COMMANDS

from .client import ChatKitClient, message

EVENTS: TypeAdapter[Any] = TypeAdapter(types.ThreadStreamEvent)
ITEMS: TypeAdapter[Any] = TypeAdapter(types.Page[types.ThreadItem])
THREADS: TypeAdapter[Any] = TypeAdapter(types.Page[types.Thread])
THREAD: TypeAdapter[Any] = TypeAdapter(types.Thread)
ATTACHMENT: TypeAdapter[Any] = TypeAdapter(types.Attachment)
CHANGED: TypeAdapter[Any] = TypeAdapter(types.SyncCustomActionResponse)


def redumped(adapter: TypeAdapter[Any], value: Any) -> Any:
    """Return what their models make of our JSON."""
    model = adapter.validate_json(json.dumps(value))
    return json.loads(adapter.dump_json(model, by_alias=True, exclude_none=True, context={"exclude_metadata": True}))


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield where two values differ but in what is known.

    Their models pass over properties of widgets that they do not know, which ours keep, and write days as midnights.
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            if name in ours and name in theirs:
                yield from differences(ours[name], theirs[name], f"{path}.{name}")
            elif name in theirs or ".widget" not in path:
                yield f"{path}.{name}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(our, their, f"{path}[{index}]")
    elif ours != theirs and not (".widget" in path and f"{ours}T00:00:00" == theirs):
        yield f"{path}: {ours!r} is {theirs!r} there"


# This one never ends by itself.
async def test_each_event_of_each_command(client: ChatKitClient, subtests: pytest.Subtests) -> None:
    for name in COMMANDS.keys() - {"wait"}:
        with subtests.test(name):
            events = await client.say(name)
            found = [each for event in events for each in differences(event, redumped(EVENTS, event))]
            assert len(events) >= 3
            assert found == []


async def test_each_document(client: ChatKitClient) -> None:
    events = await client.say("show card")
    thread = events[0]["thread"]["id"]
    await client.say("message", thread)
    asked = [
        (THREAD, await client.ask("threads.get_by_id", thread_id=thread)),
        (THREAD, await client.ask("threads.update", thread_id=thread, title="A title")),
        (THREADS, await client.ask("threads.list", limit=10)),
        (ITEMS, await client.ask("items.list", thread_id=thread, limit=1)),
        (CHANGED, await client.ask("threads.sync_custom_action", thread_id=thread, action={"type": "showcase.echo"})),
    ]

    for adapter, reply in asked:
        assert list(differences(reply, redumped(adapter, reply))) == []


async def test_a_message_with_all_that_one_can_have(client: ChatKitClient) -> None:
    tag = {"type": "input_tag", "id": "t1", "text": "@milk", "data": {"n": 1, "deep": [{"x": None}]}, "group": "task"}
    sent = message("echo ", quoted_text="before", inference_options={"tool_choice": {"id": "search"}, "model": "m"})
    sent["content"].append(tag)
    events = await client.stream("threads.create", input=sent)

    item = events[1]["item"]
    assert item["content"] == [{"type": "input_text", "text": "echo "}, {**tag, "interactive": False}]
    assert (item["quoted_text"], item["inference_options"]) == ("before", sent["inference_options"])
    assert item["attachments"] == []
    assert redumped(EVENTS, events[1]) == events[1]
