"""Running an agent to the end, and a tool to show something with."""

from __future__ import annotations

from collections.abc import AsyncIterator

from agents import Agent, RunContextWrapper, function_tool

from tests.agents.scene import Play, Scene, card, said
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.agents import run_agent


@function_tool
async def show(ctx: RunContextWrapper[Play], text: str) -> str:
    """Show a card."""
    await ctx.context.stream_widget(card(text))
    return "shown"


async def play(scene: Scene, of: Agent[Play]) -> list[str]:
    return [said(event) async for event in run_agent(of, "hi", scene.context)]


async def read(stream: AsyncIterator[WidgetEvent], trace: list[str]) -> None:
    """Read to the end; the trace has what came before an exception, too."""
    async for event in stream:
        trace.append(said(event))  # noqa: PERF401 — as said
