"""“Plan my week”: a workflow that shows each day while it is looked up."""

from __future__ import annotations

import pytest

from tests.todo.world import Turn, World, rows_of
from widgetstream.chatkit.v1.workflow_pb2 import StatusIndicator, Workflow, WorkflowType
from widgetstream_server.conversation.errors import DependencyUnavailableError

# It is Monday.
DAYS = ["Overdue", "Today", "Tomorrow", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Without a date"]


def workflow_of(turn: Turn) -> Workflow:
    (workflow,) = [item.workflow.workflow for item in turn.done if item.HasField("workflow")]
    return workflow


async def test_the_week_is_shown_day_by_day(world: World) -> None:
    await world.add("Call Ann", due="2026-11-23T17:00:00+01:00", priority=3)
    await world.add("Milk", due="2026-11-25")
    await world.add("Bread", due="2026-11-25")
    await world.add("Late", due="2026-11-20")
    await world.add("Someday")
    await world.add("Next week", due="2026-12-01")
    turn = await world.talk().say("Please plan my week.")
    workflow = workflow_of(turn)
    content = {task.custom.title: task.custom.content for task in workflow.tasks}

    assert turn.end == "run_completed"
    assert workflow.type == WorkflowType.WORKFLOW_TYPE_CUSTOM
    assert list(content) == DAYS
    assert content["Overdue"] == "- #4 Late"
    assert content["Today"] == "- #1 Call Ann (17:00, high priority)"
    assert content["Wednesday"] == "- #2 Milk\n- #3 Bread"
    assert content["Sunday"] == "Nothing is due."
    assert content["Without a date"] == "- #5 Someday"
    assert workflow.summary.custom.title == "3 tasks on 2 days"
    assert not workflow.expanded
    assert rows_of(turn.widget) == [1, 2, 3]


async def test_steps_are_added_under_way_and_updated_when_they_are_done(world: World) -> None:
    turn = await world.talk().say("plan the week")
    added = [item.workflow.workflow.tasks[0] for item in (event.item for event in turn.of("item_added"))]
    updates = [event.update for event in turn.of("item_updated")]
    added += [update.workflow_task_added.task for update in updates if update.HasField("workflow_task_added")]
    updated = [update.workflow_task_updated for update in updates if update.HasField("workflow_task_updated")]

    assert {task.status_indicator for task in added} == {StatusIndicator.STATUS_INDICATOR_LOADING}
    assert [update.task_index for update in updated] == list(range(len(DAYS)))
    assert {update.task.status_indicator for update in updated} == {StatusIndicator.STATUS_INDICATOR_COMPLETE}
    assert workflow_of(turn).summary.custom.title == "Nothing is due this week"


async def test_a_day_with_many_tasks_names_some(world: World) -> None:
    for number in range(1, 13):
        await world.add(f"Task {number}", due="2026-11-24")
    turn = await world.talk().say("can you plan my week for me?")
    tomorrow = next(task for task in workflow_of(turn).tasks if task.custom.title == "Tomorrow")

    assert tomorrow.custom.content.splitlines()[-2:] == ["- #8 Task 8", "- and 4 more"]


async def test_a_task_that_is_to_be_added_is_no_plan(world: World) -> None:
    await world.talk().say("add a task to plan my week")

    assert (await world.task(1)).title == "Plan my week"


async def test_a_database_that_is_gone_is_told_in_words(world: World) -> None:
    world.store.fault = DependencyUnavailableError("The database does not answer.")
    turn = await world.talk().say("plan my week")

    assert turn.end == "run_completed"
    assert "did not work" in turn.text


@pytest.mark.parametrize("text", ["plan my weekend", "plan my week off", "plan", "my week"])
async def test_other_plans_are_none_of_the_week(world: World, text: str) -> None:
    turn = await world.talk().say(text)

    assert not [item for item in turn.done if item.HasField("workflow")]
