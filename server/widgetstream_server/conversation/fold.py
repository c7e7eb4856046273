"""Items that are being built: updates folded into the item as it was added.

Deltas of text are kept in lists and joined when the item is asked for, so that a long answer costs as much for its last
token as for its first.
"""

from __future__ import annotations

from collections.abc import Callable

from widgetstream.chatkit.v1.item_pb2 import AssistantMessageContent, ItemUpdate, ThreadItem
from widgetstream.chatkit.v1.widget_pb2 import Widget

ApplyWidgetUpdate = Callable[[Widget, ItemUpdate], Widget]

# A short text of its own takes five times its length.
_JOIN_AFTER = 32


class PendingItem:
    """An item that is not done.

    Attributes:
        position: Its place in the thread.
    """

    __slots__ = ("_apply_widget_update", "_item", "_texts", "position")

    def __init__(self, item: ThreadItem, position: int, apply_widget_update: ApplyWidgetUpdate) -> None:
        """Begin with a copy of the item as it was added."""
        self._item = ThreadItem()
        self._item.CopyFrom(item)
        self._texts: dict[int, list[str]] = {}
        self._apply_widget_update = apply_widget_update
        self.position = position

    @property
    def kind(self) -> str:
        """The kind of item: the name of the case of its ``oneof``."""
        return self._item.WhichOneof("item") or ""

    def append_text(self, content_index: int, delta: str) -> None:
        """Append text to a part of an assistant's message."""
        deltas = self._texts.setdefault(content_index, [])
        deltas.append(delta)
        if len(deltas) > _JOIN_AFTER:
            deltas[:] = ["".join(deltas)]

    def apply(self, update: ItemUpdate) -> None:
        """Fold an update in. One that does not fit the item's kind or size is an error of the application.

        Raises:
            ValueError: The update does not fit.
        """
        kind = update.WhichOneof("update")
        if kind == "text_delta":
            self.append_text(update.text_delta.content_index, update.text_delta.delta)
            return
        self._join_texts()
        match kind, self.kind:
            case (("content_part_added" | "content_part_done" | "annotation_added"), "assistant_message"):
                self._apply_to_message(kind, update)
            case (("widget_text_delta" | "component_updated" | "root_updated"), "widget"):
                widget = self._item.widget
                changed = self._apply_widget_update(widget.widget, update)
                if changed is not widget.widget:
                    widget.widget.CopyFrom(changed)
            case (("workflow_task_added" | "workflow_task_updated"), "workflow"):
                self._apply_to_workflow(kind, update)
            case "generated_image_updated", "generated_image":
                self._item.generated_image.image.CopyFrom(update.generated_image_updated.image)
            case _:
                raise ValueError(f"{kind} does not fit an item of kind {self.kind}")

    def settle(self, item: ThreadItem) -> None:
        """Take the item's final value."""
        self._texts.clear()
        self._item.CopyFrom(item)

    def value(self) -> ThreadItem:
        """Return a copy of the item as it is now."""
        self._join_texts()
        copy = ThreadItem()
        copy.CopyFrom(self._item)
        return copy

    def is_blank(self) -> bool:
        """Whether there is nothing in the item yet that a person could see."""
        self._join_texts()
        item = self._item
        match self.kind:
            case "assistant_message":
                return not any(part.text.strip() for part in item.assistant_message.content)
            case "workflow":
                return not item.workflow.workflow.tasks
            case "generated_image":
                return not item.generated_image.HasField("image")
            case _:
                return False

    def _join_texts(self) -> None:
        for index, deltas in self._texts.items():
            self._part(index).text += "".join(deltas)
        self._texts.clear()

    def _part(self, index: int) -> AssistantMessageContent:
        content = self._item.assistant_message.content
        while len(content) <= index:
            content.add()
        return content[index]

    def _apply_to_message(self, kind: str, update: ItemUpdate) -> None:
        match kind:
            case "content_part_added":
                added = update.content_part_added
                self._part(added.content_index).CopyFrom(added.content)
            case "content_part_done":
                done = update.content_part_done
                self._part(done.content_index).CopyFrom(done.content)
            case _:
                annotated = update.annotation_added
                annotations = self._part(annotated.content_index).annotations
                annotations.insert(min(annotated.annotation_index, len(annotations)), annotated.annotation)

    def _apply_to_workflow(self, kind: str, update: ItemUpdate) -> None:
        tasks = self._item.workflow.workflow.tasks
        if kind == "workflow_task_added":
            tasks.append(update.workflow_task_added.task)
            return
        changed = update.workflow_task_updated
        if not 0 <= changed.task_index < len(tasks):
            raise ValueError(f"the workflow has no task {changed.task_index}")
        tasks[changed.task_index].CopyFrom(changed.task)
