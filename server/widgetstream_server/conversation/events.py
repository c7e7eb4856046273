"""Short ways to make the events that applications yield."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from widgetstream.chatkit.v1 import event_pb2, thread_pb2
from widgetstream.chatkit.v1.event_pb2 import NoticeLevel, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate, ThreadItem


def item_added(item: ThreadItem) -> WidgetEvent:
    """An item was begun. The event holds a copy of it."""
    return WidgetEvent(item_added=event_pb2.ItemAddedEvent(item=item))


def item_updated(item_id: str, update: ItemUpdate) -> WidgetEvent:
    """An item that is not done changed."""
    return WidgetEvent(item_updated=event_pb2.ItemUpdatedEvent(item_id=item_id, update=update))


def text_delta(item_id: str, delta: str, content_index: int = 0) -> WidgetEvent:
    """Text was appended to a part of an assistant's message."""
    # Field by field: a third of the cost of nested constructors, on the one path that each token takes.
    event = WidgetEvent()
    updated = event.item_updated
    updated.item_id = item_id
    text = updated.update.text_delta
    text.delta = delta
    if content_index:
        text.content_index = content_index
    return event


def item_done(item: ThreadItem) -> WidgetEvent:
    """An item is final. The event holds a copy of it."""
    return WidgetEvent(item_done=event_pb2.ItemDoneEvent(item=item))


def item_removed(item_id: str) -> WidgetEvent:
    """An item was removed."""
    return WidgetEvent(item_removed=event_pb2.ItemRemovedEvent(item_id=item_id))


def item_replaced(item: ThreadItem) -> WidgetEvent:
    """An item that was done has another value. The event holds a copy of it."""
    return WidgetEvent(item_replaced=event_pb2.ItemReplacedEvent(item=item))


def thread_created(thread: thread_pb2.Thread) -> WidgetEvent:
    """A thread was begun."""
    return WidgetEvent(thread_created=event_pb2.ThreadCreatedEvent(thread=thread))


def thread_updated(thread: thread_pb2.Thread) -> WidgetEvent:
    """A thread changed."""
    return WidgetEvent(thread_updated=event_pb2.ThreadUpdatedEvent(thread=thread))


def progress(text: str, icon: str | None = None) -> WidgetEvent:
    """What the assistant is doing."""
    event = WidgetEvent()
    update = event.progress_update
    update.text = text
    if icon is not None:
        update.icon = icon
    return event


def client_effect(name: str, data: Mapping[str, Any] | None = None) -> WidgetEvent:
    """Something for the page to do."""
    struct = struct_pb2.Struct()
    struct.update(dict(data or {}))
    return WidgetEvent(client_effect=event_pb2.ClientEffectEvent(name=name, data=struct))


def notice(level: NoticeLevel.ValueType, message: str, title: str | None = None) -> WidgetEvent:
    """Something for the person to know."""
    return WidgetEvent(notice=event_pb2.NoticeEvent(level=level, message=message, title=title))


def error(message: str, *, allow_retry: bool = False) -> WidgetEvent:
    """Something went wrong, in words for the person."""
    return WidgetEvent(error=event_pb2.ErrorEvent(code="custom", message=message, allow_retry=allow_retry))
