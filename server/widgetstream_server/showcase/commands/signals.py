"""Events that leave nothing in the thread."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1 import event_pb2
from widgetstream.chatkit.v1.event_pb2 import NoticeLevel, StreamOptions, WidgetEvent
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import ModelUnavailableError
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene

_LEVELS = {
    "info": NoticeLevel.NOTICE_LEVEL_INFO,
    "warning": NoticeLevel.NOTICE_LEVEL_WARNING,
    "danger": NoticeLevel.NOTICE_LEVEL_DANGER,
}


@command("progress", "What the assistant is doing, with icons and without.")
async def progress(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Tell of three steps, then say that they are done."""
    yield events.progress("Looking for it", "search")
    yield events.progress("Reading", "lucide:book")
    yield events.progress("Nearly there")
    for event in scene.say("Done."):
        yield event


@command("notice", "A notice.", takes="info|warning|danger")
async def notice(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Send a notice of the level named, or one of each."""
    for name in [scene.rest.lower()] if scene.rest.lower() in _LEVELS else _LEVELS:
        yield events.notice(_LEVELS[name], f"This is a **{name}** notice.", title=name.capitalize())


@command("error", "An error after which the run goes on, with words or with a code.", takes="retry|code")
async def error(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Send an error."""
    if scene.rest.lower() == "code":
        yield WidgetEvent(error=event_pb2.ErrorEvent(code="stream.error", allow_retry=True))
    else:
        yield events.error("Something small went wrong.", allow_retry=scene.rest.lower() == "retry")
    for event in scene.say("The run goes on."):
        yield event


@command("fail", "A run that fails after it has begun to speak.")
async def fail(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Begin a message, and fail."""
    item = scene.item("msg")
    item.assistant_message.SetInParent()
    yield events.item_added(item)
    yield events.text_delta(item.id, "This sentence has no")
    raise ModelUnavailableError("The showcase fails when it is asked to.")


@command("client effect", "Something for the page to do.", takes="name")
async def client_effect(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Send an effect with data."""
    name = scene.rest or "highlight"
    yield events.client_effect(name, {"target": "tasks", "times": 2, "colors": ["red", "blue"]})
    yield events.client_effect(name)


@command("stream options", "A run that cannot be stopped, then one that can.")
async def stream_options(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Take the permission to stop away, and give it back."""
    for allowed in (False, True):
        options = StreamOptions(allow_cancel=allowed)
        yield WidgetEvent(stream_options=event_pb2.StreamOptionsEvent(stream_options=options))
        for event in scene.say(f"You can {'' if allowed else 'not '}stop this."):
            yield event
