"""Tools that raise, and calls that do not fit: what the model, the person, the application and the log learn."""

from __future__ import annotations

from typing import Any

import pytest
from agents import RunContextWrapper, function_tool
from agents.testing import ScriptedModel, function_call

from tests.agents.scene import Play, Scene, agent, said, says, script
from widgetstream_server.agents import AgentContext, ToolFailure, run_agent
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import TaskNotFoundError

FAILED = "The tool failed. Do not call it again with the same arguments; tell the person briefly."


@function_tool
async def breaks(ctx: RunContextWrapper[Play], what: str) -> str:
    """Break."""
    raise RuntimeError(f"about {what}")


@function_tool
async def misses(ctx: RunContextWrapper[Play]) -> str:
    """Look for what is not there."""
    raise TaskNotFoundError("99")


def told(model: ScriptedModel, calls: int = 1) -> list[str]:
    """What the model was told of its calls."""
    assert model.last_call is not None
    outputs = [entry for entry in model.last_call.input if entry.get("type") == "function_call_output"]
    return [entry["output"] for entry in outputs[-calls:]]


async def play(model: ScriptedModel, **options: Any) -> list[str]:
    tools = agent(model, breaks, misses)
    return [said(event) async for event in run_agent(tools, "hi", Scene().context, **options)]


@pytest.mark.parametrize(
    "call,output",
    [
        (("breaks", {"what": "x"}), FAILED),
        (("misses", {}), "There is no such task."),
        (("nowhere", {}), "Tool 'nowhere' not found."),
        (
            ("breaks", '{"what": '),
            "The arguments were not valid JSON. Call the tool again with valid arguments.",
        ),
        (
            ("breaks", {"how": 1}),
            "The arguments do not fit the tool's parameters. Call it again with arguments that do.",
        ),
        (
            ("breaks", "[1]"),
            "The arguments do not fit the tool's parameters. Call it again with arguments that do.",
        ),
    ],
)
async def test_the_model_learns_what_it_needs_and_goes_on(call: tuple[str, Any], output: str) -> None:
    model = script([function_call(*call, call_id="c1")], says("Sorry."))

    trace = await play(model)

    assert told(model) == [output]
    assert trace[-1] == "msg_1 done: Sorry."


async def test_the_log_has_the_place_and_no_text(capfd: pytest.CaptureFixture[str]) -> None:
    await play(script([function_call("breaks", {"what": "words"}, call_id="c1")], says("Sorry.")))

    logged = "".join(capfd.readouterr())
    assert "tool_failed" in logged
    assert "RuntimeError" in logged
    assert "in breaks" in logged
    assert "about words" not in logged


async def test_one_tool_that_raises_does_not_take_its_neighbours_along() -> None:
    @function_tool
    async def works(ctx: RunContextWrapper[Play]) -> str:
        """Work."""
        await ctx.context.progress("working")
        return "worked"

    model = script(
        [function_call("breaks", {"what": "x"}, call_id="c1"), function_call("works", {}, call_id="c2")],
        says("ok"),
    )

    trace = [said(event) async for event in run_agent(agent(model, breaks, works), "hi", Scene().context)]

    assert trace[0] == "progress: working"
    assert told(model, 2) == [FAILED, "worked"]


async def test_the_application_may_show_a_card_and_say_what_the_model_is_told() -> None:
    failures: list[ToolFailure] = []

    async def show_card(context: AgentContext[Scene], failure: ToolFailure) -> str | None:
        failures.append(failure)
        await context.stream(events.error("It did not work.", allow_retry=True))
        return "The person was shown an error." if failure.tool_name == "breaks" else None

    calls = [function_call("breaks", {"what": "x"}, call_id="c1"), function_call("misses", {}, call_id="c2")]
    model = script(calls, [])

    trace = await play(model, on_tool_failure=show_card)

    assert trace == ["error: It did not work."] * 2
    assert told(model, 2) == ["The person was shown an error.", "There is no such task."]
    assert sorted((each.tool_name, each.call_id) for each in failures) == [("breaks", "c1"), ("misses", "c2")]
    assert {type(each.error) for each in failures} == {RuntimeError, TaskNotFoundError}


async def test_an_application_that_fails_to_answer_a_failure_does_no_harm(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fails_too(context: AgentContext[Scene], failure: ToolFailure) -> str | None:
        raise ValueError(str(failure.error) * 2)

    model = script([function_call("breaks", {"what": "words"}, call_id="c1")], says("Sorry."))

    trace = await play(model, on_tool_failure=fails_too)

    logged = "".join(capfd.readouterr())
    assert told(model) == [FAILED]
    assert trace[-1] == "msg_1 done: Sorry."
    assert "tool_failure_hook_failed" in logged
    assert "about words" not in logged


async def test_a_tool_that_asks_for_it_fails_the_run_with_what_it_raised() -> None:
    @function_tool(failure_error_function=None)
    async def fatal(ctx: RunContextWrapper[Play]) -> str:
        """Fail."""
        raise TaskNotFoundError("99")

    model = script([function_call("fatal", {}, call_id="c1")], says("never"))
    with pytest.raises(TaskNotFoundError):
        _ = [event async for event in run_agent(agent(model, fatal), "hi", Scene().context)]

    assert model.remaining_steps == 1
