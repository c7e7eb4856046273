"""Statements on tasks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.conversation.errors import TaskNotFoundError
from widgetstream_server.conversation.ports import Slice
from widgetstream_server.storage.column_types import NEVER, Instant, PlainText
from widgetstream_server.storage.tables import task_counters, task_tags, tasks
from widgetstream_server.storage.thread_rows import instant
from widgetstream_server.todo.ports import TaskCursor, TaskFilter

# Between title and description, so that no search finds the end of one with the beginning of the other.
_BORDER = "\x1e"
_LAST_NUMBER = 2**31 - 1
_LATEST = NEVER - timedelta(microseconds=1)

_id: sa.BindParameter[str] = sa.bindparam("of_task", type_=PlainText)
_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_own = sa.and_(tasks.c.id == _id, tasks.c.owner == _owner)
_NUMBERED = sa.and_(tasks.c.owner == _owner, tasks.c.number == sa.bindparam("of_number", type_=sa.Integer))
_ORDER = (tasks.c.completed, tasks.c.due_at, tasks.c.number)


def create(connection: sa.Connection, owner: str, task: Task, due_at: datetime | None) -> Task:
    """Store a new task and return it with its number."""
    stored = Task()
    stored.CopyFrom(task)
    stored.tags[:] = sorted(set(task.tags))
    stored.number = connection.execute(_COUNT[connection.dialect.name], {"owner": owner}).scalar_one() - 1
    connection.execute(
        _INSERT,
        {
            "id": task.task_id,
            "owner": owner,
            "number": stored.number,
            "created_at": instant(task.create_time),
            **_values(stored, due_at),
        },
    )
    if stored.tags:
        connection.execute(_ADD_TAG[connection.dialect.name], _tag_values(stored))
    return stored


def get(connection: sa.Connection, owner: str, task_id: str) -> Task:
    """Return a task. Raises ``TaskNotFoundError``."""
    statement = _BY_ID[connection.dialect.name]
    row = connection.execute(statement, {"of_owner": owner, "of_task": task_id}).first()
    if row is None:
        raise TaskNotFoundError(task_id)
    return _task(row)


def get_by_number(connection: sa.Connection, owner: str, number: int) -> Task:
    """Return the task with a number. Raises ``TaskNotFoundError``."""
    row = None
    if 0 < number <= _LAST_NUMBER:
        statement = _BY_NUMBER[connection.dialect.name]
        row = connection.execute(statement, {"of_owner": owner, "of_number": number}).first()
    if row is None:
        raise TaskNotFoundError(str(number))
    return _task(row)


def page(
    connection: sa.Connection, owner: str, where: TaskFilter, limit: int, after: TaskCursor | None
) -> Slice[Task, TaskCursor]:
    """Return a page of tasks: open before done, then by when they are due, then by number."""
    statement = _SELECT[connection.dialect.name].where(*_conditions(owner, where))
    if after is not None and where.completed in (None, after.completed):
        statement = statement.where(_follows(after, where.completed))
    elif after is not None and after.completed:
        return Slice([], None)  # open tasks come before done ones
    rows = connection.execute(statement.order_by(*_ORDER).limit(limit + 1)).all()
    shown = rows[:limit]
    return Slice([_task(row) for row in shown], _cursor(shown[-1]) if len(rows) > limit else None)


def count(connection: sa.Connection, owner: str, where: TaskFilter) -> int:
    """Return how many tasks the filter lets through."""
    statement = sa.select(sa.func.count()).select_from(tasks).where(*_conditions(owner, where))
    return connection.execute(statement).scalar_one()


def titles(connection: sa.Connection, owner: str, limit: int) -> Sequence[tuple[int, str, bool]]:
    """Return number, title and completed, open ones first, then the newest first."""
    rows = connection.execute(_TITLES, {"of_owner": owner, "limit": limit})
    return [(row.number, row.title, row.completed) for row in rows]


def change(connection: sa.Connection, owner: str, task_id: str, edit: Callable[[Task], datetime | None]) -> Task:
    """Change a task that nobody else changes meanwhile, and return it. Raises ``TaskNotFoundError``."""
    values = {"of_owner": owner, "of_task": task_id}
    # First the lock, then, with what others have stored until then, the row and its tags. SQLite has one writer anyway.
    connection.execute(_LOCK, values)
    row = connection.execute(_BY_ID[connection.dialect.name], values).first()
    if row is None:
        raise TaskNotFoundError(task_id)
    before, task = _task(row), _task(row)
    due_at = edit(task)
    if task != before:
        _save(connection, owner, task, due_at)
    return task


def _save(connection: sa.Connection, owner: str, task: Task, due_at: datetime | None) -> None:
    values = {"of_owner": owner, "of_task": task.task_id, **_values(task, due_at)}
    connection.execute(_UPDATE, values)
    if not task.tags:
        connection.execute(_DROP_TAGS, {"of_task": task.task_id})
        return
    connection.execute(_DROP_OTHER_TAGS, {"of_task": task.task_id, "kept": list(task.tags)})
    connection.execute(_ADD_TAG[connection.dialect.name], _tag_values(task))


def delete(connection: sa.Connection, owner: str, task_id: str) -> None:
    """Delete a task. Raises ``TaskNotFoundError``."""
    if not connection.execute(_DELETE, {"of_owner": owner, "of_task": task_id}).rowcount:
        raise TaskNotFoundError(task_id)


def fold(text: str) -> str:
    """Return a text as it is compared in search: without case, and with one way to write each character."""
    composed = unicodedata.normalize("NFC", text.replace(_BORDER, " "))
    return unicodedata.normalize("NFC", composed.casefold())


def _conditions(owner: str, where: TaskFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [tasks.c.owner == owner]
    if where.completed is not None:
        conditions.append(tasks.c.completed == where.completed)
    if where.due_from is not None:
        conditions += [tasks.c.due_at >= where.due_from, tasks.c.due_at < NEVER]
    if where.due_before is not None:
        conditions.append(tasks.c.due_at < where.due_before)
    if where.without_due:
        # There is nothing later. As an equation, it would keep SQLite from seeing that the index has the list's order.
        conditions.append(tasks.c.due_at >= NEVER)
    if where.priority is not None:
        conditions.append(tasks.c.priority == sa.literal(where.priority, sa.SmallInteger))
    if where.tag is not None:
        # A subquery, not a join: the list goes through the index that has its order, and looks up each task's tag.
        tag = sa.select(task_tags.c.tag).where(task_tags.c.task_id == tasks.c.id, task_tags.c.tag == where.tag)
        conditions.append(tag.scalar_subquery().is_not(None))
    if where.query is not None:
        conditions.append(tasks.c.search.contains(fold(where.query), autoescape=True))
    return conditions


def _follows(after: TaskCursor, completed: bool | None) -> sa.ColumnElement[bool]:
    """Return the condition on tasks that come after a place in a list of all, or of those as done or open as it is."""
    due_at = sa.literal(_due_at(after.due_at), Instant)
    number = sa.literal(max(0, min(after.number, _LAST_NUMBER)), sa.Integer)
    if completed is None:
        return sa.tuple_(*_ORDER) > sa.tuple_(sa.literal(after.completed, sa.Boolean), due_at, number)
    # SQLite takes the wrong index when it is told twice what `completed` is.
    return sa.tuple_(tasks.c.due_at, tasks.c.number) > sa.tuple_(due_at, number)


def _due_at(due_at: datetime | None) -> datetime:
    return NEVER if due_at is None else min(due_at, _LATEST)


def _values(task: Task, due_at: datetime | None) -> dict[str, Any]:
    return {
        "title": task.title,
        "description": task.description,
        "due": task.due,
        "due_at": _due_at(due_at),
        "priority": int(task.priority),
        "completed": task.completed,
        "completed_at": instant(task.complete_time) if task.HasField("complete_time") else None,
        "updated_at": instant(task.update_time),
        "search": fold(task.title) + _BORDER + fold(task.description),
    }


def _tag_values(task: Task) -> list[dict[str, Any]]:
    return [{"task_id": task.task_id, "tag": tag} for tag in sorted(set(task.tags))]


def _task(row: sa.Row[*tuple[Any, ...]]) -> Task:
    task = Task(
        task_id=row.id,
        number=row.number,
        title=row.title,
        description=row.description,
        due=row.due,
        priority=row.priority,
        tags=sorted(row.tags or ()),
        completed=row.completed,
    )
    task.create_time.FromDatetime(row.created_at)
    task.update_time.FromDatetime(row.updated_at)
    if row.completed_at is not None:
        task.complete_time.FromDatetime(row.completed_at)
    return task


def _cursor(row: sa.Row[*tuple[Any, ...]]) -> TaskCursor:
    return TaskCursor(row.completed, None if row.due_at == NEVER else row.due_at, row.number)


def _select(to_list: str) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads tasks, each with its labels in one value."""
    labels = sa.func.__getattr__(to_list)(task_tags.c.tag, type_=sa.JSON)
    tags = sa.select(labels).where(task_tags.c.task_id == tasks.c.id).scalar_subquery()
    return sa.select(*(column for column in tasks.columns if column is not tasks.c.search), tags.label("tags"))


