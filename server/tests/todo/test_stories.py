"""The stories that a person can follow, from words and clicks to widgets and rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.todo.world import World, open_world, part, person, rows_of
from widgetstream_server.conversation.errors import DependencyUnavailableError


async def test_tasks_are_shown_in_a_list_with_status_and_count(world: World) -> None:
    await world.add("Water the plants", due="2026-11-23")
    await world.add("Call Ann", priority=3, tags=["family"])
    turn = await world.talk().say("show me my tasks")

    assert turn.end == "run_completed"
    assert rows_of(turn.widget) == [1, 2]
    assert part(turn.widget, "tasks_count_badge").label == "2"
    assert part(turn.widget, "task_1_status_icon").name == "empty-circle"
    assert part(turn.widget, "task_1_due_caption").value == "today"
    assert part(turn.widget, "task_2_priority_badge").label == "High"
    assert part(turn.widget, "task_2_tag_1_badge").label == "family"
    assert turn.text == ""


async def test_somebody_without_tasks_sees_the_empty_state(world: World) -> None:
    turn = await world.talk().say("show me my tasks")

    assert turn.end == "run_completed"
    assert turn.widget.id == "tasks_empty_card"
    assert part(turn.widget, "tasks_empty_title").value == "No tasks yet"


async def test_a_task_is_added_for_tomorrow_in_the_persons_own_time_zone(tmp_path: Path) -> None:
    # In Kiritimati it is the 24th already when it is still the 23rd in Oslo.
    async with open_world(tmp_path / "tasks.db") as world:
        kiri = person("kiri", "Pacific/Kiritimati")
        turn = await world.talk(kiri).say("add a task to buy milk tomorrow")
        task = await world.task(1, kiri)

        assert (task.title, task.due) == ("Buy milk", "2026-11-25")
        assert turn.end == "run_completed"
        assert turn.widget.id == "task_1_card"
        assert turn.widget.card.status.text == "Added"
        assert part(turn.widget, "task_1_due_caption").value == "tomorrow"
        assert turn.effects == [
            {"name": "tasks_changed", "change": "added", "task_ids": [task.task_id], "numbers": [1]}
        ]

    async with open_world(tmp_path / "tasks.db") as restarted:
        assert (await restarted.task(1, kiri)).title == "Buy milk"


async def test_a_task_is_completed_by_its_number(world: World) -> None:
    for number in range(1, 6):
        await world.add(f"Task number {number}")
    turn = await world.talk().say("complete task 5")

    assert (await world.task(5)).completed
    assert turn.widget.card.status.text == "Completed"
    assert part(turn.widget, "task_5_title").value == "Task number 5"
    assert turn.effects[0]["change"] == "completed"


async def test_a_task_is_deleted_only_after_it_was_confirmed(world: World) -> None:
    for title in ("Milk", "Bread", "Eggs"):
        await world.add(title)
    talk = world.talk()
    asked = await talk.say("delete task 3")

    assert asked.widget.id == "task_3_delete_card"
    assert asked.effects == []
    assert (await world.task(3)).title == "Eggs"

    item = asked.shown[0]
    confirmed = await talk.click(item, asked.widget.card.confirm.action)

    assert [replaced.id for replaced in confirmed.replaced] == [item.id]
    assert confirmed.replaced[0].widget.widget.card.status.text == "Deleted"
    assert confirmed.effects[0]["numbers"] == [3]
    assert rows_of((await talk.say("show my tasks")).widget) == [1, 2]


async def test_a_delete_that_is_not_confirmed_deletes_nothing(world: World) -> None:
    await world.add("Milk")
    talk = world.talk()
    asked = await talk.say("delete task 1")
    kept = await talk.click(asked.shown[0], asked.widget.card.cancel.action)

    assert kept.replaced[0].widget.widget.card.status.text == "Not deleted"
    assert kept.effects == []
    assert (await world.task(1)).title == "Milk"


async def test_a_click_completes_a_task_and_updates_the_list_in_place(world: World) -> None:
    await world.add("Milk")
    await world.add("Bread")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]
    turn = await talk.click(item, part(item.widget.widget, "task_1_toggle_button").on_click_action)

    assert (await world.task(1)).completed
    assert turn.shown == []
    (replaced,) = turn.replaced
    assert replaced.id == item.id
    shown = replaced.widget.widget
    assert rows_of(shown) == [1, 2]
    assert part(shown, "task_1_status_icon").name == "check-circle-filled"
    assert part(shown, "task_1_title_text").line_through
    assert part(shown, "task_1_toggle_button").on_click_action.type == "task.reopen"
    assert part(shown, "tasks_count_badge").label == "1"

    back = await talk.click(replaced, part(shown, "task_1_toggle_button").on_click_action)
    assert not (await world.task(1)).completed
    assert back.replaced[0].widget.widget == item.widget.widget


async def test_what_was_clicked_is_known_to_the_assistant_and_to_nobody_else(world: World) -> None:
    await world.add("Milk")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]
    turn = await talk.click(item, part(item.widget.widget, "task_1_toggle_button").on_click_action)
    stored = await world.threads._store.list_items(
        world.ann.principal.id, talk.thread_id, limit=50, include_hidden=True
    )
    hidden = [entry.item for entry in stored.entries if entry.item.HasField("hidden_context")]

    assert [note.hidden_context.content.string_value for note in hidden] == [
        "The person completed task #1 (Milk) by a click."
    ]
    assert not any(item.HasField("hidden_context") for item in turn.done)


async def test_delete_in_a_list_asks_below_and_takes_the_row_along(world: World) -> None:
    for title in ("Milk", "Bread", "Eggs"):
        await world.add(title)
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]
    asked = await talk.click(item, part(item.widget.widget, "task_2_delete_button").on_click_action)

    assert asked.replaced == []
    confirmed = await talk.click(asked.shown[0], asked.widget.card.confirm.action)
    by_id = {replaced.id: replaced.widget.widget for replaced in confirmed.replaced}

    assert by_id[asked.shown[0].id].id == "task_2_deleted_card"
    assert rows_of(by_id[item.id]) == [1, 3]
    assert part(by_id[item.id], "tasks_count_badge").label == "2"


@pytest.mark.parametrize("fault", [DependencyUnavailableError("database"), RuntimeError("secret text")])
async def test_an_error_in_a_tool_gives_a_card_to_try_again_and_the_thread_goes_on(
    world: World, fault: Exception
) -> None:
    talk = world.talk()
    world.store.fault = fault
    failed = await talk.say("add buy milk tomorrow")

    assert failed.end == "run_completed"
    assert failed.widget.id == "error_card"
    assert "secret" not in str(failed.events)
    assert "try again" in failed.text

    again = await talk.click(failed.shown[0], part(failed.widget, "retry_button").on_click_action)
    assert again.replaced[0].widget.widget.id == "error_card"

    world.store.fault = None
    retried = await talk.click(failed.shown[0], part(failed.widget, "retry_button").on_click_action)

    assert retried.replaced[0].id == failed.shown[0].id
    assert retried.replaced[0].widget.widget.card.status.text == "Added"
    assert (await world.task(1)).due == "2026-11-24"
    assert rows_of((await talk.say("show my tasks")).widget) == [1]


async def test_500_tasks_are_shown_in_pages(world: World) -> None:
    for number in range(500):
        await world.add(f"Task number {number}")
    talk = world.talk()
    first = await talk.say("show all my tasks")
    item = first.shown[0]

    assert rows_of(first.widget) == list(range(1, 11))
    assert part(first.widget, "tasks_count_badge").label == "500"
    assert part(first.widget, "tasks_shown_caption").value == "1–10 of 500"

    seen: list[str] = []
    shown = first.widget
    for _ in range(6):
        action = part(shown, "tasks_more_button").on_click_action
        turn = await talk.click(item, action)
        assert turn.replaced[0].id == item.id
        shown = turn.replaced[0].widget.widget
        seen.append(part(shown, "tasks_shown_caption").value)

    assert seen == [
        "1–20 of 500",
        "1–30 of 500",
        "1–40 of 500",
        "1–50 of 500",
        "51–60 of 500",
        "51–70 of 500",
    ]
    assert rows_of(shown) == list(range(51, 71))
    assert world.store.largest_page <= 50

    back = await talk.click(item, part(shown, "tasks_start_button").on_click_action)
    assert back.replaced[0].widget.widget == first.widget


async def test_two_tasks_in_one_sentence_are_two_tasks_in_that_order(world: World) -> None:
    turn = await world.talk().say("add buy milk and add call the bank tomorrow at 9")

    assert [widget.id for widget in turn.widgets] == ["task_1_card", "task_2_card"]
    assert [(await world.task(number)).title for number in (1, 2)] == ["Buy milk", "Call the bank"]
    assert (await world.task(2)).due == "2026-11-24T09:00:00+01:00"


async def test_a_title_that_fits_several_tasks_is_asked_about(world: World) -> None:
    for title in ("Buy milk", "Buy oat milk", "Call the bank"):
        await world.add(title)
    talk = world.talk()
    asked = await talk.say("complete the milk task")

    assert part(asked.widget, "choices_title").value == "Which one?"
    assert sorted(rows_of(asked.widget)) == [1, 2]
    assert not (await world.task(1)).completed

    choose = part(asked.widget, "task_2_choose_button").on_click_action
    chosen = await talk.click(asked.shown[0], choose)

    assert (await world.task(2)).completed
    assert not (await world.task(1)).completed
    assert chosen.replaced[0].widget.widget.card.status.text == "Completed"


async def test_a_title_that_fits_nothing_is_answered_with_what_comes_nearest(world: World) -> None:
    await world.add("Buy milk")
    talk = world.talk()
    near = await talk.say('complete the task "buy silk scarves"')
    nothing = await talk.say('complete the task "xylophone"')

    assert part(near.widget, "choices_title").value == "No task fits “buy silk scarves”."
    assert rows_of(near.widget) == [1]
    assert part(nothing.widget, "not_found_text").value == "No task fits “xylophone”."


async def test_other_peoples_tasks_do_not_exist(world: World) -> None:
    task = await world.add("Milk")
    talk = world.talk(world.bob)
    shown = await talk.say("show my tasks")
    completed = await talk.say("complete task 1")
    clicked = await talk.act(None, "task.complete", {"task_id": task.task_id})

    assert shown.widget.id == "tasks_empty_card"
    assert completed.widget.id == "not_found_card"
    assert clicked.widget.id == "gone_card"
    assert not (await world.task(1)).completed


async def test_places_are_those_of_the_list_and_it_is_the_last_card(world: World) -> None:
    await world.add("Milk", due="2026-11-25")
    await world.add("Bread", due="2026-11-24")
    talk = world.talk()
    await talk.say("show my tasks")
    await talk.say("complete the first one")
    assert (await world.task(2)).completed

    await talk.say("add call Ann")
    await talk.say("make it high priority")
    assert (await world.task(3)).priority == 3


async def test_the_first_message_gives_the_thread_its_title(world: World) -> None:
    talk = world.talk()
    first = await talk.say("show my tasks")
    second = await talk.say("add milk")

    assert [event.thread.title for event in first.of("thread_updated")] == ["Show my tasks"]
    assert second.of("thread_updated") == []


async def test_words_that_are_not_about_tasks_get_a_polite_answer(world: World) -> None:
    turn = await world.talk().say("what's the capital of France?")

    assert turn.end == "run_completed"
    assert turn.widgets == []
    assert turn.text
