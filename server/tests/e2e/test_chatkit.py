"""ChatKit's own protocol, through Envoy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from .errors import reason_of, violations_of
from .processes import wait_until

pytestmark = pytest.mark.e2e

PAGE = "https://page.example"


def message(text: str) -> dict[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


def ask(client: httpx.Client, type: str, **params: Any) -> httpx.Response:  # noqa: A002 - the protocol's name
    return client.post("/chatkit", json={"type": type, "params": params})


def frames(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id and the data of each event, as it comes."""
    event_id = ""
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            event_id = value
        elif name == "data":
            yield event_id, json.loads(value)


def kind_of(event: dict[str, Any]) -> str:
    return str(event["type"])


def go(client: httpx.Client, thread: str) -> None:
    reply = ask(client, "threads.sync_custom_action", thread_id=thread, action={"type": "go"})
    assert (reply.status_code, reply.json()) == (200, {})


def test_events_arrive_one_by_one(http: httpx.Client) -> None:
    body = {"type": "threads.create", "params": {"input": message("steps 3")}}
    with http.stream("POST", "/chatkit", json=body) as answer:
        received = frames(answer)
        seen = [next(received)[1] for _ in range(4)]
        thread = seen[0]["thread"]["id"]
        words = []
        for _ in range(3):
            # The server has nothing more to send now: what was sent has arrived.
            go(http, thread)
            words.append(next(received)[1]["update"]["delta"])
        rest = [event for _, event in received]

    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-run-id"].startswith("run_")
    assert [kind_of(event) for event in seen] == [
        "thread.created",
        "thread.item.done",
        "stream_options",
        "thread.item.added",
    ]
    assert words == ["word1 ", "word2 ", "word3 "]
    assert [kind_of(event) for event in rest] == ["thread.item.done"]


def test_documents(http: httpx.Client) -> None:
    body = {"type": "threads.create", "params": {"input": message("steps 0")}}
    with http.stream("POST", "/chatkit", json=body) as answer:
        (_, created), *_ = frames(answer)
    thread = created["thread"]["id"]
    found = ask(http, "threads.get_by_id", thread_id=thread)
    deleted = ask(http, "threads.delete", thread_id=thread)

    assert found.headers["content-type"] == "application/json"
    assert found.json()["id"] == thread
    assert (deleted.status_code, deleted.content) == (200, b"{}")


def test_a_client_that_goes_away_has_stopped_the_answer(http: httpx.Client) -> None:
    body = {"type": "threads.create", "params": {"input": message("steps 2")}}
    with http.stream("POST", "/chatkit", json=body) as answer:
        received = frames(answer)
        thread = next(received)[1]["thread"]["id"]
        go(http, thread)
        assert any("word1" in str(event) for _, event in received)
    wait_until(lambda: "x-run-id" not in ask(http, "threads.get_by_id", thread_id=thread).headers)
    items = ask(http, "items.list", thread_id=thread, order="asc").json()["data"]

    assert [item["type"] for item in items] == ["user_message", "assistant_message"]
    assert items[1]["content"][0]["text"] == "word1 "


def test_a_stream_that_was_cut_is_taken_up_again(http: httpx.Client) -> None:
    body = {"type": "threads.create", "params": {"input": message("steps 1")}}
    with http.stream("POST", "/chatkit", json=body, headers={"x-when-lost": "go-on"}) as answer:
        last, created = next(frames(answer))
    go(http, created["thread"]["id"])
    with http.stream("POST", "/chatkit", json=body, headers={"last-event-id": last}) as answer:
        rest = [kind_of(event) for _, event in frames(answer)]

    assert rest[:2] == ["thread.item.done", "stream_options"]
    assert rest[-1] == "thread.item.done"


@pytest.mark.parametrize(
    "body, status, reason, field",
    [
        (b"{bad", 400, "INVALID_ARGUMENT", "body"),
        (b'{"type": "threads.explode"}', 400, "INVALID_ARGUMENT", "type"),
        (b'{"type": "threads.list", "params": {"limit": -1}}', 400, "INVALID_ARGUMENT", "params.limit"),
        (b'{"type": "threads.get_by_id", "params": {"thread_id": "thr_unknown"}}', 404, "THREAD_NOT_FOUND", ""),
        (b"[" * 100_000, 400, "INVALID_ARGUMENT", "body"),
        (b'{"type": "' + b"x" * 10_000_000 + b'"}', 400, "INVALID_ARGUMENT", "body"),
        (b'{"type": "' + b"x" * 36_000_000 + b'"}', 413, "REQUEST_TOO_LARGE", ""),
    ],
    ids=["no JSON", "an unknown type", "a bad limit", "an unknown thread", "deep lists", "10 MB", "36 MB"],
)
def test_refusals_have_a_status_and_a_document(
    http: httpx.Client, body: bytes, status: int, reason: str, field: str
) -> None:
    answer = http.post("/chatkit", content=body, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert reason_of(answer.json()) == reason
    assert list(violations_of(answer.json())) == ([field] if field else [])


def test_a_thread_that_is_unknown_is_told_before_the_stream(http: httpx.Client) -> None:
    answer = ask(http, "threads.add_user_message", thread_id="thr_unknown", input=message("steps 1"))

    assert answer.status_code == 404
    assert reason_of(answer.json()) == "THREAD_NOT_FOUND"


def test_without_a_token(stranger: httpx.Client) -> None:
    answer = ask(stranger, "threads.list")

    assert answer.status_code == 401
    assert reason_of(answer.json()) == "TOKEN_MISSING"


def test_a_page_may_send_what_the_frontend_sends(stranger: httpx.Client, http: httpx.Client) -> None:
    names = "authorization,content-type,chatkit-frame-instance-id,last-event-id,x-when-lost,x-event-ids,x-end-mark"
    asked = stranger.options(
        "/chatkit",
        headers={
            "origin": PAGE,
            "access-control-request-method": "POST",
            "access-control-request-headers": names,
        },
    )
    answer = http.post("/chatkit", json={"type": "threads.list", "params": {}}, headers={"origin": PAGE})

    assert asked.status_code == 200
    allowed = {name.strip() for name in asked.headers["access-control-allow-headers"].split(",")}
    assert set(names.split(",")) <= allowed
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "x-run-id" in answer.headers["access-control-expose-headers"]
