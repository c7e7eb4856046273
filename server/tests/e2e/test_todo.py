"""The built-in application behind the doors: what a person asks for is there, also after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from .processes import running, token_in, widgetstream
from .sse import events, kind

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PORTS = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0"}


def say(client: httpx.Client, text: str, thread: str = "") -> list[dict[str, Any]]:
    path = f"/v1/threads/{thread}:respond" if thread else "/v1/threads:respond"
    with client.stream("POST", path, json={"text": text}) as answer:
        assert answer.status_code == 200
        return list(events(answer))


def widgets(received: list[dict[str, Any]]) -> list[dict[str, Any]]:
    items = [event["item_done"]["item"] for event in received if kind(event) == "item_done"]
    return [item["widget"]["widget"] for item in items if "widget" in item]


def test_a_task_outlives_the_server(tmp_path: Path) -> None:
    with running(widgetstream("up"), tmp_path, **PORTS) as program:
        url = program.first_line().split()[1]
        with client_of(url, tmp_path) as client:
            received = say(client, "add a task to buy milk")
            thread = received[0]["thread_id"]

            assert kind(received[-1]) == "run_completed"
            assert widgets(received), "no confirmation is shown"
        program.end()

    with (
        running(widgetstream("up"), tmp_path, **PORTS) as program,
        client_of(program.first_line().split()[1], tmp_path) as client,
    ):
        tasks = client.get("/v1/tasks").json()["tasks"]
        history = client.get(f"/v1/threads/{thread}/items").json()["items"]
        listed = say(client, "show me my tasks", thread)

        assert [task["title"].lower() for task in tasks] == ["buy milk"]
        assert [item for item in history if "user_message" in item]
        assert widgets(listed)[0]["list_view"]


def client_of(url: str, folder: Path) -> httpx.Client:
    """Return a client for a stack that was started in a folder."""
    bearer = f"Bearer {token_in(folder)}"
    return httpx.Client(base_url=url, headers={"authorization": bearer}, timeout=60, trust_env=False)
