"""A model's server that fails in each way it can: runs end in time, keep what was said, and leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.agents.raw_server import RawServer, Reply, data
from tests.agents.test_transcription import todo
from tests.rpc.conftest import no_settings_from_outside
from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.agents.models.streams.stream import LeanStream
from widgetstream_server.agents.models.transport.body import Body
from widgetstream_server.agents.models.transport.connection import Connection

__all__ = ["no_settings_from_outside"]

DEADLINE_SECONDS = 20.0

LATE = "The model did not answer in time. Try again in a moment."
AWAY = "The model's server cannot be reached. Try again in a moment."
UNUSABLE = "The model's answer could not be used. Try again in a moment."
FAILED = "The model failed. Try again in a moment."
BUSY = "The model is busy. Try again in a moment."
ACCESS = "The model's server refuses the access that is configured here."


def chunk(text: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def chat(*texts: str) -> list[bytes]:
    return data(*(chunk(text) for text in texts))


def responses(*texts: str) -> list[bytes]:
    part = {"type": "output_text", "text": "", "annotations": []}
    message = {"id": "m", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    where = {"item_id": "m", "output_index": 0, "content_index": 0}
    response = {"id": "r", "object": "response", "created_at": 0, "model": "m", "output": [], "status": "in_progress"}
    return data(
        {"type": "response.created", "sequence_number": 0, "response": response},
        {"type": "response.output_item.added", "sequence_number": 1, "output_index": 0, "item": message},
        {"type": "response.content_part.added", "sequence_number": 2, **where, "part": part},
        *(
            {"type": "response.output_text.delta", "sequence_number": 3 + place, **where, "delta": text, "logprobs": []}
            for place, text in enumerate(texts)
        ),
    )


BEGINNINGS = {"chat_completions": chat, "responses": responses}
# Half an event: the break comes within it.
TORN = b'data: {"choices":[{"index":0,"delta":{"content":"lo'


@asynccontextmanager
async def talking(folder: Path, url: str, **changes: Any) -> AsyncIterator[AsyncClient]:
    settings = {"openai_base_url": url, "openai_api": "chat_completions", "model": ("m",), "model_retries": 0}
    gc.unfreeze()
    async with todo(folder, **settings | {"shutdown_grace_seconds": 0.1} | changes) as client:
        # What is there when the server has warmed up is looked at no more: it must not be half a run.
        while not gc.get_freeze_count():  # noqa: ASYNC110 — the collector tells nobody
            await asyncio.sleep(0.005)
        yield client


async def ask(client: AsyncClient) -> list[WidgetEvent]:
    async with asyncio.timeout(DEADLINE_SECONDS):
        return [event async for event in client.respond("hello")]


def shape(received: Sequence[WidgetEvent]) -> tuple[str, bool, float | None, str]:
    """Return the reason, whether and when to try again, and the message of a run that failed."""
    failed = received[-1].run_failed
    after = failed.retry_after.ToTimedelta().total_seconds() if failed.HasField("retry_after") else None
    return ErrorReason.Name(failed.reason).removeprefix("ERROR_REASON_"), failed.allow_retry, after, failed.message


async def kept(client: AsyncClient, received: Sequence[WidgetEvent]) -> list[str]:
    """Return what the assistant said, as the thread has it now."""
    request = pb.ListItemsRequest(thread_id=received[0].thread_id)
    response: pb.ListItemsResponse = await client.call(client.chatkit.ListItems, request)
    return [
        "".join(part.text for part in item.assistant_message.content)
        for item in response.items
        if item.HasField("assistant_message")
    ]


def left_behind() -> tuple[int, int, int]:
    """Return how many connections are open, how many bodies are being read, and how many streams there are."""
    gc.collect()
    kinds = [each for each in gc.get_objects() if isinstance(each, (Connection, Body, LeanStream))]
    return (
        sum(isinstance(each, Connection) and not each.closed for each in kinds),
        sum(isinstance(each, Body) for each in kinds),
        sum(isinstance(each, LeanStream) for each in kinds),
    )


@pytest.mark.parametrize(
    "reply,expected",
    [
        (Reply(status=401), (False, None, ACCESS)),
        (Reply(status=429, headers={"retry-after": "7"}), (True, 7.0, BUSY)),
        (Reply(status=500), (True, None, FAILED)),
        (Reply(status=503, headers={"retry-after": "2"}), (True, 2.0, FAILED)),
        # What is no answer at all.
        (Reply([b"SSH-2.0-OpenSSH_9.7\r\n"], raw=True, then="silence"), (True, None, AWAY)),
        (Reply([b"HTTP/1.1 200 OK\r\nx: " + b"a" * 10_000_000], raw=True, then="silence"), (True, None, AWAY)),
        (Reply(raw=True, then="close"), (True, None, AWAY)),
        (Reply(raw=True, then="reset"), (True, None, AWAY)),
        # What is no stream of a response.
        (Reply([b"<html>not found</html>"]), (True, None, UNUSABLE)),
        (Reply([bytes(range(256)) * 100]), (True, None, UNUSABLE)),
        (Reply([b"data: [1, 2]\n\n"]), (True, None, UNUSABLE)),
        (Reply([b"data: {\xff}\n\n"]), (True, None, UNUSABLE)),
        (Reply(), (True, None, UNUSABLE)),
        (Reply([b"data: [DONE]\n\n"]), (True, None, UNUSABLE)),
        (Reply([b"data: " + b"a" * 1_000_000] + [b"a" * 1_000_000] * 9, then="silence"), (True, None, UNUSABLE)),
        # A refusal that never ends is read no further than it matters.
        (Reply([b"a" * 1_000_000] * 10, status=500, then="silence"), (True, None, FAILED)),
    ],
)
async def test_a_server_that_fails_before_it_has_said_anything(
    tmp_path: Path, reply: Reply, expected: tuple[bool, float | None, str]
) -> None:
    async with RawServer(reply) as server, talking(tmp_path, server.url) as client:
        received = await ask(client)
        answers = await kept(client, received)
        left = left_behind()

    assert shape(received) == ("MODEL_UNAVAILABLE", *expected)
    assert answers == []
    assert left == (left[0], 0, 0)
    # A connection whose answer came whole may serve the next request.
    assert left[0] <= (reply.then == "end")


@pytest.mark.parametrize("api", ["chat_completions", "responses"])
@pytest.mark.parametrize(
    "rest,then,expected",
    [
        ([TORN], "reset", (True, None, AWAY)),
        ([TORN], "silence", (True, None, LATE)),
        ([TORN], "close", (True, None, UNUSABLE)),
        ([TORN], "end", (True, None, UNUSABLE)),
        ([b"data: so}\n\n"], "end", (True, None, UNUSABLE)),
        ([b"x" * 1_000_000] * 10, "silence", (True, None, UNUSABLE)),
        (data({"error": {"message": "secret", "code": "rate_limit_exceeded"}}), "end", (True, None, BUSY)),
        (data({"error": {"message": "secret", "code": 500}}), "end", (True, None, FAILED)),
        (data({"error": {"message": "secret", "type": "insufficient_quota"}}), "end",
         (False, None, "The quota of the model is used up.")),
        (data({"error": "secret"}), "silence", (True, None, FAILED)),
        ([b'error: {"code": 500, "message": "secret"}\n\n'], "end", (True, None, FAILED)),
    ],
)  # fmt: skip
async def test_a_server_that_fails_in_the_middle_of_its_answer(
    tmp_path: Path,
    api: str,
    rest: list[bytes],
    then: Any,
    expected: tuple[bool, float | None, str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    reply = Reply([*BEGINNINGS[api]("Hel", "lo"), *rest], then=then)
    changes = {"openai_api": api, "model_timeout_seconds": 0.3}
    async with RawServer(reply) as server, talking(tmp_path, server.url, **changes) as client:
        received = await ask(client)
        answers = await kept(client, received)
        left = left_behind()

    assert shape(received) == ("MODEL_UNAVAILABLE", *expected)
    assert answers == ["Hello"]
    assert left[1:] == (0, 0)
    assert left[0] <= (then == "end")
    assert "secret" not in str(received) + "".join(capfd.readouterr())


async def test_a_server_that_refuses_connections(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with talking(tmp_path, f"http://127.0.0.1:{unused.getsockname()[1]}/v1") as client:
            received = await ask(client)
            left = left_behind()

    assert shape(received) == ("MODEL_UNAVAILABLE", True, None, AWAY)
    assert left == (0, 0, 0)


@pytest.mark.parametrize("said", [(), ("Hel", "lo")])
async def test_a_run_ends_at_its_deadline_though_the_model_stalls(tmp_path: Path, said: tuple[str, ...]) -> None:
    # A comment now and then is no answer: a server that sends these alone does not hold a run for ever.
    stalled = Reply([*chat(*said), b": ping\n\n"], then="silence") if said else Reply(raw=True, then="silence")
    async with RawServer(stalled) as server, talking(tmp_path, server.url, max_run_seconds=0.5) as client:
        received = await ask(client)
        async with asyncio.timeout(DEADLINE_SECONDS):
            await server.nobody_connected()
        answers = await kept(client, received)
        left = left_behind()

    assert shape(received)[:2] == ("RUN_LIMIT_EXCEEDED", True)
    assert answers == (["Hello"] if said else [])
    assert left == (0, 0, 0)


async def test_a_cancel_closes_the_connection_to_the_model_and_keeps_what_was_said(tmp_path: Path) -> None:
    received: list[WidgetEvent] = []
    stalled = Reply(chat("Hel", "lo"), then="silence")
    async with RawServer(stalled) as server, talking(tmp_path, server.url) as client, asyncio.timeout(DEADLINE_SECONDS):
        async for event in client.respond("hello"):
            received.append(event)
            if event.item_updated.update.text_delta.delta:
                await client.call(client.chatkit.CancelRun, pb.CancelRunRequest(run_id=received[0].run_id))
                await server.nobody_connected()
        answers = await kept(client, received)
        left = left_behind()

    assert received[-1].HasField("run_canceled")
    assert answers == ["Hello"]
    assert left == (0, 0, 0)


@pytest.mark.parametrize("then", ["reset", "silence"])
async def test_a_hundred_failures_leave_no_more_behind_than_one(tmp_path: Path, then: Any) -> None:
    torn = Reply([*chat("Hello"), TORN], then=then)
    async with RawServer(torn) as server, talking(tmp_path, server.url, model_timeout_seconds=0.3) as client:
        for _ in range(4):
            await ask(client)
        left_behind()
        tasks, objects = len(asyncio.all_tasks()), len(gc.get_objects())
        await asyncio.gather(*(ask(client) for _ in range(100)))
        async with asyncio.timeout(DEADLINE_SECONDS):
            await server.nobody_connected()
            # What the server does now and then by itself may be under way in either moment.
            while len(asyncio.all_tasks()) > tasks:  # noqa: ASYNC110 — tasks tell nobody
                await asyncio.sleep(0.005)
        server.bodies.clear()
        left = left_behind()
        objects_after = len(gc.get_objects())

    assert left == (0, 0, 0)
    # What ended runs keep of their events, for readers who come back, is some tens of objects each.
    assert objects_after - objects < 100 * 100


async def test_a_passing_failure_before_the_answer_is_overcome_unseen(tmp_path: Path) -> None:
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    whole = Reply([*chat("Hello"), *data({**chunk(""), "choices": [end]}, "[DONE]")])
    busy = Reply(status=503, headers={"retry-after-ms": "1"})
    async with RawServer(busy, whole) as server, talking(tmp_path, server.url, model_retries=1) as client:
        received = await ask(client)
        answers = await kept(client, received)

    assert received[-1].HasField("run_completed")
    assert received[-1].run_completed.usage.requests == 1
    assert answers == ["Hello"]
    assert len(server.bodies) == 2


async def test_a_person_does_not_wait_for_a_server_that_says_to_come_back_later(tmp_path: Path) -> None:
    busy = Reply(status=429, headers={"retry-after": "60"})
    async with RawServer(busy) as server, talking(tmp_path, server.url, model_retries=2) as client:
        received = await ask(client)

    assert shape(received) == ("MODEL_UNAVAILABLE", True, 60.0, BUSY)
    assert len(server.bodies) == 1
