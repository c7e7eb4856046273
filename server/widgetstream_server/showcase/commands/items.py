"""Kinds of items that come and go, and images."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate
from widgetstream_server.conversation import events
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.showcase.specimens.images import stages


@command("image", "An image that becomes sharper while it is made.")
async def image(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Begin an image, show its stages, and end with the last."""
    item = scene.item("img")
    item.generated_image.SetInParent()
    yield events.item_added(item)
    image_id = scene.context.ids.new("gen")
    pictures = stages()
    for number, url in enumerate(pictures, start=1):
        item.generated_image.image.id = image_id
        item.generated_image.image.url = url
        progress = number / len(pictures)
        updated = item_pb2.GeneratedImageUpdated(image=item.generated_image.image, progress=progress)
        yield events.item_updated(item.id, ItemUpdate(generated_image_updated=updated))
    yield events.item_done(item)


@command("remove", "A message that is taken back.")
async def remove(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say something, and remove it."""
    item = scene.item("msg")
    item.assistant_message.content.add(text="You will not see this for long.")
    yield events.item_done(item)
    yield events.item_removed(item.id)


@command("replace", "A message that becomes another.")
async def replace(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say something, and say it better."""
    item = scene.item("msg")
    part = item.assistant_message.content.add(text="The frist version.")
    yield events.item_done(item)
    part.text = "The second version."
    yield events.item_replaced(item)


@command("end of turn", "The mark at the end of the assistant's turn.")
async def end_of_turn(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say something, and end the turn."""
    for event in scene.say("Your turn."):
        yield event
    item = scene.item("eot")
    item.end_of_turn.SetInParent()
    yield events.item_done(item)
