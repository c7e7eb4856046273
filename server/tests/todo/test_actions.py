"""The registry of actions: what it takes, what it refuses and why, and that a run does not begin before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.todo.world import World, action_of, part
from widgetstream_server.conversation.errors import (
    ActionPayloadInvalidError,
    ActionUnknownError,
    PageTokenInvalidError,
    UnsupportedError,
)
from widgetstream_server.todo import actions

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "actions.yaml").read_text())
json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["task_id", "filter", "tool", "arguments", "title"]), inner)
    ),
    max_leaves=8,
)


def name(case: dict[str, Any]) -> str:
    return f"{case['type']} {case['payload']}"


@pytest.mark.parametrize("case", TABLE["taken"], ids=name)
def test_payloads_that_are_taken(case: dict[str, Any]) -> None:
    click = actions.read(action_of(case["type"], case["payload"]))

    assert type(click) is actions.ACTIONS[case["type"]]


@pytest.mark.parametrize("case", TABLE["refused"], ids=name)
def test_payloads_that_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ActionPayloadInvalidError) as caught:
        actions.read(action_of(case["type"], case["payload"]))

    assert [violation.field for violation in caught.value.violations] == [f"action.payload{case['at']}"]
    assert caught.value.violations[0].description.startswith(case["rule"])


@given(st.sampled_from(sorted(actions.ACTIONS)), json_values)
def test_a_payload_is_taken_or_refused_and_nothing_else(action_type: str, payload: object) -> None:
    fields = ["action.payload"]
    try:
        actions.read(action_of(action_type, payload))
    except ActionPayloadInvalidError as refused:
        fields = [violation.field for violation in refused.violations]

    assert fields
    assert all(field.startswith("action.payload") for field in fields)


async def test_an_unknown_action_is_refused_before_anything_begins(world: World) -> None:
    with pytest.raises(ActionUnknownError) as caught:
        await world.talk().act(None, "task.explode", {})

    assert caught.value.metadata == {"action_type": "task.explode"}
    assert "task.complete" in caught.value.violations[0].description
    assert world.runs.under_way == 0


async def test_a_bad_payload_is_refused_before_anything_begins(world: World) -> None:
    talk = world.talk()
    await talk.say("add milk")

    with pytest.raises(ActionPayloadInvalidError) as caught:
        await talk.act(None, "task.complete", {"task_id": 5})

    assert [violation.field for violation in caught.value.violations] == ["action.payload.task_id"]
    assert not (await world.task(1)).completed


async def test_an_action_without_a_widget_shows_what_came_of_it(world: World) -> None:
    task = await world.add("Milk")
    turn = await world.talk().act(None, "task.complete", {"task_id": task.task_id})

    assert turn.replaced == []
    assert turn.widget.card.status.text == "Completed"


async def test_completing_what_is_done_says_so_and_changes_nothing(world: World) -> None:
    task = await world.add("Milk")
    await world.app.tasks.complete("1", world.ann)
    turn = await world.talk().act(None, "task.complete", {"task_id": task.task_id})

    assert turn.widget.card.status.text == "Done already"
    assert turn.effects == []


async def test_a_row_shows_the_card_below(world: World) -> None:
    await world.add("Milk", description="Two litres")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]
    row = item.widget.widget.list_view.children[1]
    turn = await talk.click(item, row.list_view_item.on_click_action)

    assert turn.replaced == []
    assert part(turn.widget, "task_1_description_text").value == "Two litres"


async def test_a_forged_page_token_in_a_payload_is_refused(world: World) -> None:
    await world.add("Milk")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]

    with pytest.raises(PageTokenInvalidError):
        await talk.act_at_once(item, "task.list.more", {"page_token": "forged"})
    turn = await talk.act(item, "task.list.more", {"page_token": "forged"})
    assert turn.end == "run_failed"
    assert turn.replaced == []


async def test_only_actions_that_change_their_own_widget_alone_are_answered_at_once(world: World) -> None:
    task = await world.add("Milk")
    talk = world.talk()
    item = (await talk.say("show my tasks")).shown[0]

    with pytest.raises(UnsupportedError):
        await talk.act_at_once(item, "task.delete.confirm", {"task_id": task.task_id})
    assert (await world.task(1)).title == "Milk"


async def test_a_list_that_was_removed_does_not_hinder_a_delete(world: World) -> None:
    task = await world.add("Milk")
    talk = world.talk()
    await talk.say("show my tasks")
    payload = {"task_id": task.task_id, "list_item_id": "wid_unknown"}
    turn = await talk.act(None, "task.delete.confirm", payload)

    assert turn.end == "run_completed"
    assert turn.widget.card.status.text == "Deleted"


async def test_a_second_confirm_finds_the_task_gone(world: World) -> None:
    await world.add("Milk")
    talk = world.talk()
    asked = await talk.say("delete task 1")
    confirm = asked.widget.card.confirm.action
    await talk.click(asked.shown[0], confirm)
    again = await talk.click(asked.shown[0], confirm)

    assert again.end == "run_completed"
    assert again.replaced[0].widget.widget.id == "gone_card"
