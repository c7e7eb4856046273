"""Threads, items, runs and tasks, as short as tests want them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run, RunState
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream_server.conversation.ports import ThreadStore

LIKED = FeedbackKind.FEEDBACK_KIND_POSITIVE
NOON = datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC)


def at(microseconds: int) -> datetime:
    return NOON + timedelta(microseconds=microseconds)


def thread(thread_id: str = "thr_1", *, title: str | None = None, time: datetime = NOON) -> Thread:
    made = Thread(id=thread_id, title=title)
    made.create_time.FromDatetime(time)
    made.update_time.FromDatetime(time)
    made.status.active.SetInParent()
    return made


def changed_to(value: Thread) -> Callable[[Thread], None]:
    """Return what changes a thread to a value."""

    def edit(stored: Thread) -> None:
        stored.CopyFrom(value)

    return edit


def task_to(value: Task, *, due_at: datetime | None = None) -> Callable[[Task], datetime | None]:
    """Return what changes a task to a value, but for its number."""

    def edit(stored: Task) -> datetime | None:
        number = stored.number
        stored.CopyFrom(value)
        stored.number = number
        return due_at

    return edit


def message(item_id: str, text: str = "", *, thread_id: str = "thr_1", time: datetime = NOON) -> ThreadItem:
    item = ThreadItem(id=item_id, thread_id=thread_id)
    item.create_time.FromDatetime(time)
    item.user_message.content.add().input_text.text = text
    return item


def note(item_id: str, *, thread_id: str = "thr_1") -> ThreadItem:
    """A hidden item."""
    item = ThreadItem(id=item_id, thread_id=thread_id)
    item.create_time.FromDatetime(NOON)
    item.sdk_hidden_context.content = "stopped"
    return item


def run(run_id: str = "run_1", *, thread_id: str = "thr_1", time: datetime = NOON) -> Run:
    made = Run(run_id=run_id, thread_id=thread_id, state=RunState.RUN_STATE_RUNNING)
    made.create_time.FromDatetime(time)
    return made


def ended(
    begun: Run,
    state: RunState.ValueType = RunState.RUN_STATE_COMPLETED,
    *,
    time: datetime = NOON,
    last_sequence: int = 0,
) -> Run:
    made = Run()
    made.CopyFrom(begun)
    made.state = state
    made.end_time.FromDatetime(time)
    made.last_sequence = last_sequence
    return made


async def begun(
    store: ThreadStore, owner: str = "ann", thread_id: str = "thr_1", *, items: Sequence[ThreadItem] = ()
) -> Run:
    """Begin the first run of a new thread; the run's id goes with the thread's."""
    first = run(thread_id.replace("thr_", "run_"), thread_id=thread_id)
    await store.begin_run(owner, first, new_thread=thread(thread_id), items=items)
    return first


async def idle(
    store: ThreadStore, owner: str = "ann", thread_id: str = "thr_1", *, items: Sequence[ThreadItem] = ()
) -> None:
    """Store a new thread in which no run is under way."""
    await store.end_run(owner, ended(await begun(store, owner, thread_id, items=items)))


def task(
    task_id: str,
    title: str = "Milk",
    *,
    description: str = "",
    due: str = "",
    priority: Priority.ValueType = Priority.PRIORITY_UNSPECIFIED,
    tags: Sequence[str] = (),
    completed: bool = False,
) -> Task:
    made = Task(
        task_id=task_id,
        title=title,
        description=description,
        due=due,
        priority=priority,
        tags=tags,
        completed=completed,
    )
    made.create_time.FromDatetime(NOON)
    made.update_time.FromDatetime(NOON)
    if completed:
        made.complete_time.FromDatetime(NOON)
    return made
