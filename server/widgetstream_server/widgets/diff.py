"""What changed between two values of a widget, as the smallest updates.

A tool that streams a widget yields whole trees, each a value; what is sent are the differences. Three kinds
of update can tell them, see `updates`; this module chooses, for every place of the tree that changed, the
cheapest one that gives exactly the new value:

- text that grew at the end of a Text or Markdown with an id: a text delta;
- a component with an id that kept its id, its type and its place: the component, unless what changed lies in
  children that can be told of alone for less;
- else the component above it, and at last the tree.

An id can be used when it occurs once in both trees: then it means the same component whatever part of the
updates has been applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from widgetstream.chatkit.v1.item_pb2 import (
    ItemUpdate,
    WidgetComponentUpdated,
    WidgetRootUpdated,
    WidgetTextDelta,
)
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets.tree import TEXTS, children_of, component_of, walk

# What an update costs beside its own bytes, roughly: the event around it, and a frontend's work. Text deltas
# are free of it: they are what frontends animate.
_OVERHEAD = 48
# Searching the bytes of a tree for one id is quick; for more ids than this, counting all ids is quicker.
_MAX_SEARCHES = 32

_CHILDREN = frozenset({"children"})
_STREAMED = frozenset({"value", "streaming"})


def diff(before: Widget, after: Widget) -> list[ItemUpdate]:
    """Return the updates that turn a tree into another, in the order in which they are to be applied.

    The updates together are never larger, in bytes, than the update of the whole tree. They hold copies. An
    empty list means that the trees are equal. The very same object is taken for equal: a tree that was
    changed in place is not a new value.

    Both trees are such that ``limits.check`` passes; ids may still be missing or used twice.
    """
    if before is after:
        return []
    old, new = before.SerializeToString(deterministic=True), after.SerializeToString(deterministic=True)
    if old == new:
        return []
    root_size = _field(_field(len(new)))
    plan = _Planner(_Ids(before, old), _Ids(after, new)).plan(before, after)
    if plan is None or plan.size > root_size or plan.cost > root_size + _OVERHEAD:
        return [ItemUpdate(root_updated=WidgetRootUpdated(widget=after))]
    return [_update(change) for change in plan.changes]


@dataclass(frozen=True, slots=True)
class _TextGrew:
    component_id: str
    delta: str
    done: bool


@dataclass(frozen=True, slots=True)
class _Replaced:
    component: Widget


@dataclass(frozen=True, slots=True)
class _Plan:
    """Changes that make a place of the old tree what it is in the new one.

    Attributes:
        size: Bytes of all updates.
        cost: What is compared: the bytes, and the overhead of each update.
    """

    changes: Sequence[_TextGrew | _Replaced]
    size: int
    cost: int


class _Planner:
    def __init__(self, old_ids: _Ids, new_ids: _Ids) -> None:
        self._old_ids = old_ids
        self._new_ids = new_ids

    def plan(self, before: Widget, after: Widget, depth: int = 0) -> _Plan | None:
        """Return the cheapest changes for a place that differs. None: what is above it must be replaced."""
        case, new = component_of(after)
        old_case, old = component_of(before)
        if not case or case != old_case or before.id != after.id:
            return None
        if case == "unknown" and old.type != new.type:
            return None
        addressable = bool(after.id) and self._old_ids.once(after.id) and self._new_ids.once(after.id)
        below = self._plan_below(before, after, case, old, new, addressable, depth)
        if not addressable or depth == 0:
            return below
        size = _field(_string(after.id) + _field(after.ByteSize()))
        if below is None or size + _OVERHEAD < below.cost:
            return _Plan([_Replaced(after)], size, size + _OVERHEAD)
        return below

    def _plan_below(
        self, before: Widget, after: Widget, case: str, old: Any, new: Any, addressable: bool, depth: int
    ) -> _Plan | None:
        """Return the changes for a place that do not replace the component itself, if that is possible."""
        if not _same_frame(before, after):
            return None
        if case in TEXTS:
            return _plan_text(after.id, old, new) if addressable else None
        old_children, new_children = children_of(case, old), children_of(case, new)
        if len(old_children) != len(new_children) or not _same_but(old, new, _CHILDREN):
            return None
        changes: list[_TextGrew | _Replaced] = []
        size = cost = 0
        for old_child, new_child in zip(old_children, new_children, strict=True):
            if old_child == new_child:
                continue
            plan = self.plan(old_child, new_child, depth + 1)
            if plan is None:
                return None
            changes += plan.changes
            size += plan.size
            cost += plan.cost
        return _Plan(changes, size, cost)


def _plan_text(component_id: str, old: Any, new: Any) -> _Plan | None:
    """Return the text delta, if a text differs in nothing that a text delta cannot tell."""
    if not _same_but(old, new, _STREAMED):
        return None
    ends = old.streaming and not new.streaming
    if ends:
        # The end of streaming is told by `done`, which leaves false behind.
        if not new.HasField("streaming"):
            return None
    elif old.streaming != new.streaming or old.HasField("streaming") != new.HasField("streaming"):
        return None
    if not new.value.startswith(old.value):
        return None
    change = _TextGrew(component_id, new.value[len(old.value) :], done=not new.streaming)
    size = _field(_string(component_id) + _string(change.delta) + 2 * change.done)
    return _Plan([change], size, size)


def _update(change: _TextGrew | _Replaced) -> ItemUpdate:
    match change:
        case _TextGrew():
            return ItemUpdate(
                widget_text_delta=WidgetTextDelta(
                    component_id=change.component_id, delta=change.delta, done=change.done
                )
            )
        case _Replaced():
            return ItemUpdate(
                component_updated=WidgetComponentUpdated(component_id=change.component.id, component=change.component)
            )


class _Ids:
    """Tells whether an id occurs once in a tree."""

    def __init__(self, root: Widget, data: bytes) -> None:
        self._root = root
        self._data = data
        self._searches = 0
        self._counts: Counter[str] | None = None

    def once(self, component_id: str) -> bool:
        """Whether an id that does occur occurs no second time."""
        if self._counts is None and self._searches < _MAX_SEARCHES:
            self._searches += 1
            # The id's field as it stands in the bytes. Other fields may look the same, so a second match
            # proves nothing.
            encoded = component_id.encode()
            if self._data.count(b"\x0a" + _length(len(encoded)) + encoded) == 1:
                return True
        if self._counts is None:
            self._counts = Counter(widget.id for widget in walk(self._root))
        return self._counts[component_id] == 1


def _same_frame(old: Widget, new: Widget) -> bool:
    """Whether two components have the same of what every component has."""
    return (
        old.key == new.key
        and old.HasField("id") == new.HasField("id")
        and old.HasField("key") == new.HasField("key")
        and old.HasField("additional_properties") == new.HasField("additional_properties")
        and (not new.HasField("additional_properties") or old.additional_properties == new.additional_properties)
        and _same_unknown_fields(old, new)
    )


def _same_but(old: Message, new: Message, left_out: frozenset[str]) -> bool:
    """Whether two messages have the same fields, those left out aside."""
    old_fields = [(field.number, value) for field, value in old.ListFields() if field.name not in left_out]
    new_fields = [(field.number, value) for field, value in new.ListFields() if field.name not in left_out]
    return old_fields == new_fields and _same_unknown_fields(old, new)


def _same_unknown_fields(old: Message, new: Message) -> bool:
    """Whether neither message has fields of a newer schema: what these hold is not looked into."""
    return not len(UnknownFieldSet(old)) and not len(UnknownFieldSet(new))


def _string(text: str) -> int:
    return _field(len(text.encode())) if text else 0


def _field(size: int) -> int:
    """Return the bytes that a field of this size takes, with its tag of one byte and its length."""
    return 1 + (1 if size < 0x80 else (size.bit_length() + 6) // 7) + size


def _length(value: int) -> bytes:
    """Return a length as it stands before a field's bytes."""
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)
