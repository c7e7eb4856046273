"""Operations that change tasks."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream.todo.v1.task_service_pb2 import CreateTaskRequest, UpdateTaskRequest
from widgetstream_server.conversation.errors import InvalidArgumentError
from widgetstream_server.todo import due as dates
from widgetstream_server.todo import widgets
from widgetstream_server.todo.desk import Change, Desk
from widgetstream_server.todo.names import PRIORITIES, PriorityName
from widgetstream_server.todo.operations.operation import Operation, Outcome, TaskOperation, brief
from widgetstream_server.todo.words import spoken

_DUE = "A day (2026-12-05), or a time with its offset (2026-12-05T17:00:00+01:00), in the person's time zone"


class AddTask(Operation):
    """Add a task. Call it once for each task."""

    name: ClassVar[str] = "add_task"

    title: str = Field(description="What is to be done, in the person's words, without date, priority and tags")
    description: str | None = Field(default=None, description="More about it, if the person said more")
    due: str | None = Field(default=None, description=_DUE)
    priority: PriorityName | None = Field(default=None, description="Only if the person said so")
    tags: list[str] | None = Field(default=None, description="Labels, only if the person said so")

    async def run(self, desk: Desk) -> Outcome:
        """Add it."""
        request = CreateTaskRequest(
            title=self.title,
            description=self.description or "",
            due=_due(self.due, desk) or "",
            priority=_priority(self.priority) or Priority.PRIORITY_UNSPECIFIED,
            tags=self.tags,
        )
        task = await desk.tasks.create(request, desk.caller)
        return Outcome(
            {"status": "ok", "task": brief(task)},
            widgets.task_card(task, desk.now, said=spoken().added),
            Change("added", [task]),
        )


class CompleteTask(TaskOperation):
    """Mark a task as done."""

    name: ClassVar[str] = "complete_task"

    async def run_on(self, task: Task, desk: Desk) -> Outcome:
        """Complete it."""
        if task.completed:
            return _unchanged(task, spoken().already_done, desk)
        task = await desk.tasks.complete(task.task_id, desk.caller)
        return Outcome(
            {"status": "ok", "task": brief(task)},
            widgets.task_card(task, desk.now, said=spoken().completed),
            Change("completed", [task]),
        )


class ReopenTask(TaskOperation):
    """Mark a task that is done as open again."""

    name: ClassVar[str] = "reopen_task"
    prefer_completed: ClassVar[bool] = True

    async def run_on(self, task: Task, desk: Desk) -> Outcome:
        """Reopen it."""
        if not task.completed:
            return _unchanged(task, spoken().already_open, desk)
        task = await desk.tasks.reopen(task.task_id, desk.caller)
        return Outcome(
            {"status": "ok", "task": brief(task)},
            widgets.task_card(task, desk.now, said=spoken().reopened, icon="reload"),
            Change("reopened", [task]),
        )


class UpdateTask(TaskOperation):
    """Change a task. What is not given stays as it is."""

    name: ClassVar[str] = "update_task"

    title: str | None = Field(default=None, description="The new title")
    description: str | None = Field(default=None, description="The new description; empty to remove it")
    due: str | None = Field(default=None, description=_DUE)
    clear_due: bool | None = Field(default=None, description="True: the task is not due any more")
    priority: PriorityName | None = Field(default=None, description="The new priority")
    add_tags: list[str] | None = Field(default=None, description="Tags to add")
    remove_tags: list[str] | None = Field(default=None, description="Tags to remove")

    async def run_on(self, task: Task, desk: Desk) -> Outcome:
        """Change it."""
        request = UpdateTaskRequest(
            task_id=task.task_id,
            title=self.title,
            description=self.description,
            due="" if self.clear_due else _due(self.due, desk),
            priority=_priority(self.priority),
            add_tags=self.add_tags,
            remove_tags=self.remove_tags,
        )
        updated = await desk.tasks.update(request, desk.caller)
        if updated == task:
            return _unchanged(task, spoken().unchanged, desk)
        return Outcome(
            {"status": "ok", "task": brief(updated)},
            widgets.task_card(updated, desk.now, said=spoken().updated),
            Change("updated", [updated]),
        )


class DeleteTask(TaskOperation):
    """Ask the person whether to delete a task. This deletes nothing: the person decides by a click."""

    name: ClassVar[str] = "delete_task"

    async def run_on(self, task: Task, desk: Desk) -> Outcome:
        """Ask."""
        return Outcome(
            {"status": "asked", "question": "confirm_delete", "task": brief(task)},
            widgets.delete_card(task, desk.now),
        )


def _unchanged(task: Task, said: str, desk: Desk) -> Outcome:
    return Outcome(
        {"status": "ok", "changed": False, "task": brief(task)},
        widgets.task_card(task, desk.now, said=said, icon="info"),
    )


def _due(text: str | None, desk: Desk) -> str | None:
    """Forgive a model that leaves the offset out: it means the person's time zone."""
    if text is None:
        return None
    try:
        return dates.normalize(text, zone=desk.caller.time_zone)
    except dates.DueError as error:
        raise InvalidArgumentError.of("due", str(error)) from None


def _priority(name: PriorityName | None) -> Priority.ValueType | None:
    return PRIORITIES[name] if name else None
