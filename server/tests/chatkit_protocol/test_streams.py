"""How streams begin, go on, are taken up again, and end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from widgetstream_server.storage.threads import ThreadRepository

from .client import ChatKitClient, frames_in, message, pieces
from .conftest import Running, serving
from .scripts import OurApp

CREATE = {"type": "threads.create", "params": {"input": message("text")}}
HOLD = {"type": "threads.create", "params": {"input": message("hold")}}


@pytest.fixture
async def scripted(tmp_path: Path) -> AsyncIterator[Running]:
    async with serving(tmp_path, OurApp, heartbeat_seconds=1.0) as running:
        yield running
        app_of(running).go_on.set()


def app_of(running: Running) -> OurApp:
    assert isinstance(running.application.app, OurApp)
    return running.application.app


async def begin(running: Running, headers: dict[str, str] | None = None) -> tuple[Any, str, str, str]:
    """Begin an answer that is held, and return the call, the thread, the run, and the id of the last event."""
    call = running.client.open(HOLD, headers)
    received = b""
    async for piece in pieces(call):
        received += piece
        if b"text_delta" in received:
            break
    frames = frames_in(received)
    run_id = dict(await call.initial_metadata())["x-run-id"]
    return call, frames[0].data["thread"]["id"], str(run_id), frames[-1].id


@pytest.mark.parametrize("request_,has_empty_end", [(CREATE, True), ({"type": "threads.list", "params": {}}, False)])
async def test_a_stream_has_an_empty_last_message_and_a_document_is_one(
    scripted: Running, request_: dict[str, Any], has_empty_end: bool
) -> None:
    messages = [message async for message in scripted.client.open(request_)]

    assert all(messages[:-1])
    assert (messages[-1] == b"") == has_empty_end
    assert has_empty_end or len(messages) == 1


async def ended(running: Running) -> None:
    """Wait until no run is under way."""
    for run in running.application._runs._registry.under_way:
        await run.ended()


async def items_of(client: ChatKitClient, thread: str) -> list[dict[str, Any]]:
    data = (await client.ask("items.list", thread_id=thread, order="asc"))["data"]
    assert isinstance(data, list)
    return data


async def test_frames_are_data_behind_ids_that_grow(scripted: Running) -> None:
    reply = await scripted.client.post(CREATE)

    assert all(frame.text.startswith("id: ") and frame.text.count("\n") == 1 for frame in reply.frames)
    numbers = [int(frame.id.removeprefix(f"{reply.run_id}:")) for frame in reply.frames]
    assert numbers == sorted(set(numbers))


async def test_frames_without_ids(scripted: Running) -> None:
    reply = await scripted.client.post(CREATE, {"x-event-ids": "off"})

    assert all(frame.text.startswith("data: {") and "\n" not in frame.text for frame in reply.frames)


async def test_the_end_is_marked_where_that_is_asked_for(scripted: Running) -> None:
    marked = {"x-end-mark": "on"}
    call = scripted.client.open(CREATE, marked)
    received = b"".join([piece async for piece in pieces(call)])
    last = frames_in(received)[-2].id  # the mark counts as one, without an id
    run_id, _, number = last.rpartition(":")
    again = scripted.client.open(CREATE, {**marked, "last-event-id": last})
    beyond = scripted.client.open(CREATE, {**marked, "last-event-id": f"{run_id}:{int(number) + 1}"})

    assert received.endswith(b"}\n\n: end\n\n")
    assert b"".join([piece async for piece in pieces(again)]).endswith(b": end\n\n")
    assert b"".join([piece async for piece in pieces(beyond)]) == b": end\n\n"


async def test_a_client_that_goes_away_has_stopped_the_answer(scripted: Running) -> None:
    call, thread, _, _ = await begin(scripted)
    call.cancel()
    await ended(scripted)
    items = await items_of(scripted.client, thread)

    assert [item["type"] for item in items] == ["user_message", "assistant_message"]
    assert items[1]["content"][0]["text"] == "Hello "
    assert (await scripted.client.say("text", thread))[-1]["type"] == "thread.item.done"


async def test_an_answer_that_people_may_not_stop_goes_on(scripted: Running) -> None:
    app_of(scripted).may_stop = False
    call, thread, run_id, last = await begin(scripted)
    call.cancel()
    app_of(scripted).go_on.set()
    reply = await scripted.client.post(HOLD, {"last-event-id": last})
    items = await items_of(scripted.client, thread)

    assert reply.run_id == run_id
    assert items[1]["content"][0]["text"] == "Hello you"


async def test_a_client_can_leave_and_come_back(scripted: Running) -> None:
    call, thread, run_id, last = await begin(scripted, {"x-when-lost": "go-on"})
    call.cancel()
    seen = await scripted.client.post({"type": "threads.get_by_id", "params": {"thread_id": thread}})
    app_of(scripted).go_on.set()
    rest = await scripted.client.post(HOLD, {"last-event-id": last})
    everything = await scripted.client.post(HOLD, {"last-event-id": f"{run_id}:0"})

    # In the middle of the answer the page shows what there is, and learns what to follow.
    assert seen.run_id == run_id
    assert [item["type"] for item in seen.json["items"]["data"]] == ["user_message", "assistant_message"]
    assert seen.json["items"]["data"][1]["content"][0]["text"] == "Hello "
    assert rest.frames == everything.frames[-len(rest.frames) :]
    assert everything.frames[-len(rest.frames) - 1].id == last
    assert rest.events[-1]["type"] == "thread.item.done"
    assert len((await scripted.client.ask("threads.list"))["data"]) == 1


async def test_an_answer_that_ends_while_its_thread_is_read_is_not_lost(
    scripted: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, thread, run_id, _ = await begin(scripted, {"x-when-lost": "go-on"})
    read = ThreadRepository.list_items

    async def end_after_reading(store: ThreadRepository, *args: Any, **options: Any) -> Any:
        items = await read(store, *args, **options)
        app_of(scripted).go_on.set()
        await ended(scripted)
        return items

    monkeypatch.setattr(ThreadRepository, "list_items", end_after_reading)
    seen = await scripted.client.post({"type": "threads.get_by_id", "params": {"thread_id": thread}})

    # It shows what there was, and names the run that tells the rest.
    assert [item["type"] for item in seen.json["items"]["data"]] == ["user_message", "assistant_message"]
    assert seen.run_id == run_id


async def test_silence_is_broken_by_comments(scripted: Running) -> None:
    call = scripted.client.open(HOLD)
    received = b""
    async for piece in pieces(call):
        received += piece
        if b": keep-alive\n\n" in received:
            break
    app_of(scripted).go_on.set()
    async for piece in pieces(call):
        received += piece

    assert received.count(b": keep-alive\n\n") >= 1
    assert "heartbeat" not in received.decode()
    assert frames_in(received)[-1].data["type"] == "thread.item.done"


async def test_an_answer_that_breaks_says_so_once_and_tells_nothing(scripted: Running) -> None:
    events = await scripted.client.say("break")

    assert [event["type"] for event in events].count("error") == 1
    assert events[-1]["code"] == "custom"
    assert events[-1]["allow_retry"] is True
    assert "secret" not in str(events)


async def test_requests_of_a_busy_thread_wait_for_their_turn(scripted: Running) -> None:
    _, thread, _, _ = await begin(scripted)
    body = {"type": "threads.add_user_message", "params": {"thread_id": thread, "input": message("text")}}
    call = scripted.client.open(body)
    waiting = pieces(call)
    first = await anext(waiting)
    app_of(scripted).go_on.set()
    rest = b"".join([piece async for piece in waiting])
    items = await items_of(scripted.client, thread)

    # Headers and a sign of life come at once.
    assert first == b": keep-alive\n\n"
    assert frames_in(rest)[0].data["item"]["type"] == "user_message"
    assert [item["type"] for item in items] == ["user_message", "assistant_message"] * 2


async def test_a_request_that_is_repeated_has_one_run(scripted: Running) -> None:
    first = await scripted.client.post(CREATE, {"idempotency-key": "k1"})
    second = await scripted.client.post(CREATE, {"idempotency-key": "k1"})
    other = await scripted.client.post(
        {"type": "threads.create", "params": {"input": message("widget")}}, {"idempotency-key": "k1"}
    )

    assert second.frames == first.frames
    assert (other.code, other.reason, list(other.fields)) == (
        "ALREADY_EXISTS",
        "REQUEST_ID_REUSED",
        ["idempotency-key"],
    )
    assert len((await scripted.client.ask("threads.list"))["data"]) == 1


@pytest.mark.parametrize(
    "value, code, reason",
    [
        ("nonsense", "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
        ("run_x:-1", "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
        ("run_x:99999999999", "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
        ("run_x:9999999999", "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
        ("run_unknown:1", "NOT_FOUND", "RUN_NOT_FOUND"),
        ("x" * 300, "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
    ],
)
async def test_an_id_that_no_event_has(scripted: Running, value: str, code: str, reason: str) -> None:
    reply = await scripted.client.post(CREATE, {"last-event-id": value})

    assert (reply.code, reply.reason) == (code, reason)
    assert list(reply.fields) == ["last-event-id"]
    assert (await scripted.client.ask("threads.list"))["data"] == []


async def test_another_persons_run_cannot_be_followed(scripted: Running) -> None:
    reply = await scripted.client.post(CREATE)
    stolen = await scripted.stranger.post(CREATE, {"last-event-id": f"{reply.run_id}:0"})

    assert stolen.reason == "RUN_NOT_FOUND"


async def test_the_application_gets_what_a_request_says_beside(scripted: Running) -> None:
    body = {**CREATE, "metadata": {"page": "/tasks", "n": [1, None]}}
    await scripted.client.post(body, {"accept-language": "de-AT,de;q=0.9"})
    (context,) = app_of(scripted).contexts

    assert context.metadata == {"page": "/tasks", "n": [1, None]}
    assert context.locale == "de-AT"


@pytest.mark.parametrize(
    "header, language",
    [
        ("de", "de"),
        ("en;q=0.5, de-AT", "de-AT"),
        ("*, fr ; q=0.2,de;q=0.3", "de"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb-NO"),
        ("de;q=0", "en"),
        ("de;q=2, en-GB;q=0.1", "en-GB"),
        ("", "en"),
        (";;,=,q", "q"),
        ("x" * 300, "en"),
        (",".join(["*"] * 2000), "en"),
    ],
)
async def test_the_language_that_is_wanted_most(scripted: Running, header: str, language: str) -> None:
    reply = await scripted.client.post(CREATE, {"accept-language": header})
    (context,) = app_of(scripted).contexts

    assert reply.code == "OK"
    assert context.locale == language
