"""Calls from pages on other hosts."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.e2e

PAGE = "https://page.example"


def preflight(client: httpx.Client, origin: str, path: str) -> httpx.Response:
    return client.options(
        path,
        headers={
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,x-grpc-web",
        },
    )


@pytest.mark.parametrize("path", ["/v1/threads:respond", "/chatkit", "/widgetstream.chatkit.v1.ChatKitService/Respond"])
def test_pages_that_are_configured_may_call(stranger: httpx.Client, path: str) -> None:
    answer = preflight(stranger, PAGE, path)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in answer.headers
    methods = {name.strip() for name in answer.headers["access-control-allow-methods"].split(",")}
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= methods
    headers = {name.strip() for name in answer.headers["access-control-allow-headers"].split(",")}
    assert {
        "authorization",
        "content-type",
        "x-grpc-web",
        "x-user-agent",
        "grpc-timeout",
        "x-time-zone",
        "idempotency-key",
        "last-event-id",
    } <= headers


@pytest.mark.parametrize("origin", ["https://evil.example", "https://page.example.evil.example", "null"])
def test_others_may_not(stranger: httpx.Client, origin: str) -> None:
    asked = preflight(stranger, origin, "/v1/threads:respond")
    called = stranger.get("/v1/threads", headers={"origin": origin})

    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in called.headers


def test_a_page_can_read_answers(http: httpx.Client) -> None:
    answer = http.get("/v1/threads", headers={"origin": PAGE})

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE


@pytest.mark.parametrize(
    "body, status", [(b'{"title": " "}', 400), (b"{bad", 400), (b'{"title": "' + b"x" * 5_000_000 + b'"}', 413)]
)
def test_a_page_can_read_errors(http: httpx.Client, body: bytes, status: int) -> None:
    answer = http.post("/v1/tasks", content=body, headers={"origin": PAGE})

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == PAGE
