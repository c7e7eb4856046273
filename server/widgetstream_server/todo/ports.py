"""What the todo app needs from outside: a store of tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream_server.conversation.ports import Slice


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a list holds: all conditions that are set must hold.

    Attributes:
        completed: Only those that are done, or only those that are open.
        due_from: Only those due at this instant or later. Aware.
        due_before: Only those due before this instant. Aware.
        without_due: Only those that are not due at any time.
        priority: Only those of this priority.
        tag: Only those with this label, in lower case.
        query: Only those whose title or description holds this text, whatever its case, in any script. Taken literally.
    """

    completed: bool | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    without_due: bool = False
    priority: Priority.ValueType | None = None
    tag: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class TaskCursor:
    """A place in a list of tasks: after the task with these sorting values.

    Attributes:
        completed: Whether that task is done: open ones come first.
        due_at: The instant at which it counts as due. None: it is not due; these come last.
        number: Its number.
    """

    completed: bool
    due_at: datetime | None
    number: int


class TaskStore(Protocol):
    """Keeps tasks, each for its owner.

    Every method sees the owner's tasks alone, is one transaction that is not torn by a cancel of its caller, and raises
    ``DependencyUnavailableError`` when the database does not answer. ``due_at`` is the instant at which a task counts
    as due: for a day, the end of that day in the owner's time zone at the time of writing.
    """

    async def create(self, owner: str, task: Task, *, due_at: datetime | None) -> Task:
        """Store a new task and return it with its number: one more than the owner's last, also across processes."""

    async def get(self, owner: str, task_id: str) -> Task:
        """Return a task. Raises ``TaskNotFoundError``."""

    async def get_by_number(self, owner: str, number: int) -> Task:
        """Return the task with a number. Raises ``TaskNotFoundError``."""

    async def list(
        self, owner: str, where: TaskFilter, *, limit: int, after: TaskCursor | None = None
    ) -> Slice[Task, TaskCursor]:
        """List tasks: open before done, then by due_at (those without one last), then by number; with keyset pages."""

    async def count(self, owner: str, where: TaskFilter) -> int:
        """Return how many tasks a list without pages would hold."""

    async def titles(self, owner: str, *, limit: int = 2000) -> Sequence[tuple[int, str, bool]]:
        """Return number, title and completed of the owner's tasks, open ones first, the newest first among equals."""

    async def change(self, owner: str, task_id: str, edit: Callable[[Task], datetime | None]) -> Task:
        """Change a task in one transaction, so that no change of another's at the same time is lost; return it.

        Args:
            owner: Whose it is.
            task_id: The task.
            edit: Changes the task that it gets, and returns when it counts as due. What it raises is raised here, and
                nothing is stored; nor when it changes nothing. It may be called in another thread, and more than once,
                each time with the task as it is stored.

        Raises:
            TaskNotFoundError: There is no such task.
        """

    async def delete(self, owner: str, task_id: str) -> None:
        """Delete a task. Raises ``TaskNotFoundError``."""
