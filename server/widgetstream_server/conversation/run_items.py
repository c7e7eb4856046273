"""The items of a run: those being built, and those that it has stored."""

from __future__ import annotations

from widgetstream.chatkit.v1 import item_pb2, structured_input_pb2
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.fold import ApplyWidgetUpdate, PendingItem
from widgetstream_server.conversation.ports import Clock, StoredItem

HIDDEN_KINDS = frozenset({"hidden_context", "sdk_hidden_context"})
_PENDING_INPUT = (
    structured_input_pb2.STRUCTURED_INPUT_STATUS_UNSPECIFIED,
    structured_input_pb2.STRUCTURED_INPUT_STATUS_PENDING,
)


def is_hidden(item: ThreadItem) -> bool:
    """Return whether an item is never sent to clients."""
    return item.WhichOneof("item") in HIDDEN_KINDS


def waits(item: ThreadItem) -> bool:
    """Return whether an item waits for the person or the page: an open client tool call or structured input."""
    match item.WhichOneof("item"):
        case "client_tool_call":
            return item.client_tool_call.status != item_pb2.CLIENT_TOOL_CALL_STATUS_COMPLETED
        case "structured_input":
            return item.structured_input.status in _PENDING_INPUT
        case _:
            return False


class RunItems:
    """What a run has made.

    Attributes:
        next_position: The place of its next item.
        waits_for: The last item that waits for the person or the page. None: none does.
    """

    def __init__(self, thread_id: str, clock: Clock, apply_widget_update: ApplyWidgetUpdate) -> None:
        """Begin with none."""
        self._thread_id = thread_id
        self._clock = clock
        self._apply_widget_update = apply_widget_update
        self._pending: dict[str, PendingItem] = {}
        self._made: dict[str, bool] = {}
        self.next_position = 1
        self.waits_for: str | None = None

    def own(self, item: ThreadItem) -> ThreadItem:
        """Make an item one of the thread. Raises ``ValueError`` when it has no id or no kind."""
        item.thread_id = self._thread_id
        if not item.id or not item.WhichOneof("item"):
            raise ValueError("an item needs an id and a kind")
        if not item.HasField("create_time"):
            item.create_time.FromDatetime(self._clock.now())
        return item

    def begin(self, item: ThreadItem) -> PendingItem:
        """Begin to build an item."""
        pending = PendingItem(item, self.take_position(), self._apply_widget_update)
        self._pending[item.id] = pending
        self.note(item)
        return pending

    def pending(self, item_id: str) -> PendingItem:
        """Return an item that is being built. Raises ``ValueError`` when it is not."""
        found = self._pending.get(item_id)
        if found is None:
            raise ValueError("an update for an item that is not under way")
        return found

    def settle(self, item: ThreadItem) -> PendingItem:
        """Take the final value of an item, which stays pending until it is stored: a cancel must not lose it."""
        found = self._pending.get(item.id) or self.begin(item)
        found.settle(item)
        return found

    def finish(self, item: ThreadItem) -> None:
        """Note that an item is stored."""
        self._pending.pop(item.id, None)
        if waits(item):
            self.waits_for = item.id

    def remove(self, item_id: str) -> None:
        """Note that an item is gone."""
        self._pending.pop(item_id, None)
        self._made.pop(item_id, None)
        if self.waits_for == item_id:
            self.waits_for = None

    def note(self, item: ThreadItem) -> None:
        """Note that an item is the run's own: it goes when the run is rolled back."""
        self._made[item.id] = is_hidden(item)

    def take_position(self) -> int:
        """Return the place of a new item."""
        position = self.next_position
        self.next_position += 1
        return position

    def unfinished(self) -> tuple[list[StoredItem], list[ThreadItem]]:
        """Return the items that are not done, by place: those with something in them, and the blank ones."""
        ordered = sorted(self._pending.values(), key=lambda pending: pending.position)
        kept = [StoredItem(pending.value(), pending.position) for pending in ordered if not pending.is_blank()]
        return kept, [pending.value() for pending in ordered if pending.is_blank()]

    def visible(self) -> list[ThreadItem]:
        """Return the items that are not done, as they are now, in the order of their places."""
        ordered = sorted(self._pending.values(), key=lambda pending: pending.position)
        return [pending.value() for pending in ordered if pending.kind not in HIDDEN_KINDS]

    def made(self, *, hidden: bool) -> list[str]:
        """Return the ids of all items that the run has made and that are still there."""
        return [item_id for item_id, is_hidden in self._made.items() if hidden or not is_hidden]

    def clear(self) -> None:
        """Forget what was being built."""
        self._pending.clear()
