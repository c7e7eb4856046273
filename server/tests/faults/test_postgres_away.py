"""A PostgreSQL server is stopped for five seconds and started again: calls are told so, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rpc.conftest import kinds, read, settings_for, token_for
from tests.rpc.scripted_app import ScriptedApp
from tests.storage.postgres_server import PostgresServer, postgres_server
from widgetstream import AsyncClient, UnavailableError
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.storage import migrate

AWAY_SECONDS = 5.0

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A server of this module's own: it goes away."""
    with postgres_server() as server:
        yield server


async def test_five_seconds_without_a_database_lose_nothing(own_postgres: PostgresServer, tmp_path: Path) -> None:
    url = own_postgres.new_database()
    await migrate.upgrade(url)
    settings = settings_for(tmp_path, database_url=url, shutdown_grace_seconds=0.1)
    app = ScriptedApp()
    async with Application(settings, Parts(app=lambda _: app)) as application:
        token = token_for(DevelopmentKey.load_or_create(settings.key_dir), "ada")
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            stream = client.respond("hang")
            events = aiter(stream)
            received = []
            async for event in events:
                received.append(event)
                if "word3" in event.item_updated.update.text_delta.delta:
                    break
            await asyncio.to_thread(own_postgres.stop)
            app.released.set()
            refusals = await ask_until_it_is_back(client, stream.thread_id, own_postgres)
            received += [event async for event in events]
            items = [item async for item in client.list_items(stream.thread_id)]
            again = await read(client.respond("say 1", thread_id=stream.thread_id))

    assert {refused.reason for refused in refusals} == {"DEPENDENCY_UNAVAILABLE"}
    assert [event.sequence for event in received] == list(range(1, len(received) + 1))
    assert kinds(received)[-2:] == ["item_done", "run_completed"]
    assert items[-1] == received[-2].item_done.item
    assert kinds(again)[-1] == "run_completed"


async def ask_until_it_is_back(client: AsyncClient, thread_id: str, server: PostgresServer) -> list[UnavailableError]:
    """Ask for as long as the server is away, then start it, and return how the questions were refused."""
    refusals = []
    back_at = asyncio.get_running_loop().time() + AWAY_SECONDS
    while asyncio.get_running_loop().time() < back_at:
        with pytest.raises(UnavailableError) as refused:
            await client.get_thread(thread_id)
        refusals.append(refused.value)
        await asyncio.sleep(refused.value.retry_after or 0)
    await asyncio.to_thread(server.start)
    return refusals
