"""A small world for the todo app: the true engine, the Agents SDK's true runner, the offline model, SQLite."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agents import Model
from google.protobuf.json_format import MessageToDict

from widgetstream.chatkit.v1.action_pb2 import Action, ActionConfig
from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest, SyncActionRequest
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream.todo.v1.task_service_pb2 import CreateTaskRequest
from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.item_locks import ItemLocks
from widgetstream_server.conversation.page_tokens import PageTokens
from widgetstream_server.conversation.ports import Slice
from widgetstream_server.conversation.principal import Principal
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.conversation.run_log import RunReader
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.conversation.threads import Threads
from widgetstream_server.storage import (
    Database,
    JournalRepository,
    RequestRepository,
    TaskRepository,
    ThreadRepository,
)
from widgetstream_server.todo.app import TodoApp, create
from widgetstream_server.todo.ports import TaskCursor, TaskFilter
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets import limits, tree
from widgetstream_server.widgets.updates import apply

# A Monday, eleven o'clock in Oslo.
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TERMINAL = ("run_completed", "run_failed", "run_canceled")


class ManualClock:
    """A clock that stands until it is told otherwise."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()

    def advance(self, **parts: float) -> None:
        self.time += timedelta(**parts)


class CountingIds:
    """Ids that count from 1, each prefix for itself."""

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()

    def new(self, prefix: str) -> str:
        self._made[prefix] += 1
        return f"{prefix}_{self._made[prefix]:016}"


