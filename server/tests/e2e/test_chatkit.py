"""ChatKit's own protocol, through Envoy."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from .conftest import Stack
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


def test_without_a_token(stranger: httpx.Client) -> None:
    answer = ask(stranger, "threads.list")

    assert answer.status_code == 401
    assert reason_of(answer.json()) == "TOKEN_MISSING"
    assert answer.headers["www-authenticate"] == 'Bearer realm="widgetstream"'


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic YTpi", "x" * 9000])
def test_what_is_no_token(stranger: httpx.Client, header: str) -> None:
    answer = stranger.post("/chatkit", json={"type": "threads.list", "params": {}}, headers={"authorization": header})

    assert answer.status_code == 401
    assert reason_of(answer.json()) == "TOKEN_INVALID"
    assert answer.headers["www-authenticate"] == 'Bearer realm="widgetstream", error="invalid_token"'


def test_what_a_request_may_be_larger_than(http: httpx.Client) -> None:
    large = ask(http, "threads.list", x="x" * 10_000_000)
    larger = ask(http, "threads.list", x="x" * 36_000_000)

    assert [answer.status_code for answer in (large, larger)] == [413, 413]
    assert [reason_of(answer.json()) for answer in (large, larger)] == ["REQUEST_TOO_LARGE"] * 2
    assert violations_of(large.json()) == {"body": "must have at most 4194304 bytes; only recordings may have more"}
    assert violations_of(larger.json()) == {"body": "must have at most 4194304 bytes, with a recording 34969600"}
    assert "x-http-status" not in large.headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_other_methods(http: httpx.Client, method: str) -> None:
    answer = http.request(method, "/chatkit")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["content-type"] == "application/json"


def test_the_address_may_have_a_query_of_the_pages_own(http: httpx.Client) -> None:
    answer = http.post("/chatkit?tenant=a&data=b&content_type=c", json={"type": "threads.list", "params": {}})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"]
)
def test_the_content_type_does_not_matter(http: httpx.Client, content_type: str) -> None:
    body = b'{"type":"threads.list","params":{}}'
    answer = http.post("/chatkit", content=body, headers={"content-type": content_type})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999999"])
def test_a_length_that_is_none(stack: Stack, length: str) -> None:
    with socket.create_connection(("localhost", int(stack.address.rpartition(":")[2])), timeout=30) as connection:
        connection.sendall(
            f"POST /chatkit HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{{}}".encode()
        )
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = json.loads(answer.read())

    assert answer.status == 400
    assert reason_of(body) == "MALFORMED_REQUEST"


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
