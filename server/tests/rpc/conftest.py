"""The true server, in this process, on a free port, with a database of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest

from widgetstream import AsyncClient
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.client.asynchronous import RunStream
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.settings import Settings

from .scripted_app import ScriptedApp

MakeClient = Callable[..., AsyncClient]


@dataclass(frozen=True)
class Running:
    application: Application
    app: ScriptedApp
    address: str
    settings: Settings

    def token(self, user: str = "ada", *, ttl: timedelta = timedelta(hours=1), now: datetime | None = None) -> str:
        key = DevelopmentKey.load_or_create(self.settings.data_dir / "keys")
        return token_for(key, user, ttl=ttl, now=now)

    def metadata(self, user: str = "ada") -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token(user)}"),)


def token_for(
    key: DevelopmentKey, user: str, *, ttl: timedelta = timedelta(hours=1), now: datetime | None = None
) -> str:
    return key.sign(user, ttl, now or datetime.now(UTC))


def settings_for(folder: Path, **changes: Any) -> Settings:
    return Settings(data_dir=folder, grpc_port=0, log_level="info", **changes)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("WIDGETSTREAM_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def running(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    app = ScriptedApp()
    changes = getattr(request, "param", {})
    settings = settings_for(tmp_path, shutdown_grace_seconds=0.1, **changes)
    async with Application(settings, Parts(app=lambda _: app)) as application:
        yield Running(application, app, f"127.0.0.1:{application.port}", settings)
        app.released.set()


@pytest.fixture
async def client(running: Running) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(running.address, token=running.token()) as client:
        yield client


@pytest.fixture
async def stranger(running: Running) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(running.address, token=running.token("mallory")) as client:
        yield client


@pytest.fixture
async def channel(running: Running) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(running.address) as channel:
        yield channel


async def read(stream: RunStream) -> list[WidgetEvent]:
    return [event async for event in stream]


def kinds(received: list[WidgetEvent]) -> list[str]:
    return [event.WhichOneof("event") or "" for event in received]
