"""Operations that look at tasks."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo import listing, widgets
from widgetstream_server.todo.desk import Desk
from widgetstream_server.todo.listing import ListState
from widgetstream_server.todo.names import FilterName, PriorityName
from widgetstream_server.todo.operations.operation import Operation, Outcome, TaskOperation, brief
from widgetstream_server.todo.shapes import read


class ListTasks(Operation):
    """Show a list of tasks. Without arguments: all that are open."""

    name: ClassVar[str] = "list_tasks"

    filter: FilterName | None = Field(
        default=None,
        description="Which tasks. All but `all` and `done` hold open ones only; `this_week` ends on Sunday",
    )
    priority: PriorityName | None = Field(default=None, description="Only those of this priority")
    tag: str | None = Field(default=None, description="Only those with this tag")
    query: str | None = Field(default=None, description="Only those whose title or description holds this text")

    async def run(self, desk: Desk) -> Outcome:
        """Show the list."""
        state = read(ListState, {name: value for name, value in self.arguments().items() if value})
        found = await listing.load(desk.tasks, state, desk.caller)
        result = {
            "status": "ok",
            "filter": state.filter,
            "total": found.total,
            "listed": [task.number for task in found.tasks],
            "tasks": [brief(task) for task in found.tasks],
        }
        return Outcome(result, widgets.task_list(found))


class ShowTask(TaskOperation):
    """Show all there is to one task."""

    name: ClassVar[str] = "show_task"

    async def run_on(self, task: Task, desk: Desk) -> Outcome:
        """Show the card."""
        result = {"status": "ok", "task": brief(task)}
        if task.description:
            result["description"] = task.description
        return Outcome(result, widgets.task_card(task, desk.now))
