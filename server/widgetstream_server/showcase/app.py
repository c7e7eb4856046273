"""The showcase as an application of the conversation engine."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.showcase import actions, commands
from widgetstream_server.showcase.scene import Scene


class ShowcaseApp(ChatKitServer):
    """Plays the command that a person types."""

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncGenerator[WidgetEvent, None]:
        """Play a command, or go on after what the page or the person was asked for."""
        if message is None:
            playing = commands.go_on(Scene(context, ""))
        else:
            command, rest = commands.find(_text_of(message))
            playing = command.play(Scene(context, rest, message))
        async with aclosing(playing) as stream:
            async for event in stream:
                yield event

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        """Refuse an action that the registry does not know, or whose payload has another shape."""
        actions.check(action)

    async def action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RunContext
    ) -> AsyncGenerator[WidgetEvent, None]:
        """Do what the action says, and say what came with it."""
        async with aclosing(actions.play(action, sender, Scene(context, ""))) as stream:
            async for event in stream:
                yield event

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        """Change the widget on which the action was triggered, if the action changes any."""
        actions.check(action)
        return actions.change(action, sender)

    async def transcribe(self, audio: bytes, mime_type: str, context: RequestContext) -> str:
        """Say how long the recording is: nobody listens."""
        return f"A recording of {len(audio)} bytes."


def create(_: Resources) -> ShowcaseApp:
    """Make the application; what the settings name as its factory."""
    return ShowcaseApp()


def _text_of(message: ThreadItem) -> str:
    parts = message.user_message.content
    return "".join(part.input_tag.text if part.HasField("input_tag") else part.input_text.text for part in parts)
