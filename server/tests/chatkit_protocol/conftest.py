"""The true server, in this process, with the showcase as its application."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest

from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.settings import Settings
from widgetstream_server.showcase import ShowcaseApp

from .client import ChatKitClient


@dataclass(frozen=True)
class Running:
    """A server that serves.

    Attributes:
        application: The server.
        client: Calls of one person.
        stranger: Calls of another.
    """

    application: Application
    client: ChatKitClient
    stranger: ChatKitClient


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("WIDGETSTREAM_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def serving(folder: Path, app: Callable[[], ChatKitServer], **changes: object) -> AsyncIterator[Running]:
    """Serve an application."""
    settings = Settings.model_validate(
        {"data_dir": folder, "grpc_port": 0, "shutdown_grace_seconds": 0.1, "log_level": "error", **changes}
    )
    async with Application(settings, Parts(app=lambda _: app())) as application:
        key = DevelopmentKey.load_or_create(folder / "keys")
        ada, mallory = (key.sign(user, timedelta(hours=1), datetime.now(UTC)) for user in ("ada", "mallory"))
        async with grpc.aio.insecure_channel(f"127.0.0.1:{application.port}") as channel:
            yield Running(application, ChatKitClient(channel, ada), ChatKitClient(channel, mallory))


@pytest.fixture
async def running(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    async with serving(tmp_path, ShowcaseApp, **getattr(request, "param", {})) as running:
        yield running


@pytest.fixture
def client(running: Running) -> ChatKitClient:
    return running.client