def _counting(insert: postgresql.Insert | sqlite.Insert) -> sa.Executable:
    """Return the statement that takes an owner's next number, in one step."""
    return (
        insert.values(next_number=2)
        .on_conflict_do_update(
            index_elements=[task_counters.c.owner], set_={"next_number": task_counters.c.next_number + 1}
        )
        .returning(task_counters.c.next_number)
    )


_SELECT = {"sqlite": _select("json_group_array"), "postgresql": _select("json_agg")}
_BY_ID = {dialect: select.where(_own) for dialect, select in _SELECT.items()}
_LOCK = sa.select(tasks.c.id).where(_own).with_for_update()
_BY_NUMBER = {dialect: select.where(_NUMBERED) for dialect, select in _SELECT.items()}
_COUNT = {
    "sqlite": _counting(sqlite.insert(task_counters)),
    "postgresql": _counting(postgresql.insert(task_counters)),
}
_INSERT = sa.insert(tasks)
_ADD_TAG = {
    "sqlite": sqlite.insert(task_tags).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(task_tags).on_conflict_do_nothing(),
}
_DROP_TAGS = sa.delete(task_tags).where(task_tags.c.task_id == _id)
_DROP_OTHER_TAGS = _DROP_TAGS.where(task_tags.c.tag.not_in(sa.bindparam("kept", expanding=True)))
_TITLES = (
    sa.select(tasks.c.number, tasks.c.title, tasks.c.completed)
    .where(tasks.c.owner == _owner)
    .order_by(tasks.c.completed, tasks.c.number.desc())
    .limit(sa.bindparam("limit"))
)
_UPDATE = sa.update(tasks).where(_own)
_DELETE = sa.delete(tasks).where(_own)
