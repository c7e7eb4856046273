"""The true server with a folder for content, and a clock that tests can turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.attachments.listening_app import ListeningApp
from tests.rpc.conftest import no_settings_from_outside, settings_for, token_for
from widgetstream import AsyncClient
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.conversation.system import SystemClock

__all__ = ["no_settings_from_outside"]


class TurnedClock(SystemClock):
    """The machine's clock, and how far tests have turned it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@dataclass(frozen=True)
class Served:
    application: Application
    app: ListeningApp
    clock: TurnedClock
    folder: Path
    key: DevelopmentKey

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.application.port}"

    def client(self, user: str = "ada", **options: Any) -> AsyncClient:
        token = token_for(self.key, user, now=datetime.now(UTC) + self.clock.ahead)
        return AsyncClient(self.address, token=token, **options)

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
async def served(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    app, clock = ListeningApp(), TurnedClock()
    changes = getattr(request, "param", {})
    settings = settings_for(tmp_path, shutdown_grace_seconds=0.1, **changes)
    async with Application(settings, Parts(app=lambda _: app, clock=clock)) as application:
        key = DevelopmentKey.load_or_create(tmp_path / "keys")
        yield Served(application, app, clock, tmp_path / "attachments", key)


@pytest.fixture
async def client(served: Served) -> AsyncIterator[AsyncClient]:
    async with served.client() as client:
        yield client


@pytest.fixture
async def stranger(served: Served) -> AsyncIterator[AsyncClient]:
    async with served.client("mallory") as client:
        yield client
