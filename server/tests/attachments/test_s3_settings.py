"""The whole server on an S3-compatible store, chosen by settings."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.attachments.files import TEXT, delete, download, uploaded
from tests.attachments.listening_app import ListeningApp
from tests.attachments.s3_server import BUCKET, s3_server
from tests.rpc.conftest import settings_for, token_for
from widgetstream import AsyncClient
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.settings import SettingsError, load_settings


async def test_content_is_in_the_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with s3_server() as server:
        settings = settings_for(
            tmp_path,
            attachments_s3_bucket=BUCKET,
            attachments_s3_endpoint=server.url,
            attachments_s3_access_key_id="test",
            attachments_s3_secret_access_key="test",
        )
        async with Application(settings, Parts(app=lambda _: ListeningApp())) as application:
            token = token_for(DevelopmentKey.load_or_create(tmp_path / "keys"), "ada")
            async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
                attachment = await uploaded(client)
                stored = await asyncio.to_thread(server.names)
                _, content = await download(client, attachment.id)
                await delete(client, attachment.id)
        left = await asyncio.to_thread(server.names)

    assert [name.partition("/")[0] for name in stored] == [attachment.id]
    assert content == TEXT
    assert left == []
    assert not (tmp_path / "attachments").exists()


def test_a_key_without_its_secret_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIDGETSTREAM_ATTACHMENTS_S3_ACCESS_KEY_ID", "id")
    with pytest.raises(SettingsError, match="ATTACHMENTS_S3_SECRET_ACCESS_KEY: must be set together with the key id"):
        load_settings()
