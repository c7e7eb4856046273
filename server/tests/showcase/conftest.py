"""The true server with the showcase as its application."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from widgetstream import AsyncClient
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.client.asynchronous import RunStream
from widgetstream_server.app import Application
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.settings import Settings


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("WIDGETSTREAM_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[AsyncClient]:
    settings = Settings(
        data_dir=tmp_path,
        grpc_port=0,
        shutdown_grace_seconds=0.1,
        app="widgetstream_server.showcase:create",
    )
    async with Application(settings) as application:
        token = DevelopmentKey.load_or_create(tmp_path / "keys").sign("ada", timedelta(hours=1), datetime.now(UTC))
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            yield client


async def read(stream: RunStream) -> list[WidgetEvent]:
    return [event async for event in stream]


def kinds(received: list[WidgetEvent]) -> list[str]:
    return [event.WhichOneof("event") or "" for event in received]


def said(received: list[WidgetEvent]) -> str:
    """The text of the last message that is done."""
    items = [event.item_done.item for event in received if event.HasField("item_done")]
    return [item.assistant_message.content[0].text for item in items if item.HasField("assistant_message")][-1]
