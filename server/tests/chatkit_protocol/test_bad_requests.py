"""Requests that cannot be served are refused before anything is streamed, with the place of the fault, never as a fault
of the server.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given, settings

from .bad_requests import BAD_REQUESTS
from .client import ChatKitClient, Reply
from .conftest import Running, serving
from .requests import PARAMS, bodies, filled
from .scripts import OurApp

# FUZZ_EXAMPLES=100000 for a long run, FUZZ_SEED=<number> for another one.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3000"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
BATCH = 1000
PATIENCE_SECONDS = 30

# Refusals, and success. INTERNAL, UNKNOWN, UNAVAILABLE and DEADLINE_EXCEEDED are faults of the server.
ANSWERS = {
    "OK",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "FAILED_PRECONDITION",
    "RESOURCE_EXHAUSTED",
    "ABORTED",
    "ALREADY_EXISTS",
    "UNIMPLEMENTED",
}


@pytest.fixture
async def scripted(tmp_path: Path) -> AsyncIterator[Running]:
    async with serving(tmp_path, OurApp) as running:
        yield running


@pytest.fixture
async def ids(scripted: Running) -> dict[str, str]:
    others = await scripted.stranger.say("text")
    events = await scripted.client.say("text")
    return {
        "thread": events[0]["thread"]["id"],
        "item": events[1]["item"]["id"],
        "other_thread": others[0]["thread"]["id"],
    }


async def test_each_is_refused_as_the_table_says_and_leaves_nothing(
    scripted: Running, ids: dict[str, str], subtests: pytest.Subtests
) -> None:
    before = await everything(scripted.client, ids)
    for case in BAD_REQUESTS:
        with subtests.test(case.name):
            reply = await scripted.client.post(case.sent(ids), case.said())
            assert (reply.code, reply.reason, list(reply.fields)) == (case.code, case.reason, [case.field])

    assert await everything(scripted.client, ids) == before


async def test_many_faults_at_once_are_told_in_what_a_client_takes(scripted: Running, ids: dict[str, str]) -> None:
    params = filled(PARAMS["items.feedback"], ids) | {"item_ids": [""] * 300}
    reply = await scripted.client.post({"type": "items.feedback", "params": params})

    assert (reply.code, reply.reason) == ("INVALID_ARGUMENT", "INVALID_ARGUMENT")
    assert "params.item_ids[0]" in reply.fields


async def everything(client: ChatKitClient, ids: dict[str, str]) -> Any:
    return [await client.ask("threads.list"), await client.ask("items.list", thread_id=ids["thread"])]


@pytest.mark.slow
@pytest.mark.timeout(60 + EXAMPLES / 10)
async def test_no_request_is_a_fault_of_the_server(scripted: Running, ids: dict[str, str]) -> None:
    for seed in range(0, EXAMPLES, BATCH):
        for body in drawn(ids, seed, min(BATCH, EXAMPLES - seed)):
            async with asyncio.timeout(PATIENCE_SECONDS):
                reply: Reply = await scripted.client.post(body)
            assert reply.code in ANSWERS, (body, reply)
            assert reply.code == "OK" or reply.reason, (body, reply)
            assert reply.code != "INVALID_ARGUMENT" or reply.fields or reply.reason != "INVALID_ARGUMENT", body


def drawn(ids: dict[str, str], seed: int, many: int) -> list[bytes]:
    """Draw bodies: others for each seed."""
    found: list[bytes] = []

    @hypothesis.seed(seed + SEED)
    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), max_examples=many)
    @given(body=bodies(ids))
    def draw(body: bytes) -> None:
        found.append(body)

    draw()
    return found
