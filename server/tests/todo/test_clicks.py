"""Clicks on lists, cards and forms: what they do to tasks, and to what is shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.todo.world import World, ids_of, part, rows_of


async def test_an_action_on_a_task_that_is_gone_is_answered_kindly(world: World) -> None:
    task = await world.add("Milk")
    await world.add("Bread")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]
    await world.app.tasks.delete(task.task_id, world.ann)
    turn = await talk.click(item, part(item.widget.widget, "task_1_toggle_button").on_click_action)

    assert turn.end == "run_completed"
    assert turn.widget.id == "gone_card"
    assert rows_of(turn.replaced[0].widget.widget) == [2]
    assert part(turn.replaced[0].widget.widget, "tasks_count_badge").label == "1"


async def test_a_task_is_edited_in_its_form(world: World) -> None:
    await world.add("Milk", due="2026-11-24T17:00:00+01:00", tags=["home"], priority=1)
    talk = world.talk()
    card = (await talk.say("show task 1")).shown[0]
    form = (await talk.click(card, part(card.widget.widget, "task_1_edit_button").on_click_action)).replaced[0]
    widget = form.widget.widget

    assert widget.card.as_form
    assert part(widget, "task_1_title_input").default_value == "Milk"
    assert part(widget, "task_1_due_date_picker").default_value == "2026-11-24"
    assert part(widget, "task_1_time_input").default_value == "17:00"
    assert part(widget, "task_1_priority_select").default_value == "low"

    values = {
        "title": "Oat  milk",
        "description": "Two litres",
        "due": "2026-11-25",
        "time": "18.30",
        "priority": "high",
        "tags": "errands, #Shop",
    }
    saved = await talk.click(form, widget.card.confirm.action, **values)
    task = await world.task(1)

    assert (task.title, task.description, task.due) == ("Oat milk", "Two litres", "2026-11-25T18:30:00+01:00")
    assert (task.priority, list(task.tags)) == (3, ["errands", "shop"])
    assert saved.replaced[0].id == card.id
    assert saved.replaced[0].widget.widget.card.status.text == "Updated"
    assert saved.effects[0]["change"] == "updated"


async def test_a_form_that_is_left_changes_nothing(world: World) -> None:
    before = await world.add("Milk")
    talk = world.talk()
    card = (await talk.say("show task 1")).shown[0]
    form = (await talk.click(card, part(card.widget.widget, "task_1_edit_button").on_click_action)).replaced[0]
    left = await talk.click(form, form.widget.widget.card.cancel.action, title="Other", due=None, time="")

    assert left.replaced[0].widget.widget == card.widget.widget
    assert await world.task(1) == before


@pytest.mark.parametrize(
    "form, due",
    [
        ({"title": "Milk"}, "2026-11-24T17:00:00+01:00"),
        ({"due": "2026-11-24", "time": "17:00"}, "2026-11-24T17:00:00+01:00"),
        ({"due": "2026-11-24", "time": ""}, "2026-11-24"),
        ({"due": "2026-11-24T00:00:00.000Z", "time": ""}, "2026-11-24"),
        ({"due": "2026-11-23T23:00:00.000Z", "time": ""}, "2026-11-24"),
        ({"due": "2026-11-24T08:15:00+01:00"}, "2026-11-24T08:15:00+01:00"),
        ({"due": "", "time": "17:00"}, ""),
        ({"due": None, "time": ""}, ""),
        ({"time": ""}, ""),
    ],
)
async def test_a_form_says_when_a_task_is_due(world: World, form: dict[str, Any], due: str) -> None:
    task = await world.add("Milk", due="2026-11-24T17:00:00+01:00")
    await world.talk().act(None, "task.save", {"task_id": task.task_id, **form})

    assert (await world.task(1)).due == due


async def test_the_filter_of_a_list_changes_it_in_place_and_beside_a_run(world: World) -> None:
    await world.add("Milk", due="2026-11-23", tags=["shop"])
    await world.add("Bread", due="2026-11-24", tags=["shop"])
    await world.add("Call Ann", due="2026-11-23")
    talk = world.talk()
    item = (await talk.say("show tasks tagged shop")).shown[0]
    select = part(item.widget.widget, "tasks_filter_select")

    assert rows_of(item.widget.widget) == [1, 2]
    assert select.on_change_action.HasField("streaming")
    assert not select.on_change_action.streaming
    payload = {"filter": "today", "tag": "shop"}
    today = await talk.act_at_once(item, select.on_change_action.type, payload)
    assert today is not None
    assert rows_of(today.widget.widget) == [1]
    assert part(today.widget.widget, "tasks_heading_title").value == "Due today · #shop"

    nothing = await talk.act_at_once(item, "task.list.filter", {"filter": "overdue", "tag": "shop"})
    assert nothing is not None
    assert "tasks_empty_item" in ids_of(nothing.widget.widget)
    assert part(nothing.widget.widget, "tasks_filter_select").default_value == "overdue"


async def test_a_click_can_be_answered_at_once(world: World) -> None:
    task = await world.add("Milk")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]
    updated = await talk.act_at_once(item, "task.complete", {"task_id": task.task_id})

    assert updated is not None
    assert updated.id == item.id
    assert part(updated.widget.widget, "task_1_status_icon").name == "check-circle-filled"
    assert (await world.task(1)).completed
