"""Every statement that the stores make goes through an index, and lists come out of it in their order.

The statements are caught on their way to the driver while each method of the stores is called, and explained afterwards
by a database with enough rows for an index to be worth its while.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from tests.storage.plans import Caught, catching, rows_read, steps_of
from tests.storage.samples import LIKED, NOON, at, changed_to, ended, message, run, task, task_to, thread
from tests.storage.test_isolation import COVERED, TASKS_COVERED
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream.todo.v1.task_pb2 import Priority
from widgetstream_server.conversation.ports import Order, StoredItem, ThreadCursor
from widgetstream_server.storage import Database, TaskRepository, ThreadRepository
from widgetstream_server.storage import tables as t
from widgetstream_server.storage.column_types import NEVER
from widgetstream_server.todo.ports import TaskCursor, TaskFilter

OWNERS = 20
LONG = 10_000
"""How many items the long thread has."""


@pytest.fixture
async def filled(database: Database, database_url: str) -> AsyncIterator[None]:
    """Fill a database with many owners' rows."""
    await database.write(_fill)
    if database.dialect == "postgresql":
        connection = await asyncpg.connect(database_url)
        await connection.execute("ANALYZE")
        await connection.close()
    yield
    if database.dialect == "postgresql":  # what it knows of these rows would mislead it about others
        connection = await asyncpg.connect(database_url)
        await connection.execute(f"TRUNCATE {', '.join(t.metadata.tables)}")
        await connection.execute("ANALYZE")
        await connection.close()


def _fill(connection: sa.Connection) -> None:
    """Owner 1 has a lot of everything, and one long thread; the others have little."""
    blank = {"data": b"x" * 100, "created_at": NOON}
    sizes = {owner: 1000 if owner == 1 else 20 for owner in range(OWNERS)}
    names = [(f"own_{owner}", f"thr_{owner}_{number}") for owner, size in sizes.items() for number in range(size)]
    own_tasks = [(owner, number) for owner, size in sizes.items() for number in range(1, size + 1)]
    rows: dict[sa.Table, list[dict[str, Any]]] = {
        t.threads: [
            {**blank, "id": name, "owner": owner, "updated_at": at(place)} for place, (owner, name) in enumerate(names)
        ],
        t.items: [
            {**blank, "id": f"{name}:{place}", "thread_id": name, "position": place, "kind": "widget", "hidden": False}
            for _, name in names
            for place in range(1, LONG if name == "thr_1_1" else 4)
        ],
        t.runs: [
            {
                "id": f"run_{name}_{place}",
                "thread_id": name,
                "owner": owner,
                "state": int(RunState.RUN_STATE_COMPLETED),
                "created_at": NOON,
                "last_sequence": 9,
            }
            for owner, name in names
            for place in range(2)
        ],
        t.tasks: [
            {
                "id": f"tsk_{owner}_{number}",
                "owner": f"own_{owner}",
                "number": number,
                "title": "Milk",
                "description": "",
                "due": "",
                "due_at": NEVER if number % 3 == 0 else NOON + timedelta(days=number % 100),
                "priority": number % 4,
                "completed": number % 5 == 0,
                "created_at": NOON,
                "updated_at": NOON,
                "search": f"milk {number}",
            }
            for owner, number in own_tasks
        ],
        t.task_tags: [{"task_id": f"tsk_{owner}_{number}", "tag": f"tag{number % 7}"} for owner, number in own_tasks],
        t.task_counters: [{"owner": f"own_{owner}", "next_number": size + 1} for owner, size in sizes.items()],
    }
    for table, values in rows.items():
        connection.execute(sa.insert(table), values)


ORDERS: list[Order] = ["asc", "desc"]
LISTS = {"list_threads", "list_items", "list"}
"""What comes in pages. (`titles` reads all titles at once, and may sort them.)"""


