"""Tasks over SQLite: what is stored, found and refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.todo.world import World, person
from widgetstream.todo.v1.task_pb2 import Priority
from widgetstream.todo.v1.task_service_pb2 import (
    UpdateTaskRequest,
)
from widgetstream_server.conversation.errors import (
    InvalidArgumentError,
    TaskNotFoundError,
)
from widgetstream_server.todo.resolution import Ambiguous, Found, NotFound


async def test_a_task_is_stored_tidily(world: World) -> None:
    task = await world.add(
        "  Buy \t oat\nmilk  ",
        description=" Two litres.\r\nOrganic. ",
        due="2026-12-05t17:00:30.5Z",
        priority=Priority.PRIORITY_HIGH,
        tags=["#Home", "errands", "HOME", "#", " shop   list "],
    )
    stored = await world.task(1)

    assert stored == task
    assert (task.title, task.description) == ("Buy oat milk", "Two litres.\nOrganic.")
    assert task.due == "2026-12-05T17:00:30+00:00"
    assert list(task.tags) == ["errands", "home", "shop list"]
    assert task.number == 1
    assert task.task_id.startswith("tsk_")
    assert task.create_time == task.update_time


@pytest.mark.parametrize(
    "fields, field, rule",
    [
        ({"title": " \n "}, "title", "must not be blank"),
        ({"title": "\u200b"}, "title", "must not be blank"),
        ({"title": "x" * 201}, "title", "at most 200"),
        ({"description": "x" * 8001}, "description", "at most 8000"),
        ({"due": "tomorrow"}, "due", "must be a day that exists"),
        ({"due": "2026-02-30"}, "due", "must be a day that exists"),
        ({"due": "2026-12-05T17:00:00"}, "due", "with its offset"),
        ({"due": "2026-12-05T25:00:00Z"}, "due", "must be a day that exists"),
        ({"due": "0001-01-01"}, "due", "between the years"),
        ({"due": "9999-12-31"}, "due", "between the years"),
        ({"tags": ["ok", "x" * 51]}, "tags[1]", "at most 50"),
        ({"tags": [""]}, "tags[0]", "at least 1"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags", "no more than 20"),
        ({"tags": ["İ" * 40]}, "tags", "in lower case"),
        ({"priority": 17}, "priority", "defined enum values"),
    ],
)
async def test_a_field_that_breaks_a_rule_is_named(world: World, fields: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        await world.add(**{"title": "Milk", **fields})

    assert [violation.field for violation in caught.value.violations] == [field]
    assert rule in caught.value.violations[0].description


async def test_a_task_is_found_by_its_id_or_its_number_by_its_owner_alone(world: World) -> None:
    task = await world.add("Milk")

    assert await world.app.tasks.get("1", world.ann) == task
    assert await world.app.tasks.get(task.task_id, world.ann) == task
    for reference in (task.task_id, "1"):
        with pytest.raises(TaskNotFoundError):
            await world.app.tasks.get(reference, world.bob)


@pytest.mark.parametrize("reference", ["2", "0", "99999999999999999999", "tsk_x", "-1", "٣", "a b", "a\x00"])
async def test_what_is_no_task_is_not_found(world: World, reference: str) -> None:
    await world.add("Milk")

    with pytest.raises(TaskNotFoundError) as caught:
        await world.app.tasks.get(reference, world.ann)

    assert caught.value.metadata == {"task_id": reference}


async def test_an_update_changes_what_is_set_and_nothing_else(world: World) -> None:
    before = await world.add("Milk", due="2026-12-05", tags=["a", "b"], priority=Priority.PRIORITY_LOW)
    world.clock.advance(minutes=5)
    request = UpdateTaskRequest(task_id="1", title=" Oat milk ", add_tags=["#C"], remove_tags=["A", "unknown"])
    after = await world.app.tasks.update(request, world.ann)

    assert (after.title, after.due, list(after.tags)) == ("Oat milk", "2026-12-05", ["b", "c"])
    assert after.priority == Priority.PRIORITY_LOW
    assert after.update_time.seconds - before.update_time.seconds == 300
    assert await world.task(1) == after

    cleared = await world.app.tasks.update(
        UpdateTaskRequest(task_id="1", due="", priority=Priority.PRIORITY_UNSPECIFIED), world.ann
    )
    assert (cleared.due, cleared.priority) == ("", Priority.PRIORITY_UNSPECIFIED)


async def test_an_update_that_changes_nothing_leaves_the_time_alone(world: World) -> None:
    before = await world.add("Milk")
    world.clock.advance(minutes=5)

    assert await world.app.tasks.update(UpdateTaskRequest(task_id="1", title="Milk"), world.ann) == before


async def test_changes_at_the_same_time_are_all_made(world: World) -> None:
    task = await world.add("Milk")
    tasks = world.app.tasks
    await asyncio.gather(
        tasks.update(UpdateTaskRequest(task_id="1", title="Oat milk"), world.ann),
        tasks.update(UpdateTaskRequest(task_id=task.task_id, due="2026-12-05"), world.ann),
        tasks.complete(task.task_id, world.ann),
        *(tasks.update(UpdateTaskRequest(task_id="1", add_tags=[f"t{n}"]), world.ann) for n in range(9)),
    )
    after = await world.task(1)

    assert (after.title, after.due, after.completed) == ("Oat milk", "2026-12-05", True)
    assert list(after.tags) == [f"t{n}" for n in range(9)]


async def test_an_update_is_refused_as_a_whole(world: World) -> None:
    before = await world.add("Milk", tags=[f"t{n}" for n in range(20)])

    with pytest.raises(InvalidArgumentError) as caught:
        await world.app.tasks.update(UpdateTaskRequest(task_id="1", title="New", add_tags=["more"]), world.ann)

    assert caught.value.violations[0].field == "add_tags"
    assert await world.task(1) == before


async def test_completing_and_reopening_are_idempotent(world: World) -> None:
    await world.add("Milk")
    done = await world.app.tasks.complete("1", world.ann)
    world.clock.advance(hours=1)

    assert done.completed
    assert done.HasField("complete_time")
    assert await world.app.tasks.complete("1", world.ann) == done

    opened = await world.app.tasks.reopen("1", world.ann)
    assert not opened.completed
    assert not opened.HasField("complete_time")
    assert await world.app.tasks.reopen("1", world.ann) == opened


async def test_numbers_are_counted_for_each_person_and_never_used_again(world: World) -> None:
    await world.add("Milk")
    await world.add("Bread")
    await world.app.tasks.delete("2", world.ann)

    assert (await world.add("Eggs")).number == 3
    assert (await world.add("Milk", world.bob)).number == 1
    with pytest.raises(TaskNotFoundError):
        await world.app.tasks.delete("2", world.ann)


async def test_people_mean_tasks_by_number_id_or_title(world: World) -> None:
    for title in ("Buy milk", "Call Ann", "1984 by Orwell"):
        await world.add(title)
    tasks = world.app.tasks

    async def resolve(reference: str, who: str = "ann") -> object:
        match await tasks.resolve(reference, person(who)):
            case Found(task):
                return task.number
            case Ambiguous(_, candidates):
                return [candidate.number for candidate in candidates]
            case NotFound(_, suggestions):
                return ("nearest", [suggestion.number for suggestion in suggestions])

    task = await world.task(2)
    assert await resolve("2") == 2
    assert await resolve("#2") == 2
    assert await resolve("task 2") == 2
    assert await resolve(task.task_id) == 2
    assert await resolve("the milk task") == 1
    assert await resolve("1984") == 3
    assert await resolve("77") == ("nearest", [])
    assert await resolve("#2", "bob") == ("nearest", [])
    assert await resolve(task.task_id, "bob") == ("nearest", [])
