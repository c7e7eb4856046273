"""What an application may change of a thread."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene


@command("title", "Gives the thread a title.", takes="text")
async def title(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Give the thread a title; without a text, take it away."""
    if scene.rest:
        scene.thread.title = scene.rest
    else:
        scene.thread.ClearField("title")
    for event in scene.say("Look at the title."):
        yield event


@command("lock", "Locks the thread: it takes no more messages.", takes="reason")
async def lock(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Lock the thread."""
    locked = scene.thread.status.locked
    locked.SetInParent()
    if scene.rest:
        locked.reason = scene.rest
    for event in scene.say("This thread is locked now."):
        yield event


@command("close", "Closes the thread.", takes="reason")
async def close(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Close the thread."""
    closed = scene.thread.status.closed
    closed.SetInParent()
    if scene.rest:
        closed.reason = scene.rest
    for event in scene.say("This thread is closed now."):
        yield event


@command("open", "Locks the thread and opens it again.")
async def reopen(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say both, so that clients see the thread become active."""
    scene.thread.status.locked.reason = "for a moment"
    for event in scene.say("Locked."):
        yield event
    scene.thread.status.active.SetInParent()
    for event in scene.say("Open again."):
        yield event


@command("domains", "Hosts from which images may be shown.", takes="hosts")
async def domains(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Allow these hosts; without any, allow none."""
    allowed = scene.thread.allowed_image_domains
    allowed.SetInParent()
    allowed.domains[:] = scene.rest.replace(",", " ").split()
    for event in scene.say(f"Images may come from {', '.join(allowed.domains) or 'nowhere'}."):
        yield event
