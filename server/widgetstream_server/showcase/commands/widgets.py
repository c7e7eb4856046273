"""Widgets that do not change by themselves."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.showcase.commands.registry import Play, command
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.showcase.specimens.containers import switch
from widgetstream_server.showcase.specimens.widgets import SPECIMENS, label_of, root


def _show(name: str) -> Play:
    async def play(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
        yield scene.show(root(name))

    return play


for _name in SPECIMENS:
    command(f"show {_name.replace('_', ' ')}", f"A {label_of(_name)}.")(_show(_name))


@command("all widgets", "Every component, one after the other.")
async def all_widgets(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Show all specimens."""
    for name in SPECIMENS:
        yield scene.show(root(name), copy_text=label_of(name))


@command("switch", "A checkbox that changes at once, without a run.")
async def switch_card(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Show a widget with a synchronous action."""
    yield scene.show(switch(on=False))
