"""What there is."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.showcase.commands.registry import COMMANDS, command
from widgetstream_server.showcase.scene import Scene


@command("help", "Lists the commands.")
async def guide(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """List the commands."""
    lines = [f"- `{each.name}{f' {each.takes}' if each.takes else ''}`: {each.help}" for each in COMMANDS.values()]
    for event in scene.say("Type one of these:\n\n" + "\n".join(lines)):
        yield event
