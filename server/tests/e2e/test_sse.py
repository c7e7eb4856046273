"""Runs as server-sent events."""

from __future__ import annotations

import httpx
import pytest

from .errors import reason_of
from .sse import events, kind

pytestmark = pytest.mark.e2e


def test_events_arrive_one_by_one(http: httpx.Client) -> None:
    with http.stream("POST", "/v1/threads:respond", json={"text": "steps 3"}) as answer:
        received = events(answer)
        seen = [next(received)]
        thread = seen[0]["thread_id"]
        while kind(seen[-1]) != "item_added":
            seen.append(next(received))
        texts = []
        for _ in range(3):
            # The server has nothing more to send now: what was sent has arrived.
            released = http.post(f"/v1/threads/{thread}:syncAction", json={"action": {"type": "go"}})
            assert released.status_code == 200
            seen.append(next(received))
            texts.append(seen[-1]["item_updated"]["update"]["text_delta"]["delta"])
        seen.extend(received)

    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-store"
    assert texts == ["word1 ", "word2 ", "word3 "]
    assert kind(seen[-1]) == "run_completed"
    assert [event["sequence"] for event in seen] == list(range(1, len(seen) + 1))


def test_a_stream_that_was_cut_goes_on_where_it_ended(http: httpx.Client) -> None:
    with http.stream("POST", "/v1/threads:respond", json={"text": "steps 1"}) as answer:
        first = next(events(answer))
    http.post(f"/v1/threads/{first['thread_id']}:syncAction", json={"action": {"type": "go"}})
    with http.stream("GET", f"/v1/runs/{first['run_id']}:subscribe", params={"after_sequence": 1}) as answer:
        rest = list(events(answer))

    assert [event["sequence"] for event in rest] == list(range(2, len(rest) + 2))
    assert kind(rest[-1]) == "run_completed"


def test_large_events_pass(http: httpx.Client) -> None:
    size = 400_000
    with http.stream("POST", "/v1/threads:respond", json={"text": f"large {size}"}) as answer:
        items = [event["item_done"]["item"] for event in events(answer) if kind(event) == "item_done"]

    assert len(items[-1]["assistant_message"]["content"][0]["text"]) == size


def test_what_fails_before_the_first_event_has_a_status(http: httpx.Client) -> None:
    answer = http.post("/v1/threads/thr_unknown:respond", json={"text": "hello"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert reason_of(answer.json()) == "THREAD_NOT_FOUND"
