"""Lists of tasks over SQLite: days in the caller's time zone, order, pages, filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.todo.world import World
from widgetstream.todo.v1.task_pb2 import Priority
from widgetstream.todo.v1.task_service_pb2 import DueFilter, ListTasksRequest
from widgetstream_server.conversation.errors import InvalidArgumentError, PageTokenInvalidError

DUES = {
    "overdue day": "2026-11-22",
    "overdue time": "2026-11-23T10:59:00+01:00",
    "today": "2026-11-23",
    "tonight": "2026-11-23T23:59:59+01:00",
    "tomorrow": "2026-11-24",
    "tomorrow elsewhere": "2026-11-23T23:30:00Z",
    "sunday": "2026-11-29",
    "next monday": "2026-11-30",
    "never": "",
}


@pytest.mark.parametrize(
    "due, expected",
    [
        (DueFilter.DUE_FILTER_OVERDUE, {"overdue day", "overdue time"}),
        (DueFilter.DUE_FILTER_TODAY, {"overdue time", "today", "tonight"}),
        (DueFilter.DUE_FILTER_TOMORROW, {"tomorrow", "tomorrow elsewhere"}),
        (
            DueFilter.DUE_FILTER_THIS_WEEK,
            {"overdue time", "today", "tonight", "tomorrow", "tomorrow elsewhere", "sunday"},
        ),
        (DueFilter.DUE_FILTER_NONE, {"never"}),
        (DueFilter.DUE_FILTER_UNSPECIFIED, set(DUES)),
    ],
)
async def test_days_are_the_callers_own(world: World, due: DueFilter.ValueType, expected: set[str]) -> None:
    for title, when in DUES.items():
        await world.add(title, due=when)
    response = await world.app.tasks.list(ListTasksRequest(due=due), world.ann)

    assert {task.title for task in response.tasks} == expected
    assert response.total_size == len(expected)


async def test_what_is_done_is_not_overdue(world: World) -> None:
    await world.add("Milk", due="2026-11-01")
    await world.app.tasks.complete("1", world.ann)
    overdue = ListTasksRequest(due=DueFilter.DUE_FILTER_OVERDUE)
    done = ListTasksRequest(due=DueFilter.DUE_FILTER_OVERDUE, completed=True)

    assert (await world.app.tasks.list(overdue, world.ann)).total_size == 0
    assert (await world.app.tasks.list(done, world.ann)).total_size == 0


async def test_a_list_is_ordered_and_paged(world: World) -> None:
    for number in range(1, 26):
        await world.add(f"Task {number}", due=f"2026-12-{26 - number:02}" if number % 5 else "")
    await world.app.tasks.complete("24", world.ann)
    whole = await world.app.tasks.list(ListTasksRequest(page_size=1000), world.ann)
    seen: list[int] = []
    request = ListTasksRequest(page_size=7)
    pages = 0
    while True:
        page = await world.app.tasks.list(request, world.ann)
        seen += [task.number for task in page.tasks]
        pages += 1
        assert page.total_size == 25
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token

    assert pages == 4
    assert seen == [task.number for task in whole.tasks]
    assert seen[:3] == [23, 22, 21]
    assert seen[-6:] == [5, 10, 15, 20, 25, 24]


async def test_a_page_holds_20_tasks_unless_asked_otherwise_and_never_more_than_100(world: World) -> None:
    for number in range(120):
        await world.add(f"Task {number}")

    assert len((await world.app.tasks.list(ListTasksRequest(), world.ann)).tasks) == 20
    assert len((await world.app.tasks.list(ListTasksRequest(page_size=1000), world.ann)).tasks) == 100
    for size in (-5, 100_000_000):
        with pytest.raises(InvalidArgumentError) as caught:
            await world.app.tasks.list(ListTasksRequest(page_size=size), world.ann)
        assert caught.value.violations[0].field == "page_size"


async def test_a_page_token_is_good_for_its_list_alone(world: World) -> None:
    for title in ("Milk", "Bread", "Eggs"):
        await world.add(title)
        await world.add(title, world.bob)
    token = (await world.app.tasks.list(ListTasksRequest(page_size=1), world.ann)).next_page_token

    refused = [
        (ListTasksRequest(page_token="abc"), world.ann),
        (ListTasksRequest(page_token=token, completed=False), world.ann),
        (ListTasksRequest(page_token=token, tag="home"), world.ann),
        (ListTasksRequest(page_token=token), world.bob),
    ]
    for request, who in refused:
        with pytest.raises(PageTokenInvalidError):
            await world.app.tasks.list(request, who)
    other_size = await world.app.tasks.list(ListTasksRequest(page_token=token, page_size=2), world.ann)
    assert [task.number for task in other_size.tasks] == [2, 3]


async def test_all_filters_must_hold(world: World) -> None:
    await world.add("Buy Müsli", tags=["Shop"], priority=Priority.PRIORITY_HIGH)
    await world.add("Buy milk", tags=["shop"])
    await world.add("Call Ann", description="about the MÜSLI", priority=Priority.PRIORITY_HIGH)

    async def numbers(**filters: Any) -> list[int]:
        response = await world.app.tasks.list(ListTasksRequest(**filters), world.ann)
        return [task.number for task in response.tasks]

    assert await numbers(tag="#SHOP") == [1, 2]
    assert await numbers(tag="shop", priority=Priority.PRIORITY_HIGH) == [1]
    assert await numbers(query="müsli") == [1, 3]
    assert await numbers(query="%") == []
    assert await numbers(query="  ", completed=True) == []
