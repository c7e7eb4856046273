"""What people attach reaches the model of the built-in app, and nobody else's does."""

from __future__ import annotations

import json
from pathlib import Path

from agents.testing import ModelStep, ScriptedModel, assistant_message

from tests.attachments.files import PNG, TEXT, uploaded
from tests.attachments.test_messages import send
from tests.rpc.conftest import settings_for, token_for
from widgetstream import AsyncClient
from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey


async def test_the_model_sees_images_and_reads_texts(tmp_path: Path) -> None:
    model = ScriptedModel([ModelStep([assistant_message("A list, and a dot.")])])
    parts = Parts(models=ModelCatalog({"scripted": model}))
    async with Application(settings_for(tmp_path), parts) as application:
        token = token_for(DevelopmentKey.load_or_create(tmp_path / "keys"), "ada")
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            image, text = await uploaded(client, PNG, "image/png"), await uploaded(client)
            thread_id, _ = await send(client, image, text)
            items = [item async for item in client.list_items(thread_id)]
    given = json.dumps(model.calls[0].input, ensure_ascii=False)

    assert items[-1].assistant_message.content[0].text == "A list, and a dot."
    assert "data:image/png;base64,iVBORw0KGgo" in given
    assert TEXT.decode().strip() in given


async def test_the_offline_model_takes_no_file_for_an_order(tmp_path: Path) -> None:
    async with Application(settings_for(tmp_path)) as application:
        token = token_for(DevelopmentKey.load_or_create(tmp_path / "keys"), "ada")
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            order = await uploaded(client, b"add a task to rob a bank")
            thread_id, _ = await send(client, order, text="add a task to buy milk")
            said = str([item async for item in client.list_items(thread_id)])

    assert "buy milk" in said.lower()
    assert "bank" not in said
