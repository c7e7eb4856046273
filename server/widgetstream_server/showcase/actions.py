"""What the showcase's widgets do when people use them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from typing import Any, Final

from google.protobuf import json_format

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate, ThreadItem, WidgetComponentUpdated
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import ActionPayloadInvalidError, ActionUnknownError, FieldViolation
from widgetstream_server.showcase.names import COUNT, ECHO, TOGGLE
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.showcase.specimens.containers import counter, switch
from widgetstream_server.widgets.tree import find
from widgetstream_server.widgets.updates import apply

_Payload = dict[str, Any]
_MOST: Final = 1_000_000


def _any(_: _Payload) -> str:
    return ""


def _count(payload: _Payload) -> str:
    count = payload.get("count")
    is_number = isinstance(count, float) and count.is_integer() and 0 < count <= _MOST
    return "" if is_number else f"count must be a whole number from 1 to {_MOST}"


def _on(payload: _Payload) -> str:
    return "" if isinstance(payload.get("on"), bool) else "on must be true or false"


_RULES: Final[dict[str, Callable[[_Payload], str]]] = {ECHO: _any, COUNT: _count, TOGGLE: _on}


def check(action: Action) -> None:
    """Check an action.

    Raises:
        ActionUnknownError: There is no such action.
        ActionPayloadInvalidError: Its payload has another shape.
    """
    rule = _RULES.get(action.type)
    if rule is None:
        raise ActionUnknownError(action.type, known=tuple(_RULES))
    problem = rule(_payload(action))
    if problem:
        name, _, description = problem.partition(" ")
        raise ActionPayloadInvalidError([FieldViolation(f"action.payload.{name}", description)])


async def play(action: Action, sender: ThreadItem | None, scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Do what an action says that ``check`` has passed."""
    changed = change(action, sender)
    if changed is not None:
        yield events.item_replaced(changed)
        return
    payload = json.dumps(_payload(action), ensure_ascii=False, sort_keys=True)
    for event in scene.say(f"`{action.type}` came with\n\n```json\n{payload}\n```"):
        yield event


def change(action: Action, sender: ThreadItem | None) -> ThreadItem | None:
    """Return the widget as it is after an action. None: the action changes none, or was triggered on none."""
    if sender is None:
        return None
    payload, widget = _payload(action), sender.widget.widget
    match action.type:
        case "showcase.count" if find(widget, "count_row") is not None:
            row = counter(int(payload["count"]))
            update = ItemUpdate(component_updated=WidgetComponentUpdated(component_id=row.id, component=row))
            return _with_widget(sender, apply(widget, update))
        case "showcase.toggle":
            return _with_widget(sender, switch(on=payload["on"]))
        case _:
            return None


def _with_widget(item: ThreadItem, widget: Widget) -> ThreadItem:
    changed = ThreadItem()
    changed.CopyFrom(item)
    changed.widget.widget.CopyFrom(widget)
    return changed


def _payload(action: Action) -> _Payload:
    if not action.payload.HasField("struct_value"):
        return {}
    return dict(json_format.MessageToDict(action.payload.struct_value))
