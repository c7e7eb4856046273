"""Applying updates to a widget: what each kind of update means.

`widget_text_delta` appends `delta` to the `value` of the Text or Markdown with that id. With `done` a
`streaming` that was true becomes false; everything else about `streaming` stays as it is, so a component that
never said that it streams does not say so afterwards. `component_updated` replaces the component with that
id, with all that is below it. `root_updated` replaces the tree.
"""

from __future__ import annotations

from typing import assert_never

from widgetstream.chatkit.v1.item_pb2 import ItemUpdate, WidgetTextDelta
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets.tree import TEXTS, component_of, find


def apply(widget: Widget, update: ItemUpdate) -> Widget:
    """Return the tree as it is after an update. The tree given stays as it is.

    Raises what ``apply_in_place`` raises.
    """
    copy = Widget()
    copy.CopyFrom(widget)
    return apply_in_place(copy, update)


def apply_in_place(widget: Widget, update: ItemUpdate) -> Widget:
    """Change a tree by an update, and return it.

    Raises:
        ValueError: The update is none of a widget, or the tree has no such component; the tree is as it was.
    """
    kind = update.WhichOneof("update")
    match kind:
        case "widget_text_delta":
            _append(widget, update.widget_text_delta)
        case "component_updated":
            change = update.component_updated
            if change.component.id != change.component_id:
                raise ValueError(f"component {change.component_id!r} cannot become {change.component.id!r}")
            _find(widget, change.component_id).CopyFrom(change.component)
        case "root_updated":
            widget.CopyFrom(update.root_updated.widget)
        case (
            "text_delta"
            | "content_part_added"
            | "annotation_added"
            | "content_part_done"
            | "workflow_task_added"
            | "workflow_task_updated"
            | "generated_image_updated"
            | None
        ):
            raise ValueError(f"{kind or 'an empty update'} is no update of a widget")
        case _:
            assert_never(kind)
    return widget


def _append(root: Widget, change: WidgetTextDelta) -> None:
    case, text = component_of(_find(root, change.component_id))
    if case not in TEXTS:
        raise ValueError(f"component {change.component_id!r} is a {case or 'nothing'}, and has no text that grows")
    if change.delta:
        text.value += change.delta
    if change.done and text.streaming:
        text.streaming = False


def _find(root: Widget, component_id: str) -> Widget:
    found = find(root, component_id) if component_id else None
    if found is None:
        raise ValueError(f"the widget has no component {component_id!r}")
    return found
