"""Requests that are answered with one document."""

from __future__ import annotations

import base64

import pytest

from .client import ChatKitClient, message
from .conftest import Running


async def test_a_page_begins_after_an_entry(client: ChatKitClient) -> None:
    threads = [(await client.say("recall"))[0]["thread"]["id"] for _ in range(3)]
    first = await client.ask("threads.list", limit=2)
    second = await client.ask("threads.list", limit=2, after=first["after"])
    oldest = await client.ask("threads.list", limit=1, order="asc")

    assert [thread["id"] for thread in first["data"]] == threads[:0:-1]
    assert (first["has_more"], first["after"]) == (True, threads[1])
    assert second == {"data": second["data"], "has_more": False}
    assert [thread["id"] for thread in second["data"]] == threads[:1]
    assert [thread["id"] for thread in oldest["data"]] == threads[:1]


async def test_items_are_paged_without_hidden_ones(client: ChatKitClient) -> None:
    thread = (await client.say("hidden secret"))[0]["thread"]["id"]
    for _ in range(3):
        await client.say("recall", thread)
    everything = await client.ask("items.list", thread_id=thread, order="asc", limit=100)
    paged, after = [], None
    while True:
        page = await client.ask("items.list", thread_id=thread, order="asc", limit=2, after=after)
        assert len(page["data"]) <= 2
        paged += page["data"]
        after = page.get("after")
        assert (after is not None) == page["has_more"]
        if after is None:
            break
    backwards = await client.ask("items.list", thread_id=thread, limit=100)

    assert paged == everything["data"]
    assert backwards["data"] == everything["data"][::-1]
    assert {item["type"] for item in paged} == {"user_message", "assistant_message"}
    assert "secret" not in str([item for item in paged if item["type"] != "user_message"])


async def test_a_thread_has_its_first_page(client: ChatKitClient) -> None:
    thread = (await client.say("recall"))[0]["thread"]["id"]
    for _ in range(10):
        await client.say("recall", thread)
    items = (await client.ask("threads.get_by_id", thread_id=thread))["items"]
    rest = await client.ask("items.list", thread_id=thread, order="asc", after=items["after"])

    assert (len(items["data"]), items["has_more"], items["after"]) == (20, True, items["data"][-1]["id"])
    assert [item["created_at"] for item in items["data"]] == sorted(item["created_at"] for item in items["data"])
    assert len(rest["data"]) == 2


async def test_a_thread_can_be_renamed_and_deleted(client: ChatKitClient) -> None:
    thread = (await client.say("recall"))[0]["thread"]["id"]
    renamed = await client.ask("threads.update", thread_id=thread, title="A title")
    deleted = await client.post({"type": "threads.delete", "params": {"thread_id": thread}})
    gone = await client.post({"type": "threads.get_by_id", "params": {"thread_id": thread}})

    assert (renamed["title"], renamed["metadata"], renamed["status"]) == ("A title", {}, {"type": "active"})
    assert deleted.body == b"{}"
    assert (gone.code, gone.reason) == ("NOT_FOUND", "THREAD_NOT_FOUND")


async def test_feedback(client: ChatKitClient) -> None:
    events = await client.say("recall")
    thread, item = events[0]["thread"]["id"], events[1]["item"]["id"]
    params = {"thread_id": thread, "item_ids": [item], "kind": "negative"}

    assert (await client.post({"type": "items.feedback", "params": params})).body == b"{}"


async def test_an_action_that_changes_a_widget_at_once(client: ChatKitClient) -> None:
    events = await client.say("switch")
    action = {"type": "showcase.toggle", "payload": {"on": True}}
    item = events[-1]["item"]
    reply = await client.ask(
        "threads.sync_custom_action", thread_id=item["thread_id"], item_id=item["id"], action=action
    )
    stored = await client.ask("items.list", thread_id=item["thread_id"], limit=1)

    assert reply["updated_item"]["id"] == item["id"]
    assert stored["data"] == [reply["updated_item"]]


async def test_attachments(client: ChatKitClient) -> None:
    made = await client.ask("attachments.create", name="cat.png", size=3, mime_type="image/png")
    deleted = await client.post({"type": "attachments.delete", "params": {"attachment_id": made["id"]}})
    again = await client.post({"type": "attachments.delete", "params": {"attachment_id": made["id"]}})

    assert made["type"] == "image"
    assert made["upload_descriptor"]["method"] in ("PUT", "POST")
    assert made.keys() <= {"id", "name", "mime_type", "type", "upload_descriptor", "preview_url"}
    assert deleted.body == b"{}"
    assert again.reason == "ATTACHMENT_NOT_FOUND"


async def test_speech(client: ChatKitClient) -> None:
    audio = base64.b64encode(b"abc").decode()
    reply = await client.ask("input.transcribe", audio_base64=audio, mime_type="audio/webm;codecs=opus")

    assert reply == {"text": "A recording of 3 bytes."}


async def test_a_long_recording(client: ChatKitClient) -> None:
    audio = base64.b64encode(bytes(26_214_400)).decode()
    reply = await client.post(
        {"type": "input.transcribe", "params": {"audio_base64": audio, "mime_type": "audio/webm"}}
    )
    too_long = await client.post(
        {"type": "input.transcribe", "params": {"audio_base64": "AAAA" + audio, "mime_type": "audio/webm"}}
    )

    assert reply.json == {"text": "A recording of 26214400 bytes."}
    assert too_long.fields.keys() == {"params.audio_base64"}


@pytest.mark.parametrize("type", ["threads.get_by_id", "threads.delete", "items.list", "threads.update"])
async def test_another_persons_thread_does_not_exist(running: Running, type: str) -> None:  # noqa: A002
    thread = (await running.client.say("recall"))[0]["thread"]["id"]
    reply = await running.stranger.post({"type": type, "params": {"thread_id": thread, "title": "mine"}})
    said = await running.stranger.post(
        {"type": "threads.add_user_message", "params": {"thread_id": thread, "input": message("hello")}}
    )

    assert (reply.code, reply.reason) == (said.code, said.reason) == ("NOT_FOUND", "THREAD_NOT_FOUND")
