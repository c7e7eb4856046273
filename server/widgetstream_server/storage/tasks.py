"""The store of tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.conversation.ports import Slice
from widgetstream_server.storage import task_rows
from widgetstream_server.storage.database import Database
from widgetstream_server.todo.ports import TaskCursor, TaskFilter


class TaskRepository:
    """Tasks in a database; see ``TaskStore``, which this implements, for what each method promises."""

    def __init__(self, database: Database) -> None:
        """Make the store over a database, which stays the caller's to close."""
        self._database = database

    async def create(self, owner: str, task: Task, *, due_at: datetime | None) -> Task:
        """Store a new task and return it with its number."""
        return await self._database.write(lambda connection: task_rows.create(connection, owner, task, due_at))

    async def get(self, owner: str, task_id: str) -> Task:
        """Return a task. Raises ``TaskNotFoundError``."""
        return await self._database.read(lambda connection: task_rows.get(connection, owner, task_id))

    async def get_by_number(self, owner: str, number: int) -> Task:
        """Return the task with a number. Raises ``TaskNotFoundError``."""
        return await self._database.read(lambda connection: task_rows.get_by_number(connection, owner, number))

    async def list(
        self, owner: str, where: TaskFilter, *, limit: int, after: TaskCursor | None = None
    ) -> Slice[Task, TaskCursor]:
        """List tasks: open before done, then by ``due_at`` (those without one last), then by number."""
        return await self._database.read(lambda connection: task_rows.page(connection, owner, where, limit, after))

    async def count(self, owner: str, where: TaskFilter) -> int:
        """Return how many tasks a list without pages would hold."""
        return await self._database.read(lambda connection: task_rows.count(connection, owner, where))

    async def titles(self, owner: str, *, limit: int = 2000) -> Sequence[tuple[int, str, bool]]:
        """Return number, title and completed, open ones first, then the newest first."""
        return await self._database.read(lambda connection: task_rows.titles(connection, owner, limit))

    async def change(self, owner: str, task_id: str, edit: Callable[[Task], datetime | None]) -> Task:
        """Change a task; its number and its time of creation stay. Raises ``TaskNotFoundError`` and as ``edit``."""
        return await self._database.write(lambda connection: task_rows.change(connection, owner, task_id, edit))

    async def delete(self, owner: str, task_id: str) -> None:
        """Delete a task. Raises ``TaskNotFoundError``."""
        await self._database.write(lambda connection: task_rows.delete(connection, owner, task_id))
