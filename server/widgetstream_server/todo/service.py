"""People's tasks: what the task service's calls, the assistant's tools and the widgets' actions work on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream.todo.v1.task_service_pb2 import (
    CreateTaskRequest,
    DueFilter,
    ListTasksRequest,
    ListTasksResponse,
    UpdateTaskRequest,
)
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import (
    InvalidArgumentError,
    PageTokenInvalidError,
    TaskNotFoundError,
)
from widgetstream_server.conversation.page_tokens import PageTokens
from widgetstream_server.conversation.ports import Clock, Ids
from widgetstream_server.todo import due, labels, resolution, rules, texts
from widgetstream_server.todo.ports import TaskCursor, TaskFilter, TaskStore
from widgetstream_server.todo.resolution import Resolution

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_TITLE = 200
MAX_TAG = 50
MAX_TAGS = 20

_LIST = "ListTasks"
_ID_PREFIX = "tsk"
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_MAX_NUMBER = 2**31 - 1


class Tasks:
    """The tasks of the caller that each method names; another's do not exist.

    A request is checked against the schema's rules and beyond: that dates exist, and that titles say something.
    What is stored is tidy: titles are one line, tags are in lower case, sorted, each once. Methods raise
    ``InvalidArgumentError`` for a field that breaks a rule, ``TaskNotFoundError``, and what the store raises.
    """

    def __init__(self, store: TaskStore, clock: Clock, ids: Ids, page_tokens: PageTokens) -> None:
        """Work on a store."""
        self._store = store
        self._clock = clock
        self._ids = ids
        self._page_tokens = page_tokens

    def local_now(self, caller: RequestContext) -> datetime:
        """Return the time in the caller's time zone."""
        return self._clock.now().astimezone(caller.time_zone)

    async def create(self, request: CreateTaskRequest, caller: RequestContext) -> Task:
        """Create a task and return it with its number."""
        rules.check(request)
        task = Task(
            task_id=self._ids.new(_ID_PREFIX),
            title=_title(request.title),
            description=labels.paragraphs(request.description),
            due=_due(request.due),
            priority=request.priority,
            tags=_tags(request.tags),
        )
        now = self._clock.now()
        task.create_time.FromDatetime(now)
        task.update_time.FromDatetime(now)
        return await self._store.create(_owner(caller), task, due_at=due.instant(task.due, caller.time_zone))

    async def get(self, task_id: str, caller: RequestContext) -> Task:
        """Return a task by its id, or by its number in decimal."""
        if task_id.isascii() and task_id.isdecimal():
            return await self._by_number(int(task_id), task_id, caller)
        if not _ID.fullmatch(task_id):
            raise TaskNotFoundError(task_id)
        return await self._store.get(_owner(caller), task_id)

    async def list(self, request: ListTasksRequest, caller: RequestContext) -> ListTasksResponse:
        """Return a page of tasks: open before done, then by due date, then by number.

        Raises:
            PageTokenInvalidError: The page token was not made for these filters.
        """
        rules.check(request)
        filters = ListTasksRequest()
        filters.CopyFrom(request)
        filters.ClearField("page_size")
        filters.ClearField("page_token")
        fingerprint = _owner(caller).encode() + b"\n" + filters.SerializeToString(deterministic=True)
        after = None
        if request.page_token:
            after = _cursor(self._page_tokens.decode(_LIST, fingerprint, request.page_token))
        where = task_filter(request, self.local_now(caller))
        if where is None:
            return ListTasksResponse()
        size = min(request.page_size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
        page = await self._store.list(_owner(caller), where, limit=size, after=after)
        total = await self._store.count(_owner(caller), where)
        token = ""
        if page.next is not None:
            at = page.next.due_at.isoformat() if page.next.due_at else None
            place = [int(page.next.completed), at, page.next.number]
            token = self._page_tokens.encode(_LIST, fingerprint, place)
        return ListTasksResponse(tasks=page.entries, next_page_token=token, total_size=total)

    async def count(self, request: ListTasksRequest, caller: RequestContext) -> int:
        """Return how many tasks the filters of a request let through."""
        rules.check(request)
        where = task_filter(request, self.local_now(caller))
        return 0 if where is None else await self._store.count(_owner(caller), where)

    async def update(self, request: UpdateTaskRequest, caller: RequestContext) -> Task:
        """Change the fields that are set, all or none, and return the task as it is then."""
        rules.check(request)

        def edit(task: Task) -> None:
            if request.HasField("title"):
                task.title = _title(request.title)
            if request.HasField("description"):
                task.description = labels.paragraphs(request.description)
            if request.HasField("due"):
                task.due = _due(request.due)
            if request.HasField("priority"):
                task.priority = request.priority
            if request.add_tags or request.remove_tags:
                left = set(task.tags) - set(labels.tags(request.remove_tags))
                task.tags[:] = _tags([*left, *request.add_tags], field="add_tags")

        return await self._change(request.task_id, caller, edit)

    async def complete(self, task_id: str, caller: RequestContext) -> Task:
        """Mark a task as done and return it. One that is done stays as it is."""

        def edit(task: Task) -> None:
            if not task.completed:
                task.completed = True
                task.complete_time.FromDatetime(self._clock.now())

        return await self._change(task_id, caller, edit)

    async def reopen(self, task_id: str, caller: RequestContext) -> Task:
        """Mark a task as open and return it. One that is open stays as it is."""

        def edit(task: Task) -> None:
            task.completed = False
            task.ClearField("complete_time")

        return await self._change(task_id, caller, edit)

    async def delete(self, task_id: str, caller: RequestContext) -> Task:
        """Delete a task, for good, and return what it was."""
        task = await self.get(task_id, caller)
        await self._store.delete(_owner(caller), task.task_id)
        return task

    async def resolve(self, reference: str, caller: RequestContext, *, prefer_completed: bool = False) -> Resolution:
        """Find the task that is meant: by number (``5``, ``#5``), by id, or by a title that is nearly right.

        Args:
            reference: What was said.
            caller: Whose tasks.
            prefer_completed: Which tasks win when the titles of open and done ones fit alike.
        """
        reference = reference[:MAX_TITLE]
        number = resolution.number_in(reference)
        try:
            if number is not None:
                return resolution.Found(await self._by_number(number, reference, caller))
            if reference.startswith(f"{_ID_PREFIX}_"):
                return resolution.Found(await self.get(reference, caller))
        except TaskNotFoundError:
            pass
        titles = await self._store.titles(_owner(caller))
        ranking = resolution.rank(reference, titles, prefer_completed=prefer_completed)
        good = await self._existing(ranking.good, caller)
        if len(good) == 1:
            return resolution.Found(good[0])
        if good:
            return resolution.Ambiguous(reference, good)
        return resolution.NotFound(reference, await self._existing(ranking.near, caller))

    async def _existing(self, numbers: Sequence[int], caller: RequestContext) -> Sequence[Task]:
        tasks = []
        for number in numbers[: resolution.MAX_CANDIDATES]:
            try:
                tasks.append(await self._store.get_by_number(_owner(caller), number))
            except TaskNotFoundError:  # deleted in between
                continue
        return tasks

    async def _by_number(self, number: int, reference: str, caller: RequestContext) -> Task:
        if number > _MAX_NUMBER:
            raise TaskNotFoundError(reference)
        return await self._store.get_by_number(_owner(caller), number)

    async def _change(self, reference: str, caller: RequestContext, edit: Callable[[Task], None]) -> Task:
        """Edit a task, and store it if that changed it, in one transaction."""
        task_id = reference
        if not reference.startswith(f"{_ID_PREFIX}_"):
            task_id = (await self.get(reference, caller)).task_id
        now = self._clock.now()

        def edit_and_date(task: Task) -> datetime | None:
            before = Task()
            before.CopyFrom(task)
            edit(task)
            if task != before:
                task.update_time.FromDatetime(now)
            return due.instant(task.due, caller.time_zone)

        return await self._store.change(_owner(caller), task_id, edit_and_date)


def task_filter(request: ListTasksRequest, now: datetime) -> TaskFilter | None:
    """Return the store's filter for a request, or None when no task can pass.

    Args:
        request: The request.
        now: The time, in the caller's time zone.
    """
    completed = request.completed if request.HasField("completed") else None
    if request.due == DueFilter.DUE_FILTER_OVERDUE:
        if completed:
            return None
        completed = False
    first, before = due.window(request.due, now)
    return TaskFilter(
        completed=completed,
        due_from=first,
        due_before=before,
        without_due=request.due == DueFilter.DUE_FILTER_NONE,
        priority=request.priority if request.priority != Priority.PRIORITY_UNSPECIFIED else None,
        tag=labels.tag(request.tag) or None,
        query=labels.line(request.query) or None,
    )


def _owner(caller: RequestContext) -> str:
    return caller.principal.id


def _title(text: str) -> str:
    title = labels.line(text)
    if not title:
        raise InvalidArgumentError.of("title", texts.BLANK_RULE)
    return title


def _due(text: str) -> str:
    try:
        return due.normalize(text)
    except due.DueError as error:
        raise InvalidArgumentError.of("due", str(error)) from None


def _tags(found: Sequence[str], field: str = "tags") -> list[str]:
    tags = labels.tags(found)
    if len(tags) > MAX_TAGS:
        raise InvalidArgumentError.of(field, texts.TAGS_RULE.format(count=MAX_TAGS))
    if any(len(tag) > MAX_TAG for tag in tags):  # a few capitals have longer small forms
        raise InvalidArgumentError.of(field, texts.TAG_LENGTH_RULE.format(count=MAX_TAG))
    return tags


def _cursor(place: Sequence[str | int | None]) -> TaskCursor:
    match place:
        case [int(completed), None, int(number)]:
            return TaskCursor(bool(completed), None, number)
        case [int(completed), str(at), int(number)]:
            return TaskCursor(bool(completed), datetime.fromisoformat(at), number)
        case _:
            raise PageTokenInvalidError
