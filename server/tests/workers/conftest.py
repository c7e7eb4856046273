"""Two true servers in this process, on free ports, with one database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rpc.conftest import no_settings_from_outside, settings_for, token_for
from tests.rpc.scripted_app import ScriptedApp
from tests.storage.conftest import database_url, migrated_file, migrated_postgres, postgres, used_url
from widgetstream import AsyncClient
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.settings import Settings

__all__ = ["database_url", "migrated_file", "migrated_postgres", "no_settings_from_outside", "postgres", "used_url"]


@dataclass(frozen=True)
class Side:
    """One of the servers, and a client of it."""

    application: Application
    app: ScriptedApp
    client: AsyncClient
    stranger: AsyncClient
    settings: Settings

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.application.port}"

    def token(self, user: str = "ada") -> str:
        return token_for(DevelopmentKey.load_or_create(self.settings.key_dir), user)


@dataclass(frozen=True)
class Pair:
    """The servers. What `a` begins, `b` is asked for."""

    a: Side
    b: Side


async def open_side(stack: AsyncExitStack, settings: Settings) -> Side:
    """Start a server. It is stopped when the stack is closed."""
    app = ScriptedApp()
    stack.callback(app.released.set)
    application = await stack.enter_async_context(Application(settings, Parts(app=lambda _: app)))
    address = f"127.0.0.1:{application.port}"
    key = DevelopmentKey.load_or_create(settings.key_dir)
    clients = [
        await stack.enter_async_context(AsyncClient(address, token=token_for(key, user))) for user in ("ada", "mallory")
    ]
    return Side(application, app, clients[0], clients[1], settings)


@pytest.fixture
def both_settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path / "data", database_url=database_url, shutdown_grace_seconds=0.1)


@pytest.fixture
async def pair(both_settings: Settings) -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        a = await open_side(stack, both_settings)
        b = await open_side(stack, both_settings)
        yield Pair(a, b)
