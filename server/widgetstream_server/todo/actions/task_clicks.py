"""Actions on one task, in a list or on its card."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation.errors import ItemNotFoundError
from widgetstream_server.todo import texts, widgets
from widgetstream_server.todo.actions.click import Effect, Scene, TaskClick, show_task
from widgetstream_server.todo.desk import Change
from widgetstream_server.todo.words import spoken


class Complete(TaskClick):
    """Mark the task as done."""

    type: ClassVar[str] = "task.complete"

    async def run(self, scene: Scene) -> Effect:
        """Complete it; one that is done already is only shown as it is."""
        before = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        if before.completed:
            return Effect(in_place=await show_task(before, scene, spoken().already_done, icon="info"))
        task = await scene.desk.tasks.complete(self.task_id, scene.desk.caller)
        return Effect(
            in_place=await show_task(task, scene, spoken().completed),
            change=Change("completed", [task]),
            note=texts.noted(texts.NOTE_COMPLETED, task.number, task.title),
        )


class Reopen(TaskClick):
    """Mark the task as open."""

    type: ClassVar[str] = "task.reopen"

    async def run(self, scene: Scene) -> Effect:
        """Reopen it; one that is open already is only shown as it is."""
        before = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        if not before.completed:
            return Effect(in_place=await show_task(before, scene, spoken().already_open, icon="info"))
        task = await scene.desk.tasks.reopen(self.task_id, scene.desk.caller)
        return Effect(
            in_place=await show_task(task, scene, spoken().reopened, icon="reload"),
            change=Change("reopened", [task]),
            note=texts.noted(texts.NOTE_REOPENED, task.number, task.title),
        )


class Show(TaskClick):
    """Show the task's card."""

    type: ClassVar[str] = "task.show"

    async def run(self, scene: Scene) -> Effect:
        """Show it below; what was clicked stays."""
        task = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        return Effect(
            added=widgets.task_card(task, scene.desk.now),
            note=texts.noted(texts.NOTE_SHOWN, task.number, task.title),
        )


class Delete(TaskClick):
    """Ask whether to delete the task."""

    type: ClassVar[str] = "task.delete"

    async def run(self, scene: Scene) -> Effect:
        """Ask: on the card itself, or below the list."""
        task = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        if scene.sender is not None and scene.list_shown is not None:
            return Effect(added=widgets.delete_card(task, scene.desk.now, list_item_id=scene.sender.id))
        return Effect(in_place=widgets.delete_card(task, scene.desk.now))


class ConfirmDelete(TaskClick):
    """Delete the task."""

    type: ClassVar[str] = "task.delete.confirm"

    list_item_id: str | None = Field(default=None, min_length=1, max_length=128)

    async def run(self, scene: Scene) -> Effect:
        """Delete it, for good. The row goes with it."""
        task = await scene.desk.tasks.delete(self.task_id, scene.desk.caller)
        return Effect(
            in_place=widgets.deleted_card(task),
            others=await self._list_without(scene),
            change=Change("deleted", [task]),
            note=texts.noted(texts.NOTE_DELETED, task.number, task.title),
        )

    async def _list_without(self, scene: Scene) -> dict[str, Widget]:
        if self.list_item_id is None:
            return {}
        try:
            item = await scene.fetch_item(self.list_item_id)
        except ItemNotFoundError:
            return {}
        shown = item.widget.widget
        if not widgets.is_list(shown):
            return {}
        return {item.id: widgets.without_row(shown, self.task_id, await scene.rows_left(shown))}


class CancelDelete(TaskClick):
    """Keep the task."""

    type: ClassVar[str] = "task.delete.cancel"

    async def run(self, scene: Scene) -> Effect:
        """Say that it was kept."""
        task = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        return Effect(
            in_place=widgets.task_card(task, scene.desk.now, said=spoken().kept, icon="info"),
            note=texts.noted(texts.NOTE_KEPT, task.number, task.title),
        )
