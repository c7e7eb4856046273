"""What a journal says of a run: which of its items were not done, and how far they had come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.fold import ApplyWidgetUpdate, PendingItem

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Told:
    """What a journal says of a run.

    Attributes:
        pending: The items that were not done, in the order in which they were begun.
        before: For each of them, the item that was begun before it.
        last: The run's last event.
        last_sequence: Its number.
    """

    pending: dict[str, PendingItem] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    last: WidgetEvent = field(default_factory=WidgetEvent)
    last_sequence: int = 0


def retell(
    frames: Iterable[bytes], apply_widget_update: ApplyWidgetUpdate, queued_input: Sequence[ThreadItem] = ()
) -> Told:
    """Go through the events of a run from the first one on.

    Args:
        frames: The events.
        apply_widget_update: How an update changes a widget's tree.
        queued_input: The items with which the run would have begun, when it had not.
    """
    told, newest = Told(), ""
    for item in queued_input:
        told.pending[item.id] = PendingItem(item, 0, apply_widget_update)
        told.before[item.id], newest = newest, item.id
    for frame in frames:
        event = told.last = WidgetEvent.FromString(frame)
        told.last_sequence = event.sequence
        match event.WhichOneof("event"):
            case "item_added":
                item = event.item_added.item
                told.pending[item.id] = PendingItem(item, 0, apply_widget_update)
                told.before[item.id], newest = newest, item.id
            case "item_updated":
                _update(told, event)
            case "item_done":
                item_id = event.item_done.item.id
                if told.pending.pop(item_id, None) is None:
                    newest = item_id
            case "item_replaced":
                told.pending.pop(event.item_replaced.item.id, None)
            case "item_removed":
                told.pending.pop(event.item_removed.item_id, None)
            case _:
                pass
    return told


def _update(told: Told, event: WidgetEvent) -> None:
    pending = told.pending.get(event.item_updated.item_id)
    if pending is None:
        return
    try:
        pending.apply(event.item_updated.update)
    except Exception as error:  # noqa: BLE001 — one event must not keep a run from being ended
        _log.error("journal_event_not_applied", error_type=type(error).__name__, places=places_of(error))
