"""The database is away for a while: calls are told so, runs under way wait for it, and nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from tests.rpc.conftest import Running, kinds, read
from widgetstream import AsyncClient, UnavailableError
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream_server.conversation import journal
from widgetstream_server.conversation.errors import DependencyUnavailableError
from widgetstream_server.storage import Database


class Outage:
    """Lets a database refuse everything for as long as it lasts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refused = 0
        self.over = asyncio.Event()
        whole = Database._run

        async def refusing(database: Database, work: object, *, write: bool) -> object:
            if not self.over.is_set():
                self.refused += 1
                raise DependencyUnavailableError("database")
            return await whole(database, work, write=write)  # type: ignore[arg-type]  # handed on as it came

        monkeypatch.setattr(Database, "_run", refusing)

    async def until_refused(self, times: int) -> None:
        while self.refused < times:  # noqa: ASYNC110  # what is counted has no event
            await asyncio.sleep(0.01)


async def test_a_run_outlives_an_outage_and_loses_nothing(
    running: Running, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = client.respond("hang")
    events = aiter(stream)
    received = [await anext(events)]
    async for event in events:
        received.append(event)
        if "word3" in event.item_updated.update.text_delta.delta:
            break
    await asyncio.sleep(2 * journal.WINDOW_SECONDS)
    outage = Outage(monkeypatch)
    reading = asyncio.create_task(read(client.subscribe(stream.run_id, received[-1].sequence)))
    running.app.released.set()
    await outage.until_refused(3)
    with pytest.raises(UnavailableError) as refused:
        await client.get_thread(stream.thread_id)
    during = reading.done()
    outage.over.set()
    received += await reading
    items = [item async for item in client.list_items(stream.thread_id)]
    again = await read(client.respond("say 1", thread_id=stream.thread_id))

    assert refused.value.reason == "DEPENDENCY_UNAVAILABLE"
    assert refused.value.retry_after is not None
    assert not during
    assert kinds(received)[-2:] == ["item_done", "run_completed"]
    assert [event.sequence for event in received] == list(range(1, len(received) + 1))
    assert items[-1] == received[-2].item_done.item
    assert kinds(again)[-1] == "run_completed"


async def test_a_cancel_during_an_outage_is_stored_after_it(
    running: Running, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = client.respond("hang")
    async for event in stream:
        if "word3" in event.item_updated.update.text_delta.delta:
            break
    outage = Outage(monkeypatch)
    canceling = asyncio.create_task(client.cancel_run(stream.run_id))
    await outage.until_refused(2)
    outage.over.set()
    canceled = await canceling
    items = [item async for item in client.list_items(stream.thread_id)]

    assert canceled.state == RunState.RUN_STATE_CANCELED
    assert items[-1].assistant_message.content[0].text == "word1 word2 word3 "


async def test_a_file_that_another_process_locks_is_an_outage_too(running: Running, client: AsyncClient) -> None:
    stream = client.respond("hang")
    async for _ in stream:
        break
    holder = sqlite3.connect(running.settings.data_dir / "widgetstream.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    running.app.released.set()
    reading = asyncio.create_task(read(client.subscribe(stream.run_id, stream.sequence)))
    await asyncio.sleep(0.2)
    holder.execute("ROLLBACK")
    holder.close()
    received = await reading

    assert kinds(received)[-1] == "run_completed"
