"""The agent's tools with a model that follows a script: what they are called, take, show, and tell the model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from agents import FunctionTool
from agents.testing import ModelStep, ScriptedModel, assistant_message, function_call

from tests.todo.world import Turn, World, open_world, rows_of
from widgetstream_server.todo.agent import make_agent
from widgetstream_server.todo.agent.instructions import instructions

ARGUMENTS = {
    "add_task": ["title", "description", "due", "priority", "tags"],
    "list_tasks": ["filter", "priority", "tag", "query"],
    "show_task": ["task"],
    "complete_task": ["task"],
    "reopen_task": ["task"],
    "update_task": [
        "task",
        "title",
        "description",
        "due",
        "clear_due",
        "priority",
        "add_tags",
        "remove_tags",
    ],
    "delete_task": ["task"],
    "plan_week": [],
}


class Play:
    """A world in which the model makes the calls of a script, and then ends."""

    def __init__(self, world: World, model: ScriptedModel, turn: Turn) -> None:
        self.world = world
        self.model = model
        self.turn = turn

    @property
    def results(self) -> list[dict[str, Any]]:
        """What the tools told the model."""
        given = self.model.calls[-1].input
        assert not isinstance(given, str)
        entries: Sequence[Mapping[str, Any]] = [dict(entry) for entry in given]
        return [json.loads(e["output"]) for e in entries if e.get("type") == "function_call_output"]


async def play(
    path: Path, *calls: tuple[str, str | Mapping[str, Any]], titles: Sequence[str] = (), fault: Exception | None = None
) -> Play:
    step = ModelStep([function_call(name, arguments, call_id=f"c{n}") for n, (name, arguments) in enumerate(calls)])
    model = ScriptedModel([step, ModelStep([assistant_message("Fine.")])])
    async with open_world(path / "tasks.db", {"scripted": model}) as world:
        for title in titles:
            await world.add(title)
        world.store.fault = fault
        return Play(world, model, await world.talk().say("please"))


def test_names_and_arguments_are_those_agreed_upon() -> None:
    tools = [tool for tool in make_agent().steady_tools if isinstance(tool, FunctionTool)]

    assert {tool.name: list(tool.params_json_schema["properties"]) for tool in tools} == ARGUMENTS
    assert all(tool.strict_json_schema and tool.description for tool in tools)
    assert all(tool.params_json_schema["additionalProperties"] is False for tool in tools)


async def test_a_model_adds_a_task_and_learns_its_number(tmp_path: Path) -> None:
    arguments = {"title": "Buy milk", "due": "2026-12-05T17:00", "priority": "high", "tags": None, "description": None}
    played = await play(tmp_path, ("add_task", arguments))

    assert played.results == [
        {
            "status": "ok",
            "task": {
                "number": 1,
                "title": "Buy milk",
                "due": "2026-12-05T17:00:00+01:00",
                "priority": "high",
            },
        }
    ]
    assert played.turn.widget.id == "task_1_card"
    assert played.turn.text == "Fine."


async def test_calls_of_one_step_are_carried_out_in_their_order(tmp_path: Path) -> None:
    titles = [f"Task {number}" for number in range(1, 9)]
    played = await play(tmp_path, *(("add_task", {"title": title}) for title in titles))

    assert [result["task"]["title"] for result in played.results] == titles
    assert [result["task"]["number"] for result in played.results] == list(range(1, 9))
    assert [widget.id for widget in played.turn.widgets] == [f"task_{number}_card" for number in range(1, 9)]


async def test_a_list_tells_the_model_what_is_shown(tmp_path: Path) -> None:
    played = await play(tmp_path, ("list_tasks", {}), titles=[f"Task {n}" for n in range(1, 13)])
    (result,) = played.results

    assert (result["status"], result["total"], result["filter"]) == ("ok", 12, "open")
    assert result["listed"] == list(range(1, 11)) == rows_of(played.turn.widget)
    assert result["tasks"][0] == {"number": 1, "title": "Task 1"}
    assert played.turn.of("progress_update")[0].text == "Looking at your tasks"


async def test_delete_asks_and_deletes_nothing(tmp_path: Path) -> None:
    played = await play(tmp_path, ("delete_task", {"task": "milk"}), titles=["Buy milk"])

    assert played.results == [
        {"status": "asked", "question": "confirm_delete", "task": {"number": 1, "title": "Buy milk"}}
    ]
    assert played.turn.widget.id == "task_1_delete_card"
    assert played.turn.effects == []


@pytest.mark.parametrize(
    "name, arguments, problem",
    [
        ("add_task", "{", "the arguments are not JSON"),
        ("add_task", "[]", " must be an object"),
        ("add_task", {}, "title is required"),
        ("add_task", {"title": " "}, "title must not be blank"),
        ("add_task", {"title": "x" * 201}, "title must be at most 200 characters"),
        ("add_task", {"title": "a", "description": "x" * 8001}, "description must have at most 8000 characters"),
        ("add_task", {"title": "a", "due": "soon"}, "due must be a day that exists"),
        ("add_task", {"title": "a", "priority": "urgent"}, "priority must be one of 'low', 'medium' or 'high'"),
        ("add_task", {"title": "a", "tags": ["x" * 51]}, "tags must have at most 20 entries"),
        ("add_task", {"title": "a", "color": "red"}, "color is unknown"),
        ("list_tasks", {"query": "x" * 201}, "query must have at most 200 characters"),
        ("complete_task", {"task": None}, "task must be a string"),
        ("update_task", {"task": "1", "title": "\n"}, "title must not be blank"),
    ],
)
async def test_a_model_is_told_which_argument_breaks_which_rule(
    tmp_path: Path, name: str, arguments: str | Mapping[str, Any], problem: str
) -> None:
    played = await play(tmp_path, (name, arguments), titles=["Milk"])

    (result,) = played.results
    assert result["status"] == "invalid"
    assert any(found.startswith(problem) for found in result["problems"]), result
    assert played.turn.end == "run_completed"
    assert played.turn.widgets == []


async def test_several_fits_are_for_the_person_to_choose_from(tmp_path: Path) -> None:
    played = await play(tmp_path, ("complete_task", {"task": "milk"}), titles=["Buy milk", "Buy oat milk"])

    assert played.results[0]["status"] == "asked"
    assert [task["number"] for task in played.results[0]["candidates"]] == [1, 2]
    assert played.turn.widget.id == "choices_list"


async def test_a_fault_is_a_card_for_the_person_and_no_more_than_that_for_the_model(tmp_path: Path) -> None:
    played = await play(tmp_path, ("add_task", {"title": "Milk"}), fault=RuntimeError("password is swordfish"))

    assert played.results[0]["status"] == "error"
    assert played.turn.widget.id == "error_card"
    assert "swordfish" not in str(played.turn.events) + str(played.model.calls)


async def test_all_changes_of_an_update_are_made(tmp_path: Path) -> None:
    played = await play(
        tmp_path,
        (
            "update_task",
            {
                "task": 1,
                "title": "Oat milk",
                "due": "2026-12-05",
                "priority": "low",
                "add_tags": ["#Shop"],
            },
        ),
        ("update_task", {"task": "#1", "clear_due": True, "remove_tags": ["shop"]}),
        ("update_task", {"task": "#1", "clear_due": True}),
        titles=["Milk"],
    )

    assert [result.get("changed", True) for result in played.results] == [True, True, False]
    assert played.results[0]["task"]["tags"] == ["shop"]
    assert played.results[1]["task"] == {"number": 1, "title": "Oat milk", "priority": "low"}
    assert [w.card.status.text for w in played.turn.widgets] == ["Updated", "Updated", "Nothing to change"]


async def test_the_model_knows_the_persons_day_and_zone(world: World) -> None:
    text = instructions(world.app.tasks.local_now(world.ann))

    assert "Monday, 2026-11-23T11:00+01:00, in the time zone Europe/Oslo" in text
    assert "Widgets speak for themselves" in text
