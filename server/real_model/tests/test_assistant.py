"""The assistant on a real model: text streams, tools are called, and a cancel ends the model's work.

So small a model says little that makes sense, and none of it is looked at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from agents import Agent, Model, ModelSettings, RunContextWrapper, function_tool

from tests.agents.scene import Play, Scene
from tests.rpc.conftest import settings_for, token_for
from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.agents import AgentContext, run_agent
from widgetstream_server.agents.models.openai import ModelConfig, build_catalog
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RunContext

from .conftest import CONTEXT_TOKENS, MODEL, ModelServer

# On a machine that does much else a prompt takes minutes.
pytestmark = pytest.mark.timeout(600)
PATIENCE = 300.0


@asynccontextmanager
async def talking(folder: Path, server: ModelServer, parts: Parts | None = None) -> AsyncIterator[AsyncClient]:
    settings: dict[str, Any] = {"openai_base_url": server.url, "openai_api": "chat_completions", "model": (MODEL,)}
    async with Application(settings_for(folder, **settings, model_timeout_seconds=PATIENCE), parts) as application:
        token = token_for(DevelopmentKey.load_or_create(folder / "keys"), "ada")
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            yield client


@asynccontextmanager
async def model_of(server: ModelServer) -> AsyncIterator[Model]:
    catalog = build_catalog(ModelConfig(None, (MODEL,), server.url, "chat_completions", timeout=PATIENCE))
    try:
        yield catalog.get()
    finally:
        await catalog.close()


def delta_of(event: WidgetEvent) -> str:
    return event.item_updated.update.text_delta.delta


def text_of(received: list[WidgetEvent]) -> str:
    return "".join(delta_of(event) for event in received)


async def cancel(client: AsyncClient, received: list[WidgetEvent]) -> None:
    await client.call(client.chatkit.CancelRun, pb.CancelRunRequest(run_id=received[0].run_id))


async def kept(client: AsyncClient, received: list[WidgetEvent]) -> list[str]:
    """Return what the assistant has said, as the thread has it now."""
    request = pb.ListItemsRequest(thread_id=received[0].thread_id)
    found: pb.ListItemsResponse = await client.call(client.chatkit.ListItems, request)
    said = [item.assistant_message for item in found.items if item.HasField("assistant_message")]
    return ["".join(part.text for part in message.content) for message in said]


async def test_the_todo_assistant_answers(server: ModelServer, tmp_path: Path) -> None:
    received: list[WidgetEvent] = []
    async with talking(tmp_path, server) as client:
        async for event in client.respond("Tell me a long story about a fox."):
            received.append(event)
            if delta_of(event) and len(text_of(received)) > 20:
                await cancel(client, received)
        answers = await kept(client, received)

    assert received[-1].WhichOneof("event") in {"run_canceled", "run_completed"}
    assert text_of(received)
    assert "".join(answers) == text_of(received)


class Storyteller(ChatKitServer):
    """Tells a story that has no end: the two tokens that end an answer are forbidden to the model."""

    def __init__(self, model: Model) -> None:
        settings = ModelSettings(extra_body={"logit_bias": {"0": -100, "2": -100}})
        self._agent = Agent[AgentContext[None]](
            name="storyteller", instructions="Tell a story.", model=model, model_settings=settings
        )

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        async for event in run_agent(self._agent, "Go on.", AgentContext(context, None)):
            yield event


async def test_a_cancel_ends_the_models_work(server: ModelServer, tmp_path: Path) -> None:
    received: list[WidgetEvent] = []
    worked: list[float] = []
    async with (
        model_of(server) as model,
        talking(tmp_path, server, Parts(app=lambda _: Storyteller(model))) as client,
    ):
        async for event in client.respond("hello"):
            received.append(event)
            if delta_of(event):
                worked.append(server.cpu_seconds())
            if len(worked) == 20:
                await cancel(client, received)
        answers = await kept(client, received)
        before = server.cpu_seconds()
        # It works on one request at a time: this one waits until the story is over.
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 2}
            next_answer = await http.post(f"{server.url}/chat/completions", json=body)
        after = server.cpu_seconds()

    assert received[-1].HasField("run_canceled")
    assert answers == [text_of(received)]
    assert next_answer.is_success
    # A tenth of what the rest of the story would have taken, as its beginning shows.
    assert after - before < (worked[19] - worked[4]) / 15 * CONTEXT_TOKENS / 10


@pytest.mark.parametrize("text", ["Buy milk", "Call Ann tomorrow"])
async def test_tools_are_called(server: ModelServer, text: str) -> None:
    called: list[str] = []

    @function_tool
    async def add_task(ctx: RunContextWrapper[Play], title: str) -> str:
        """Add a task."""
        called.append(title)
        return "added"

    # So small a model does not see by itself when a tool is wanted; how it calls one is the server's grammar.
    settings = ModelSettings(tool_choice="add_task", max_tokens=100, temperature=0.0)
    scene = Scene()
    async with model_of(server) as model:
        agent = Agent[Play](
            name="assistant",
            instructions="Add tasks. Be brief.",
            model=model,
            tools=[add_task],
            model_settings=settings,
            tool_use_behavior="stop_on_first_tool",
        )
        received = [event async for event in run_agent(agent, text, scene.context)]

    assert len(called) == 1
    assert scene.run.usage.requests == 1
    assert all(event.WhichOneof("event") != "error" for event in received)


async def test_text_streams(server: ModelServer) -> None:
    scene = Scene()
    settings = ModelSettings(max_tokens=40, temperature=0.0)
    async with model_of(server) as model:
        agent = Agent[Play](name="assistant", instructions="Help.", model=model, model_settings=settings)
        received = [event async for event in run_agent(agent, "Count from one to twenty.", scene.context)]

    deltas = [event for event in received if delta_of(event)]
    done = [event.item_done.item for event in received if event.HasField("item_done")]
    assert len(deltas) > 3
    assert "".join(part.text for part in done[-1].assistant_message.content) == text_of(received)
