from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.storage.samples import NOON, at, task, task_to
from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream_server.conversation.errors import TaskNotFoundError
from widgetstream_server.conversation.ports import Slice
from widgetstream_server.storage import TaskRepository
from widgetstream_server.todo.ports import TaskCursor, TaskFilter


def titles(page: Slice[Task, TaskCursor]) -> list[str]:
    return [each.title for each in page.entries]


async def test_a_task_comes_back_as_it_was_stored(tasks: TaskRepository) -> None:
    given = task(
        "tsk_1",
        "Melk 🥛",
        description="two litres\n\tskimmed",
        due="2026-12-05",
        priority=Priority.PRIORITY_HIGH,
        tags=["å", "a", "z"],
        completed=True,
    )
    created = await tasks.create("ann", given, due_at=NOON)

    assert given.number == 0
    given.number = 1
    given.tags[:] = ["a", "z", "å"]
    assert created == given
    assert await tasks.get("ann", "tsk_1") == given
    assert await tasks.get_by_number("ann", 1) == given


async def test_saving_replaces_all_but_number_and_creation(tasks: TaskRepository) -> None:
    await tasks.create("ann", task("tsk_1", "Old", due="2026-12-05", tags=["a", "b"], completed=True), due_at=NOON)
    changed = task("tsk_1", "New", tags=["c", "b"])
    changed.number = 9
    changed.create_time.FromDatetime(at(5))
    changed.update_time.FromDatetime(at(5))
    await tasks.change("ann", "tsk_1", task_to(changed))

    stored = await tasks.get("ann", "tsk_1")

    changed.number = 1
    changed.create_time.FromDatetime(NOON)
    changed.tags[:] = ["b", "c"]
    assert stored == changed
    assert not stored.HasField("complete_time")
    assert await tasks.count("ann", TaskFilter(tag="a")) == 0
    assert await tasks.count("ann", TaskFilter(query="old")) == 0
    assert await tasks.count("ann", TaskFilter(without_due=True)) == 1


async def test_the_last_label_can_be_removed(tasks: TaskRepository) -> None:
    await tasks.create("ann", task("tsk_1", tags=["a"]), due_at=None)
    await tasks.change("ann", "tsk_1", task_to(task("tsk_1")))

    assert not (await tasks.get("ann", "tsk_1")).tags


async def test_numbers_are_never_used_again(tasks: TaskRepository) -> None:
    for number in (1, 2):
        assert (await tasks.create("ann", task(f"tsk_{number}"), due_at=None)).number == number
    await tasks.delete("ann", "tsk_2")

    assert (await tasks.create("ann", task("tsk_3"), due_at=None)).number == 3
    with pytest.raises(TaskNotFoundError):
        await tasks.get_by_number("ann", 2)


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31, 10**30])
async def test_a_number_that_is_not_there_is_not_found(tasks: TaskRepository, number: int) -> None:
    await tasks.create("ann", task("tsk_1"), due_at=None)

    with pytest.raises(TaskNotFoundError) as found:
        await tasks.get_by_number("ann", number)

    assert found.value.metadata == {"task_id": str(number)}


async def test_an_id_that_is_not_there_is_not_found(tasks: TaskRepository) -> None:
    for call in (
        tasks.get("ann", "tsk_9"),
        tasks.change("ann", "tsk_9", task_to(task("tsk_9"))),
        tasks.delete("ann", "tsk_9"),
    ):
        with pytest.raises(TaskNotFoundError) as found:
            await call
        assert found.value.metadata == {"task_id": "tsk_9"}


async def test_open_tasks_come_first_then_those_due_soonest_then_by_number(tasks: TaskRepository) -> None:
    given = [
        ("done late", at(9), True),
        ("no date", None, False),
        ("late", at(9), False),
        ("done no date", None, True),
        ("soon", at(1), False),
        ("late too", at(9), False),
        ("done soon", datetime(1, 1, 1, tzinfo=UTC), True),
    ]
    for number, (title, due_at, completed) in enumerate(given):
        await tasks.create("ann", task(f"tsk_{number}", title, completed=completed), due_at=due_at)

    page = await tasks.list("ann", TaskFilter(), limit=100)

    assert titles(page) == ["soon", "late", "late too", "no date", "done soon", "done late", "done no date"]
    assert page.next is None


async def test_pages_follow_each_other(tasks: TaskRepository) -> None:
    for number in range(5):
        await tasks.create("ann", task(f"tsk_{number}", str(number)), due_at=at(1) if number < 2 else None)

    first = await tasks.list("ann", TaskFilter(), limit=2)
    second = await tasks.list("ann", TaskFilter(), limit=2, after=first.next)
    third = await tasks.list("ann", TaskFilter(), limit=2, after=second.next)

    assert [titles(page) for page in (first, second, third)] == [["0", "1"], ["2", "3"], ["4"]]
    assert first.next == TaskCursor(completed=False, due_at=at(1), number=2)
    assert second.next == TaskCursor(completed=False, due_at=None, number=4)
    assert third.next is None