def calls(threads: ThreadRepository, tasks: TaskRepository) -> Iterator[tuple[str, Awaitable[object]]]:
    """Call every method, with everything that changes its statements."""
    own, name = "own_1", "thr_1_1"
    first = run("run_new", thread_id=name)
    yield "get_thread", threads.get_thread(own, name)
    yield "change_thread", threads.change_thread(own, name, changed_to(thread(name)))
    yield "get_item", threads.get_item(own, name, f"{name}:5")
    for cursor, order in product([None, ThreadCursor(at(60), "thr_1_9")], ORDERS):
        yield "list_threads", threads.list_threads(own, limit=20, order=order, after=cursor)
    for position, order, hidden in product([None, LONG // 2, LONG], ORDERS, [True, False]):
        page = threads.list_items(own, name, limit=20, order=order, after=position, include_hidden=hidden)
        yield "list_items", page
    yield "begin_run", threads.begin_run(own, first)
    yield "active_run", threads.active_run(own, name)
    yield "run_holders", threads.run_holders(own, name)
    yield "get_run", threads.get_run(own, "run_new")
    yield "put_item", threads.put_item(own, message("msg_a", thread_id=name), LONG + 1)
    yield "put_item", threads.put_item(own, message("msg_a", thread_id=name), 0)
    left = StoredItem(message("msg_b", thread_id=name), LONG + 2)
    yield "end_run", threads.end_run(own, ended(first), items=[left])
    yield "begin_run", threads.begin_run(own, run("run_b", thread_id=name), items=[message("msg_c", thread_id=name)])
    yield "begin_run", threads.begin_run(own, run("run_c", thread_id="thr_new"), new_thread=thread("thr_new"))
    yield "abandoned_runs", threads.abandoned_runs()
    yield "queue_run", threads.queue_run(own, run("run_q", thread_id=name), items=[message("msg_q", thread_id=name)])
    yield "put_feedback", threads.put_feedback(own, name, [f"{name}:5", f"{name}:7"], LIKED, NOON)
    yield "get_feedback", threads.get_feedback(own, name, [f"{name}:5", f"{name}:7"])
    yield "delete_item", threads.delete_item(own, name, "msg_a")
    yield "delete_item", threads.delete_item(own, name, "msg_a")
    yield "create", tasks.create(own, task("tsk_new", tags=["a", "b"]), due_at=NOON)
    yield "get", tasks.get(own, "tsk_new")
    yield "get_by_number", tasks.get_by_number(own, 7)
    places = [None, TaskCursor(False, NOON + timedelta(days=50), 50), TaskCursor(True, None, 3)]
    for where, place in product(FILTERS, places):
        if place and place.completed and where.completed is False:
            continue  # nothing can follow, and nothing is asked
        yield "list", tasks.list(own, where, limit=20, after=place)
    for where in FILTERS:
        yield "count", tasks.count(own, where)
    yield "titles", tasks.titles(own)
    yield "titles", tasks.titles(own, limit=20)
    yield "change", tasks.change(own, "tsk_new", task_to(task("tsk_new", tags=["b", "c"])))
    yield "change", tasks.change(own, "tsk_new", task_to(task("tsk_new")))
    yield "delete", tasks.delete(own, "tsk_new")
    yield "delete_thread", threads.delete_thread(own, name)


FILTERS = [
    TaskFilter(),
    TaskFilter(completed=False),
    TaskFilter(completed=True),
    TaskFilter(completed=False, due_from=NOON, due_before=NOON + timedelta(days=7)),
    TaskFilter(due_before=NOON + timedelta(days=1)),
    TaskFilter(without_due=True),
    TaskFilter(priority=Priority.PRIORITY_HIGH),
    TaskFilter(tag="tag3"),
    TaskFilter(completed=False, tag="tag3", query="7"),
]

# What deleting a row makes the database look for by itself.
CASCADES = [
    ("SELECT * FROM items WHERE thread_id = {}", "thr_2_2"),
    ("SELECT * FROM runs WHERE thread_id = {}", "thr_2_2"),
    ("SELECT * FROM task_tags WHERE task_id = {}", "tsk_2_2"),
]


@pytest.mark.usefixtures("filled")
async def test_every_statement_goes_through_an_index_and_lists_do_not_sort(database: Database) -> None:
    caught: list[Caught] = []
    plans: list[tuple[Caught, list[str]]] = []
    for method, call in calls(ThreadRepository(database), TaskRepository(database)):
        caught.clear()
        with catching(method, caught):
            await call
        assert caught, f"{method}: no statement was caught"
        plans += [(statement, await steps_of(database, statement)) for statement in caught]
    for sql, value in CASCADES:
        statement = Caught("cascade", sql.format("?" if database.dialect == "sqlite" else "$1"), [value])
        plans.append((statement, await steps_of(database, statement)))

    assert {statement.method for statement, _ in plans} == COVERED | TASKS_COVERED | {"cascade"}
    for statement, steps in plans:
        found = "\n".join([statement.method, statement.sql, *steps])
        assert not any(step.startswith("whole table") for step in steps), found
        if statement.method in LISTS:
            assert not any(step.startswith("sort") for step in steps), found


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("order", ORDERS)
async def test_a_page_of_a_long_thread_reads_no_more_rows_than_it_shows(database: Database, order: Order) -> None:
    """Where a page lies in 10,000 items makes no difference: the database goes there, and stops after the page."""
    threads = ThreadRepository(database)
    work = []
    for after in (None, 100, LONG // 2, LONG - 100):
        caught: list[Caught] = []
        with catching("list_items", caught):
            await threads.list_items("own_1", "thr_1_1", limit=20, order=order, after=after)
        work.append(await rows_read(database, caught[0]))

    assert max(work) <= min(work) * 1.2


async def test_the_steps_of_a_run_take_few_statements(database: Database) -> None:
    threads = ThreadRepository(database)
    first, second = run(), run("run_2")
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: threads.begin_run("ann", first, new_thread=thread(), items=[message("msg_1")]),
        lambda: threads.put_item("ann", message("msg_2"), 2),
        lambda: threads.end_run("ann", ended(first)),
        lambda: threads.begin_run("ann", second, items=[message("msg_3")]),
    ]
    counts = []
    for step in steps:
        caught: list[Caught] = []
        with catching("", caught):
            await step()
        counts.append(len(caught))

    assert counts == [3, 1, 1, 3]
