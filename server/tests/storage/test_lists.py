"""Lists and their pages against a model of them, whatever happens to the rows."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.storage.samples import NOON, at, changed_to, ended, message, note, run, task, task_to, thread
from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream_server.conversation.ports import Order, ThreadCursor
from widgetstream_server.storage import Database, TaskRepository, ThreadRepository
from widgetstream_server.todo.ports import TaskCursor, TaskFilter

_owners = count()
_FEW = settings(max_examples=15, stateful_step_count=25, deadline=None)

# Few values, so that ties are common; neighbours in microseconds, and far apart.
moments = st.sampled_from([at(0), at(1), at(2), NOON - timedelta(days=9000), NOON + timedelta(days=9000)])
sizes = st.integers(1, 4)
orders: st.SearchStrategy[Order] = st.sampled_from(["asc", "desc"])
titles = st.text(st.sampled_from("aAßſ%_\\/é\u0301 İı中"), max_size=4)
tags = st.sets(st.sampled_from(["a", "b", "å"]))
filters = st.builds(
    TaskFilter,
    completed=st.none() | st.booleans(),
    due_from=st.none() | moments,
    due_before=st.none() | moments,
    without_due=st.sampled_from([False, False, False, True]),
    priority=st.none() | st.sampled_from([Priority.PRIORITY_LOW, Priority.PRIORITY_HIGH]),
    tag=st.none() | st.sampled_from(["a", "å", "z"]),
    query=st.none() | titles,
)


class Stored(RuleBasedStateMachine):
    """An owner whose rows are in a database and, besides, in dictionaries."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.owner = f"own_{next(_owners)}"
        self.numbers = count(1)
        self.database = self.runner.run(Database.open(self.url))

    def name(self, prefix: str) -> str:
        return f"{prefix}_{self.owner}_{next(self.numbers)}"

    def teardown(self) -> None:
        in_use = self.database.connections_in_use
        self.runner.run(self.database.close())
        self.runner.close()
        assert in_use == 0