async def test_titles_are_open_first_newest_first(tasks: TaskRepository) -> None:
    for number, completed in enumerate([False, True, False, True], start=1):
        await tasks.create("ann", task(f"tsk_{number}", f"t{number}", completed=completed), due_at=None)

    assert await tasks.titles("ann") == [(3, "t3", False), (1, "t1", False), (4, "t4", True), (2, "t2", True)]
    assert await tasks.titles("ann", limit=1) == [(3, "t3", False)]


FILTERS = [
    (TaskFilter(), "abcdef"),
    (TaskFilter(completed=False), "abcd"),
    (TaskFilter(completed=True), "ef"),
    (TaskFilter(due_from=at(1)), "bf"),
    (TaskFilter(due_before=at(1)), "a"),
    (TaskFilter(due_from=at(0), due_before=at(2)), "abf"),
    (TaskFilter(due_from=at(0).astimezone(timezone(timedelta(hours=5))), due_before=at(1)), "a"),
    (TaskFilter(without_due=True), "cde"),
    (TaskFilter(without_due=True, completed=True), "e"),
    (TaskFilter(priority=Priority.PRIORITY_HIGH), "bd"),
    (TaskFilter(tag="home"), "af"),
    (TaskFilter(tag="home", completed=True), "f"),
    (TaskFilter(tag="ho"), ""),
    (TaskFilter(tag="%"), ""),
    (TaskFilter(query="B"), "b"),
    (TaskFilter(query="b", priority=Priority.PRIORITY_LOW), ""),
]


@pytest.mark.parametrize("where,expected", FILTERS)
async def test_filters(tasks: TaskRepository, where: TaskFilter, expected: str) -> None:
    await tasks.create("ann", task("tsk_a", "a", tags=["home", "x"]), due_at=at(0))
    await tasks.create("ann", task("tsk_b", "b", priority=Priority.PRIORITY_HIGH, tags=["homes"]), due_at=at(1))
    await tasks.create("ann", task("tsk_c", "c"), due_at=None)
    await tasks.create("ann", task("tsk_d", "d", priority=Priority.PRIORITY_HIGH), due_at=None)
    await tasks.create("ann", task("tsk_e", "e", completed=True), due_at=None)
    await tasks.create("ann", task("tsk_f", "f", tags=["home"], completed=True), due_at=at(1))

    page = await tasks.list("ann", where, limit=100)

    assert sorted(titles(page)) == list(expected)
    assert await tasks.count("ann", where) == len(expected)


QUERIES = [
    ("100% sure", "", "100%", True),
    ("100 percent", "", "100%", False),
    ("a_b", "", "a_b", True),
    ("axb", "", "a_b", False),
    ("back\\slash", "", "k\\s", True),
    ("a/b", "", "a/b", True),
    ("it's", "", "'s", True),
    ("STRASSE", "", "straße", True),
    ("Straße", "", "STRASSE", True),
    ("ΣΊΣΥΦΟΣ", "", "σίσυφος", True),
    ("МОЛОКО", "", "молоко", True),
    ("Cafe\u0301", "", "CAFÉ", True),
    ("Café", "", "cafe\u0301", True),
    ("牛乳を買う", "", "牛乳", True),
    ("İstanbul", "", "i\u0307stan", True),
    ("milk", "in the FRIDGE", "fridge", True),
    ("the end", "begins", "end\nbegins", False),
    ("the end", "begins", "end\x1ebegins", False),
    ("the end", "begins", "end begins", False),
    ("a b", "", " ", True),
    ("", "", "", True),
]


@pytest.mark.parametrize("title,description,query,found", QUERIES)
async def test_search_is_literal_and_without_case(
    tasks: TaskRepository, title: str, description: str, query: str, found: bool
) -> None:
    await tasks.create("ann", task("tsk_1", title, description=description), due_at=None)

    page = await tasks.list("ann", TaskFilter(query=query), limit=9)

    assert bool(page.entries) is found


@pytest.mark.parametrize("asked,place,expected", [(True, False, ["done"]), (False, True, [])])
async def test_a_place_among_the_others(tasks: TaskRepository, asked: bool, place: bool, expected: list[str]) -> None:
    await tasks.create("ann", task("tsk_1", "open"), due_at=None)
    await tasks.create("ann", task("tsk_2", "done", completed=True), due_at=None)

    page = await tasks.list("ann", TaskFilter(completed=asked), limit=9, after=TaskCursor(place, None, 0))

    assert titles(page) == expected
