"""What is another's does not exist: for every method, and whatever is known of its ids."""

import pytest

from tests.storage.samples import LIKED, NOON, begun, changed_to, ended, message, run, task, task_to, thread
from widgetstream_server.conversation.errors import RunNotFoundError, TaskNotFoundError, ThreadNotFoundError
from widgetstream_server.conversation.ports import StoredItem, ThreadStore
from widgetstream_server.storage import StorageFault, TaskRepository, ThreadRepository
from widgetstream_server.todo.ports import TaskFilter, TaskStore

COVERED = {
    "get_thread",
    "list_threads",
    "change_thread",
    "delete_thread",
    "get_item",
    "list_items",
    "put_item",
    "delete_item",
    "put_feedback",
    "get_feedback",
    "begin_run",
    "queue_run",
    "end_run",
    "get_run",
    "active_run",
    "run_holders",
    # For those who look after what other processes have left, whoever's the runs are.
    "abandoned_runs",
}
TASKS_COVERED = {"create", "get", "get_by_number", "list", "count", "titles", "change", "delete"}


def test_every_method_is_covered() -> None:
    assert {name for name in vars(ThreadStore) if not name.startswith("_")} == COVERED
    assert {name for name in vars(TaskStore) if not name.startswith("_")} == TASKS_COVERED


async def test_anothers_thread_does_not_exist(threads: ThreadRepository) -> None:
    first = await begun(threads, "ann", items=[message("msg_1", "hers")])
    calls = {
        "get_thread": threads.get_thread("bob", "thr_1"),
        "change_thread": threads.change_thread("bob", "thr_1", changed_to(thread(title="his"))),
        "delete_thread": threads.delete_thread("bob", "thr_1"),
        "get_item": threads.get_item("bob", "thr_1", "msg_1"),
        "list_items": threads.list_items("bob", "thr_1", limit=9),
        "put_item": threads.put_item("bob", message("msg_1", "his"), 1),
        "put_item, new": threads.put_item("bob", message("msg_2", "his"), 2),
        "put_item, no place": threads.put_item("bob", message("msg_1", "his"), 0),
        "delete_item": threads.delete_item("bob", "thr_1", "msg_1"),
        "begin_run": threads.begin_run("bob", run("run_2"), items=[message("msg_2")]),
        "queue_run": threads.queue_run("bob", run("run_2")),
        "put_feedback": threads.put_feedback("bob", "thr_1", ["msg_1"], LIKED, NOON),
        "get_feedback": threads.get_feedback("bob", "thr_1", ["msg_1"]),
        "active_run": threads.active_run("bob", "thr_1"),
        "run_holders": threads.run_holders("bob", "thr_1"),
    }
    for name, call in calls.items():
        with pytest.raises(ThreadNotFoundError) as found:
            await call
        assert found.value.metadata == {"thread_id": "thr_1"}, name
    for name, run_call in {
        "get_run": threads.get_run("bob", "run_1"),
        "end_run": threads.end_run("bob", ended(first), items=[StoredItem(message("msg_1", "his"), 1)]),
    }.items():
        with pytest.raises(RunNotFoundError) as not_found:
            await run_call
        assert not_found.value.metadata == {"run_id": "run_1"}, name
    assert not (await threads.list_threads("bob", limit=9)).entries

    assert await threads.get_thread("ann", "thr_1") == thread()
    page = await threads.list_items("ann", "thr_1", limit=9)
    assert [entry.item for entry in page.entries] == [message("msg_1", "hers")]
    assert await threads.active_run("ann", "thr_1") == first


async def test_a_new_thread_cannot_take_anothers_id(threads: ThreadRepository) -> None:
    await begun(threads, "ann")

    with pytest.raises(StorageFault):
        await threads.begin_run("bob", run("run_2"), new_thread=thread(title="his"))

    assert await threads.get_thread("ann", "thr_1") == thread()


async def test_a_run_cannot_store_items_in_anothers_thread(threads: ThreadRepository) -> None:
    await begun(threads, "ann")
    his = await begun(threads, "bob", "thr_2")

    with pytest.raises(ThreadNotFoundError):
        await threads.end_run("bob", ended(his), items=[StoredItem(message("msg_1", thread_id="thr_1"), 1)])

    assert not (await threads.list_items("ann", "thr_1", limit=1)).entries
    assert await threads.active_run("bob", "thr_2") == his  # all or nothing


async def test_anothers_task_does_not_exist(tasks: TaskRepository) -> None:
    hers = await tasks.create("ann", task("tsk_1", "hers", tags=["a"]), due_at=NOON)
    calls = {
        "get": (tasks.get("bob", "tsk_1"), "tsk_1"),
        "get_by_number": (tasks.get_by_number("bob", 1), "1"),
        "change": (tasks.change("bob", "tsk_1", task_to(task("tsk_1", "his", tags=["b"]))), "tsk_1"),
        "delete": (tasks.delete("bob", "tsk_1"), "tsk_1"),
    }
    for name, (call, asked) in calls.items():
        with pytest.raises(TaskNotFoundError) as found:
            await call
        assert found.value.metadata == {"task_id": asked}, name
    for where in (TaskFilter(), TaskFilter(tag="a"), TaskFilter(query="hers"), TaskFilter(due_from=NOON)):
        assert not (await tasks.list("bob", where, limit=9)).entries
        assert await tasks.count("bob", where) == 0
    assert not await tasks.titles("bob")

    assert await tasks.get("ann", "tsk_1") == hers


async def test_numbers_are_counted_for_each_owner(tasks: TaskRepository) -> None:
    numbers = [
        (await tasks.create(owner, task(f"tsk_{place}"), due_at=None)).number
        for place, owner in enumerate(["ann", "bob", "ann", "bob", "bob"])
    ]

    assert numbers == [1, 1, 2, 2, 3]