class BrittleTasks(TaskRepository):
    """A store of tasks that fails when told to, and counts how many tasks it was asked for."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.fault: Exception | None = None
        self.largest_page = 0

    async def list(
        self, owner: str, where: TaskFilter, *, limit: int, after: TaskCursor | None = None
    ) -> Slice[Task, TaskCursor]:
        self._check()
        self.largest_page = max(self.largest_page, limit)
        return await super().list(owner, where, limit=limit, after=after)

    async def create(self, owner: str, task: Task, *, due_at: datetime | None) -> Task:
        self._check()
        return await super().create(owner, task, due_at=due_at)

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault


def person(name: str, zone: str = "Europe/Oslo") -> RequestContext:
    return RequestContext(Principal(f"dev:{name}", name, "dev"), ZoneInfo(zone))


@dataclass
class World:
    """Everything that is there."""

    clock: ManualClock
    ids: CountingIds
    store: BrittleTasks
    app: TodoApp
    runs: Runs
    threads: Threads
    ann: RequestContext = field(default_factory=lambda: person("ann"))
    bob: RequestContext = field(default_factory=lambda: person("bob"))

    async def add(self, title: str, who: RequestContext | None = None, **fields: Any) -> Task:
        return await self.app.tasks.create(CreateTaskRequest(title=title, **fields), who or self.ann)

    async def task(self, number: int, who: RequestContext | None = None) -> Task:
        return await self.app.tasks.get(str(number), who or self.ann)

    def talk(self, who: RequestContext | None = None) -> Talk:
        return Talk(self, who or self.ann)


@asynccontextmanager
async def open_world(path: Path, models: Mapping[str, Model] | None = None) -> AsyncIterator[World]:
    database = await Database.open(f"sqlite:///{path}")
    clock, ids = ManualClock(), CountingIds()
    store, threads = BrittleTasks(database), ThreadRepository(database)
    tokens = PageTokens(b"a key for page tokens")
    resources = Resources(
        clock=clock, ids=ids, threads=threads, tasks=store, models=lambda: ModelCatalog(models), page_tokens=tokens
    )
    app = create(resources)
    requests = RequestRepository(database)
    runs = Runs(
        app,
        threads,
        requests,
        JournalRepository(database),
        clock=clock,
        ids=ids,
        apply_widget_update=apply,
    )
    try:
        locks = ItemLocks(requests, clock, lambda: False)
        service = Threads(app, threads, runs, clock=clock, page_tokens=tokens, item_locks=locks)
        yield World(clock, ids, store, app, runs, service)
    finally:
        await runs.stop(0)
        await database.close()


@dataclass
class Turn:
    """The events of one run."""

    events: Sequence[WidgetEvent]

    @property
    def kinds(self) -> list[str]:
        return [str(event.WhichOneof("event")) for event in self.events]

    @property
    def end(self) -> str:
        return self.kinds[-1]

    def of(self, kind: str) -> list[Any]:
        return [getattr(event, kind) for event in self.events if event.WhichOneof("event") == kind]

    @property
    def done(self) -> list[ThreadItem]:
        return [event.item for event in self.of("item_done")]

    @property
    def shown(self) -> list[ThreadItem]:
        """The items with widgets that are new."""
        return [item for item in self.done if item.HasField("widget")]

    @property
    def widgets(self) -> list[Widget]:
        return [item.widget.widget for item in self.shown]

    @property
    def widget(self) -> Widget:
        (widget,) = self.widgets
        return widget

    @property
    def replaced(self) -> list[ThreadItem]:
        return [event.item for event in self.of("item_replaced")]

    @property
    def text(self) -> str:
        return "\n".join(
            part.text
            for item in self.done
            if item.HasField("assistant_message")
            for part in item.assistant_message.content
        )

    @property
    def effects(self) -> list[dict[str, Any]]:
        return [{"name": e.name, **MessageToDict(e.data)} for e in self.of("client_effect")]


class Talk:
    """A person's conversation in one thread."""

    def __init__(self, world: World, who: RequestContext) -> None:
        self.world = world
        self.who = who
        self.thread_id = ""

    async def say(self, text: str) -> Turn:
        request = RespondRequest(thread_id=self.thread_id, text=text)
        return await self._follow(await self.world.runs.respond(request, self.who))

    async def send(self, request: RespondRequest) -> Turn:
        """Send any request to this thread."""
        request.thread_id = self.thread_id
        return await self._follow(await self.world.runs.respond(request, self.who))

    async def click(self, item: ThreadItem | None, config: ActionConfig, **form: Any) -> Turn:
        """Use a component of a widget. A form's values go with the payload."""
        payload = {**(MessageToDict(config.payload) or {}), **form}
        return await self.act(item, config.type, payload)

    async def act(self, item: ThreadItem | None, action_type: str, payload: Any) -> Turn:
        request = ActionRequest(
            thread_id=self.thread_id, item_id=item.id if item else "", action=action_of(action_type, payload)
        )
        return await self._follow(await self.world.runs.action(request, self.who))

    async def act_at_once(self, item: ThreadItem, action_type: str, payload: Any) -> ThreadItem | None:
        request = SyncActionRequest(thread_id=self.thread_id, item_id=item.id, action=action_of(action_type, payload))
        response = await self.world.threads.sync_action(request, self.who)
        return response.updated_item if response.HasField("updated_item") else None

    async def _follow(self, reader: RunReader) -> Turn:
        frames: list[bytes] = []
        while read := await reader.read():
            frames.extend(read)
        turn = Turn([WidgetEvent.FromString(frame) for frame in frames])
        self.thread_id = turn.events[0].thread_id
        assert turn.kinds[0] == "run_started"
        assert [kind for kind in turn.kinds if kind in TERMINAL] == [turn.end]
        for item in turn.shown + turn.replaced:
            if item.HasField("widget"):
                limits.check(item.widget.widget)
        return turn


def action_of(action_type: str, payload: Any) -> Action:
    return Action(type=action_type, payload=ui.action(action_type, payload).payload)


def part(widget: Widget, component_id: str) -> Any:
    """The component with this id, as its own message."""
    found = tree.find(widget, component_id)
    assert found is not None, f"{component_id} is not in {[w.id for w in tree.walk(widget)]}"
    return getattr(found, str(found.WhichOneof("component")))


def ids_of(widget: Widget) -> list[str]:
    return [component.id for component in tree.walk(widget)]


def rows_of(widget: Widget) -> list[int]:
    """The numbers of the tasks in a list, in its order."""
    ids = [row.id for row in widget.list_view.children]
    return [int(row_id.split("_")[1]) for row_id in ids if row_id.startswith("task_")]
