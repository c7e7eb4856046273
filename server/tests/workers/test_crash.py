"""A server process is killed while another one serves the same database: its runs end there, within seconds."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.processes import PATIENCE, Program, free_port, token_in, widgetstream
from tests.rpc.conftest import kinds, read
from tests.rpc.test_busy_threads import ENQUEUE, INTERRUPT, first_of, said
from widgetstream import AsyncClient
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.client.asynchronous import RunStream
from widgetstream_server.conversation.journal import frames_after
from widgetstream_server.storage import Database, JournalRepository

pytestmark = pytest.mark.slow


@dataclass
class Server:
    """A server process."""

    program: Program
    client: AsyncClient

    async def kill(self) -> None:
        self.program.signal(signal.SIGKILL)
        await asyncio.to_thread(self.program.ended)


class Servers:
    """Starts servers on one database. They end with the test."""

    def __init__(self, folder: Path, database_url: str, stack: AsyncExitStack) -> None:
        self._folder = folder
        self._database_url = database_url
        self._stack = stack
        self._started = 0
        self._token: asyncio.Task[str] | None = None

    async def start(self) -> Server:
        self._started += 1
        port = free_port()
        settings = {
            "WIDGETSTREAM_GRPC_PORT": str(port),
            "WIDGETSTREAM_DATABASE_URL": self._database_url,
            "WIDGETSTREAM_APP": "tests.faults.talking_app:create",
            "WIDGETSTREAM_LOG_LEVEL": "warning",
        }
        program = Program(widgetstream("serve"), self._folder, settings, f"serve_{self._started}")
        self._stack.callback(program.end)
        if self._token is None:
            self._token = asyncio.create_task(asyncio.to_thread(token_in, self._folder))
        await asyncio.to_thread(program.first_line)
        client = AsyncClient(f"127.0.0.1:{port}", token=await self._token)
        return Server(program, await self._stack.enter_async_context(client))


@pytest.fixture
async def servers(tmp_path: Path, database_url: str) -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        yield Servers(tmp_path, database_url, stack)


def is_interrupted(event: WidgetEvent) -> bool:
    return event.run_failed.reason == ErrorReason.ERROR_REASON_RUN_INTERRUPTED


async def talking(client: AsyncClient, thread_id: str = "") -> RunStream:
    """A run that has said a message and some words of the next."""
    stream = client.respond("talk", thread_id=thread_id)
    async for event in stream:
        if event.item_updated.update.text_delta.delta.startswith("1."):
            break
    return stream


async def rambling(client: AsyncClient) -> RunStream:
    """A run that is in the middle of a message, and stays there."""
    stream = client.respond("ramble")
    async for event in stream:
        if event.item_updated.update.text_delta.delta:
            break
    return stream


async def journaled_words(database_url: str, run_id: str) -> None:
    """Wait until the journal has some words of a run."""
    database = await Database.open(database_url)
    try:
        journal = JournalRepository(database)
        async with asyncio.timeout(PATIENCE):
            while "item_updated" not in kinds(await recorded(journal, run_id)):  # noqa: ASYNC110 — of another process
                await asyncio.sleep(0.02)
    finally:
        await database.close()


async def recorded(journal: JournalRepository, run_id: str) -> list[WidgetEvent]:
    found = await journal.read("dev:ada", run_id, 0)
    return [WidgetEvent.FromString(frame) for frame in frames_after(found.entries, 0)]


async def test_the_other_ends_the_runs_of_a_killed_process_and_goes_on(servers: Servers, database_url: str) -> None:
    a, b = await asyncio.gather(servers.start(), servers.start())
    elsewhere = await talking(b.client)
    stream = await rambling(a.client)
    waiting = a.client.respond("steps 1", thread_id=stream.thread_id, concurrency=ENQUEUE)
    await first_of(waiting)
    reading = asyncio.create_task(read(b.client.subscribe(stream.run_id)))
    queued = asyncio.create_task(read(b.client.subscribe(waiting.run_id)))
    await first_of(b.client.subscribe(stream.run_id))
    await journaled_words(database_url, stream.run_id)
    await a.kill()
    received, of_queued = await reading, await queued
    replayed = await read(b.client.subscribe(stream.run_id))
    texts = await said(b.client, stream.thread_id)
    again = await read(b.client.respond("steps 1", thread_id=stream.thread_id))
    rest = await read(b.client.subscribe(elsewhere.run_id, elsewhere.sequence))

    assert is_interrupted(received[-1])
    assert [event.sequence for event in received] == list(range(1, len(received) + 1))
    assert kinds(of_queued) == ["run_started", "error", "item_done", "run_failed"]
    assert is_interrupted(of_queued[-1])
    assert texts == ["ramble", "steps 1"]
    assert kinds(again)[-1] == "run_completed"
    assert kinds(rest)[-1] == "run_completed"
    # What the reader had got and the journal had not: then it has the end under higher numbers, and all of it.
    ending = kinds(replayed)[kinds(replayed).index("error") :]
    assert ending == ["error", "item_done", "run_failed"]
    assert kinds(received)[-3:] == ending


async def test_a_killed_process_that_is_started_again_finds_its_runs(servers: Servers) -> None:
    a, b = await asyncio.gather(servers.start(), servers.start())
    stream = await talking(a.client)
    await a.kill()
    again = await servers.start()
    ended = await read(again.client.subscribe(stream.run_id))
    new = await talking(again.client, stream.thread_id)
    received = await read(b.client.subscribe(new.run_id))

    assert is_interrupted(ended[-1])
    assert kinds(received)[-1] == "run_completed"


async def test_a_request_that_comes_just_after_the_kill_is_served(servers: Servers) -> None:
    a, b = await asyncio.gather(servers.start(), servers.start())
    stream = await talking(a.client)
    await a.kill()
    received = await read(b.client.respond("steps 1", thread_id=stream.thread_id))
    ended = await b.client.cancel_run(stream.run_id)

    assert kinds(received)[-1] == "run_completed"
    assert ended.HasField("end_time")


async def test_an_interrupt_of_a_killed_process_s_run_goes(servers: Servers) -> None:
    a, b = await asyncio.gather(servers.start(), servers.start())
    stream = await talking(a.client)
    await a.kill()
    received = await read(b.client.respond("steps 1", thread_id=stream.thread_id, concurrency=INTERRUPT))

    assert kinds(received)[-1] == "run_completed"


async def test_a_process_alone_ends_what_the_one_before_it_has_left(servers: Servers) -> None:
    a = await servers.start()
    stream = await talking(a.client)
    waiting = a.client.respond("steps 1", thread_id=stream.thread_id, concurrency=ENQUEUE)
    await first_of(waiting)
    await a.kill()
    b = await servers.start()
    found = await b.client.get_thread(stream.thread_id)
    ended = [await read(b.client.subscribe(run_id)) for run_id in (stream.run_id, waiting.run_id)]

    assert not found.HasField("active_run")
    assert all(is_interrupted(received[-1]) for received in ended)
    assert await said(b.client, stream.thread_id) == ["talk", "steps 1"]