class Tasks(Stored):
    """Tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.store = TaskRepository(self.database)
        self.model: dict[str, tuple[Task, datetime | None]] = {}
        self.created = 0

    @rule(title=titles, text=titles, due=st.none() | moments, labels=tags, done=st.booleans(), high=st.booleans())
    def create(self, title: str, text: str, due: datetime | None, labels: set[str], done: bool, high: bool) -> None:
        given = task(self.name("tsk"), title, description=text, tags=sorted(labels), completed=done)
        given.priority = Priority.PRIORITY_HIGH if high else Priority.PRIORITY_UNSPECIFIED
        stored = self.runner.run(self.store.create(self.owner, given, due_at=due))
        self.created += 1
        given.number = self.created
        assert stored == given
        self.model[given.task_id] = (given, due)

    @rule(data=st.data(), title=titles, due=st.none() | moments, labels=tags, done=st.booleans())
    def save(self, data: st.DataObject, title: str, due: datetime | None, labels: set[str], done: bool) -> None:
        if not self.model:
            return
        old = self.model[data.draw(st.sampled_from(sorted(self.model)))][0]
        new = task(old.task_id, title, tags=sorted(labels), completed=done)
        self.runner.run(self.store.change(self.owner, new.task_id, task_to(new, due_at=due)))
        new.number = old.number
        self.model[old.task_id] = (new, due)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if self.model:
            gone = data.draw(st.sampled_from(sorted(self.model)))
            self.runner.run(self.store.delete(self.owner, gone))
            del self.model[gone]

    @rule(where=filters, size=sizes)
    def pages(self, where: TaskFilter, size: int) -> None:
        expected = [entry for entry, due in sorted(self.model.values(), key=_task_order) if _passes(entry, due, where)]
        found: list[Task] = []
        after: TaskCursor | None = None
        while True:
            page = self.runner.run(self.store.list(self.owner, where, limit=size, after=after))
            found += page.entries
            if page.next is None:
                break
            assert len(page.entries) == size
            after = page.next
        assert found == expected
        assert self.runner.run(self.store.count(self.owner, where)) == len(expected)

    @invariant()
    def every_task_is_found_by_its_names(self) -> None:
        for stored, _ in list(self.model.values())[-2:]:
            assert self.runner.run(self.store.get(self.owner, stored.task_id)) == stored
            assert self.runner.run(self.store.get_by_number(self.owner, stored.number)) == stored
        expected = sorted((each.completed, -each.number, each.title) for each, _ in self.model.values())
        listed = self.runner.run(self.store.titles(self.owner))
        assert listed == [(-number, title, completed) for completed, number, title in expected]


def _task_order(entry: tuple[Task, datetime | None]) -> tuple[bool, bool, datetime, int]:
    stored, due = entry
    return stored.completed, due is None, due or NOON, stored.number


def _passes(entry: Task, due: datetime | None, where: TaskFilter) -> bool:
    from widgetstream_server.storage.task_rows import fold

    texts = [fold(entry.title), fold(entry.description)]
    return all(
        [
            where.completed is None or entry.completed == where.completed,
            where.due_from is None or (due is not None and due >= where.due_from),
            where.due_before is None or (due is not None and due < where.due_before),
            not where.without_due or due is None,
            where.priority is None or entry.priority == where.priority,
            where.tag is None or where.tag in entry.tags,
            where.query is None or any(fold(where.query) in text for text in texts),
        ]
    )


class Threads(Stored):
    """Threads and the items of one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.store = ThreadRepository(self.database)
        self.model: dict[str, datetime] = {}
        self.items: dict[int, Any] = {}

    @initialize()
    def begin(self) -> None:
        self.home = self.name("thr")
        self.begin_thread(self.home, NOON)
        self.next_place = 1

    def begin_thread(self, name: str, moment: datetime) -> None:
        first = run(self.name("run"), thread_id=name, time=moment)
        self.runner.run(self.store.begin_run(self.owner, first, new_thread=thread(name)))
        self.runner.run(self.store.end_run(self.owner, ended(first)))
        self.model[name] = moment

    @rule(moment=moments)
    def another(self, moment: datetime) -> None:
        self.begin_thread(self.name("thr"), moment)

    @rule(data=st.data(), moment=moments)
    def touch(self, data: st.DataObject, moment: datetime) -> None:
        name = data.draw(st.sampled_from(sorted(self.model)))
        self.runner.run(self.store.change_thread(self.owner, name, changed_to(thread(name, time=moment))))
        self.model[name] = moment

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model)))
        if name != self.home:
            self.runner.run(self.store.delete_thread(self.owner, name))
            del self.model[name]

    @rule(hidden=st.booleans(), gap=st.integers(0, 2))
    def put(self, hidden: bool, gap: int) -> None:
        name = self.name("itm")
        item = note(name, thread_id=self.home) if hidden else message(name, thread_id=self.home)
        self.next_place += gap
        self.runner.run(self.store.put_item(self.owner, item, self.next_place))
        self.items[self.next_place] = item
        self.next_place += 1

    @rule(hidden=st.booleans(), size=st.integers(0, 3))
    def turn(self, hidden: bool, size: int) -> None:
        first = run(self.name("run"), thread_id=self.home, time=at(1))
        items = [message(self.name("itm"), thread_id=self.home) for _ in range(size)]
        opening = self.runner.run(self.store.begin_run(self.owner, first, items=items))
        start = max(self.items, default=0) + 1
        assert opening.next_position == start + size
        self.runner.run(self.store.end_run(self.owner, ended(first)))
        self.items |= dict(enumerate(items, start))
        self.next_place = opening.next_position
        self.model[self.home] = at(1)

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.items:
            place = data.draw(st.sampled_from(sorted(self.items)))
            self.runner.run(self.store.delete_item(self.owner, self.home, self.items.pop(place).id))

    @rule(size=sizes, order=orders)
    def thread_pages(self, size: int, order: Order) -> None:
        expected = sorted(((moment, name) for name, moment in self.model.items()), reverse=order == "desc")
        found: list[str] = []
        after: ThreadCursor | None = None
        while True:
            page = self.runner.run(self.store.list_threads(self.owner, limit=size, order=order, after=after))
            found += [each.id for each in page.entries]
            if page.next is None:
                break
            assert len(page.entries) == size
            after = page.next
        assert found == [name for _, name in expected]

    @rule(size=sizes, order=orders, hidden=st.booleans())
    def item_pages(self, size: int, order: Order, hidden: bool) -> None:
        expected = [
            (place, item)
            for place, item in sorted(self.items.items(), reverse=order == "desc")
            if hidden or item.WhichOneof("item") == "user_message"
        ]
        found: list[tuple[int, Any]] = []
        after: int | None = None
        while True:
            page = self.runner.run(
                self.store.list_items(
                    self.owner, self.home, limit=size, order=order, after=after, include_hidden=hidden
                )
            )
            found += [(entry.position, entry.item) for entry in page.entries]
            if page.next is None:
                break
            assert len(page.entries) == size
            after = page.next
        assert found == expected


@pytest.mark.parametrize("machine", [Tasks, Threads])
def test_lists_and_their_pages_are_those_of_the_model(used_url: str, machine: type[Stored]) -> None:
    on_url = type(machine.__name__, (machine,), {"url": used_url})

    run_state_machine_as_test(on_url, settings=_FEW)
