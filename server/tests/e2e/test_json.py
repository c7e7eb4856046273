"""JSON over HTTP/1.1: calls, and each kind of error with its status and its body."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from .conftest import Stack
from .errors import error_info, reason_of, violations_of

pytestmark = pytest.mark.e2e


def test_a_task_from_beginning_to_end(http: httpx.Client) -> None:
    created = http.post("/v1/tasks", json={"title": "water the plants", "priority": "PRIORITY_HIGH"}).json()["task"]
    found = http.get("/v1/tasks", params={"query": "water the"}).json()
    completed = http.post(f"/v1/tasks/{created['task_id']}:complete", json={}).json()["task"]
    deleted = http.delete(f"/v1/tasks/{created['number']}")
    gone = http.get(f"/v1/tasks/{created['task_id']}")

    assert created["completed"] is False
    # What is empty is there too, so that a reader need not know the defaults.
    assert created["description"] == ""
    assert created["tags"] == []
    assert [task["task_id"] for task in found["tasks"]] == [created["task_id"]]
    assert completed["completed"] is True
    assert deleted.status_code == 200
    assert gone.status_code == 404
    assert reason_of(gone.json()) == "TASK_NOT_FOUND"


def test_queries_are_decoded_as_forms_write_them(http: httpx.Client) -> None:
    task = http.post("/v1/tasks", json={"title": "salt & pepper"}).json()["task"]
    found = http.get("/v1/tasks?query=salt+%26+pep").json()

    assert [entry["task_id"] for entry in found["tasks"]] == [task["task_id"]]


def test_without_a_token(stranger: httpx.Client) -> None:
    answer = stranger.get("/v1/threads")

    assert answer.status_code == 401
    assert reason_of(answer.json()) == "TOKEN_MISSING"


def test_what_is_another_s_does_not_exist(stack: Stack, http: httpx.Client, stranger: httpx.Client) -> None:
    task = http.post("/v1/tasks", json={"title": "mine"}).json()["task"]
    bearer = {"authorization": f"Bearer {stack.token('mallory')}"}
    answer = stranger.get(f"/v1/tasks/{task['task_id']}", headers=bearer)

    assert answer.status_code == 404
    assert reason_of(answer.json()) == "TASK_NOT_FOUND"


def test_fields_at_fault_are_named(http: httpx.Client) -> None:
    answer = http.post("/v1/tasks", json={"title": "   "})

    assert answer.status_code == 400
    assert reason_of(answer.json()) == "INVALID_ARGUMENT"
    assert violations_of(answer.json()) == {"title": "must not be blank"}


# What the server never sees: Envoy says it, in the same words.
@pytest.mark.parametrize(
    "body, fault",
    [
        (b"{bad", "Expected : between key:value pair"),
        (b"[]", "Root element must be a message"),
        (b'{"title": 5}', "title: invalid value 5"),
        (b'{"priority": "URGENT"}', "priority: invalid value"),
        (b'{"title": "\xff\xfe"}', "non UTF-8"),
        (b'{"title": "\\ud800"}', "Missing low surrogate"),
        (b'{"title": "a"} trailing', "terminated before end"),
    ],
)
def test_malformed_bodies(http: httpx.Client, body: bytes, fault: str) -> None:
    answer = http.post("/v1/tasks", content=body)

    assert answer.status_code == 400
    assert answer.json()["code"] == 3
    assert reason_of(answer.json()) == "MALFORMED_REQUEST"
    assert fault in answer.json()["message"]


@pytest.mark.parametrize(
    "params, fault",
    [
        ({"bogus": "1"}, '"bogus"'),
        ({"page_size": "many"}, "page_size: invalid value"),
        ({"page_size": "99999999999"}, "page_size: invalid value"),
        ({"due": "NEVER"}, "due: invalid value"),
    ],
)
def test_malformed_parameters(http: httpx.Client, params: dict[str, str], fault: str) -> None:
    answer = http.get("/v1/tasks", params=params)

    assert answer.status_code == 400
    assert reason_of(answer.json()) == "MALFORMED_REQUEST"
    assert fault in answer.json()["message"]


def test_fields_that_the_schema_does_not_know_are_passed_over(http: httpx.Client) -> None:
    # As Protobuf has it: a newer client's fields do not disturb an older server.
    answer = http.post("/v1/tasks", json={"title": "a", "colour": "red"})

    assert answer.status_code == 200


@pytest.mark.parametrize("page_size", ["-5", "100000000"])
def test_impossible_page_sizes(http: httpx.Client, page_size: str) -> None:
    answer = http.get("/v1/threads", params={"page_size": page_size})

    assert answer.status_code == 400
    assert reason_of(answer.json()) == "INVALID_ARGUMENT"
    assert set(violations_of(answer.json())) == {"page_size"}


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/nothing", "/v1/tasks/1/2", "/widgetstream.chatkit.v1"])
def test_unknown_paths(http: httpx.Client, path: str) -> None:
    answer = http.get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == 12
    assert reason_of(answer.json()) == "NOT_IMPLEMENTED"


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("GET", "/v1/threads:respond", "POST"),
        ("PUT", "/v1/tasks", "GET, POST"),
        ("POST", "/v1/threads/thr_1", "DELETE, GET, PATCH"),
        ("DELETE", "/v1/threads/thr_1:respond", "POST"),
        ("GET", "/chatkit", "POST"),
        ("OPTIONS", "/v1/tasks", "GET, POST"),
    ],
)
def test_methods_that_a_path_does_not_have(http: httpx.Client, method: str, path: str, allowed: str) -> None:
    answer = http.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert reason_of(answer.json()) == "NOT_IMPLEMENTED"


def test_a_body_that_is_too_large(http: httpx.Client) -> None:
    answer = http.post("/v1/tasks", content=b'{"title": "' + b"x" * 5_000_000 + b'"}')

    assert answer.status_code == 413
    assert answer.json()["code"] == 8
    assert reason_of(answer.json()) == "REQUEST_TOO_LARGE"


def test_headers_that_are_too_large(http: httpx.Client) -> None:
    answer = http.get("/v1/tasks", headers={"x-large": "x" * 40_000})

    assert answer.status_code == 431
    assert reason_of(answer.json()) == "REQUEST_TOO_LARGE"


@pytest.mark.parametrize("sent", [b"garbage\r\n\r\n", b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n"])
def test_what_is_no_http(stack: Stack, sent: bytes) -> None:
    where = urlsplit(stack.url)
    assert where.hostname is not None
    assert where.port is not None
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(4096):
            received += piece

    assert received.startswith(b"HTTP/1.1 400 ")
    assert b'"MALFORMED_REQUEST"' in received


def test_the_root_tells_where_the_doors_are(stranger: httpx.Client) -> None:
    machine = stranger.get("/", headers={"accept": "application/json"})
    person = stranger.get("/", headers={"accept": "text/html,application/xhtml+xml"})

    assert machine.json()["name"] == "widgetstream"
    assert person.headers["content-type"] == "text/html; charset=utf-8"
    assert "/v1/threads:respond" in person.text


def test_every_answer_names_the_request_and_nothing_of_the_inside(http: httpx.Client) -> None:
    answers: list[Any] = [http.get("/v1/threads"), http.get("/nothing"), http.get("/")]

    for answer in answers:
        assert answer.headers["x-request-id"]
        assert answer.headers["server"] == "widgetstream"
        assert not any(name.startswith("x-envoy") for name in answer.headers)
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


def test_errors_of_envoy_and_of_the_server_have_one_shape(http: httpx.Client, stranger: httpx.Client) -> None:
    from_envoy = error_info(http.get("/nothing").json())
    from_server = error_info(stranger.get("/v1/threads").json())

    assert set(from_envoy) == set(from_server)
