"""The shape of an action: a typed payload, and what it does to the thread."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo import widgets
from widgetstream_server.todo.desk import Change, Desk

FetchItem = Callable[[str], Awaitable[ThreadItem]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a click happens.

    Attributes:
        desk: The person and the tasks.
        sender: The item with the widget that was clicked, if any.
        fetch_item: Returns another item of the thread. Raises ``ItemNotFoundError``.
    """

    desk: Desk
    sender: ThreadItem | None
    fetch_item: FetchItem

    @property
    def widget(self) -> Widget | None:
        """The widget that was clicked."""
        return self.sender.widget.widget if self.sender is not None else None

    @property
    def list_shown(self) -> Widget | None:
        """The widget that was clicked, if it is a list of tasks."""
        widget = self.widget
        return widget if widget is not None and widgets.is_list(widget) else None

    async def rows_left(self, shown: Widget) -> int:
        """Return how many tasks a list is about now."""
        return await self.desk.tasks.count(widgets.state_of(shown).request(), self.desk.caller)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a click does to the thread.

    Attributes:
        in_place: The new value of the widget that was clicked. Where none was, it is shown as a new item.
        added: A widget to show as a new item.
        others: New values of other widgets, by the id of their items.
        change: What happened to tasks.
        note: What the person did, for the assistant.
    """

    in_place: Widget | None = None
    added: Widget | None = None
    others: Mapping[str, Widget] = field(default_factory=dict)
    change: Change | None = None
    note: str | None = None


class Click(BaseModel, ABC):
    """An action. Its fields are the payload."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    type: ClassVar[str]

    def check(self) -> None:
        """Check what the types do not say. Raises ``ShapeError``."""

    @abstractmethod
    async def run(self, scene: Scene) -> Effect:
        """Do it. Raises ``ConversationError``; a task that is gone is ``TaskNotFoundError``."""


class TaskClick(Click):
    """An action on one task."""

    task_id: str = Field(min_length=1, max_length=128)

    async def on_gone(self, scene: Scene) -> Effect:
        """Say that the task is gone; a row of it goes too."""
        shown = scene.list_shown
        if shown is None:
            return Effect(in_place=widgets.gone_card())
        left = widgets.without_row(shown, self.task_id, await scene.rows_left(shown))
        return Effect(in_place=left, added=widgets.gone_card())


async def show_task(task: Task, scene: Scene, said: str | None = None, *, icon: str = "check-circle") -> Widget:
    """Return the clicked widget with a task as it is now: the list with its row, or its card.

    Args:
        task: The task.
        scene: Where the click happened.
        said: What happened, for a card.
        icon: Before what happened.
    """
    shown = scene.list_shown
    if shown is None:
        return widgets.task_card(task, scene.desk.now, said=said, icon=icon)
    return widgets.with_row(shown, widgets.task_row(task, scene.desk.now), await scene.rows_left(shown))
