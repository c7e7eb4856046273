"""Walking the components of a widget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import schema

TEXTS: Final = frozenset({"text", "markdown"})
"""The components whose `value` can grow by text deltas."""

# Whether a component holds many children or one. Others hold none.
_MANY: Final[dict[str, bool]] = {
    name: schema.message(case).fields_by_name["children"].is_repeated
    for name, case in schema.COMPONENTS.items()
    if "children" in schema.message(case).fields_by_name
}


def component_of(widget: Widget) -> tuple[str, Any]:
    """Return the name of a widget's component, and the component. Empty and None: it has none."""
    case = widget.WhichOneof("component")
    return (case, getattr(widget, case)) if case else ("", None)


def children_of(case: str, component: Any) -> Sequence[Widget]:
    """Return the children of a component, in order: those in the message, not copies."""
    many = _MANY.get(case)
    if many is None:
        return ()
    if many:
        children: Sequence[Widget] = component.children
        return children
    return (component.children,) if component.HasField("children") else ()


def walk(root: Widget) -> Iterator[Widget]:
    """Yield the components of a tree, each before its children, at any depth without recursion."""
    pending = [root]
    while pending:
        widget = pending.pop()
        yield widget
        case = widget.WhichOneof("component")
        if case in _MANY:
            pending.extend(reversed(children_of(case, getattr(widget, case))))


def find(root: Widget, component_id: str) -> Widget | None:
    """Return the first component of a tree with an id: the one in the tree, not a copy."""
    pending = [root]
    while pending:
        widget = pending.pop()
        if widget.id == component_id:
            return widget
        case = widget.WhichOneof("component")
        if case in _MANY:
            pending.extend(reversed(children_of(case, getattr(widget, case))))
    return None
