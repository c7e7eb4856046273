"""Actions on a list."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from widgetstream_server.todo import listing, widgets
from widgetstream_server.todo.actions.click import Click, Effect, Scene
from widgetstream_server.todo.listing import ListState
from widgetstream_server.todo.names import FilterName, PriorityName


class More(ListState, Click):
    """Show the list in the state that the payload describes: with more rows, or with the next ones."""

    type: ClassVar[str] = "task.list.more"

    async def run(self, scene: Scene) -> Effect:
        """Show it in place of the list."""
        return await _show(ListState(**self.model_dump()), scene)


class Filter(Click):
    """Show another list. The conditions beside the filter stay."""

    type: ClassVar[str] = "task.list.filter"

    filter: FilterName
    priority: PriorityName | None = None
    tag: str | None = Field(default=None, max_length=50)
    query: str | None = Field(default=None, max_length=200)

    async def run(self, scene: Scene) -> Effect:
        """Show it in place of the list."""
        return await _show(ListState(**self.model_dump()), scene)


async def _show(state: ListState, scene: Scene) -> Effect:
    found = await listing.load(scene.desk.tasks, state, scene.desk.caller)
    return Effect(in_place=widgets.task_list(found))
