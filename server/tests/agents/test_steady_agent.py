"""Agents whose tools are the same in every run: to models and hooks they are agents like others."""

from __future__ import annotations

from typing import Any

from agents import RunConfig, RunHooks, Runner, function_tool
from agents.testing import ModelStep, ScriptedModel, assistant_message, function_call

from tests.agents.playing import play, show
from tests.agents.scene import Play, Scene
from widgetstream_server.agents import SteadyAgent


@function_tool
def count() -> int:
    """Count."""
    return 7


@function_tool(is_enabled=False)
def forbidden() -> None:
    """Do what this run may not."""


def a_model() -> ScriptedModel:
    asked = [function_call("show", '{"text": "milk"}', call_id="c1"), function_call("count", "{}", call_id="c2")]
    return ScriptedModel([ModelStep(asked), ModelStep([assistant_message("Fine.")])])


def an_agent(model: ScriptedModel) -> SteadyAgent[Any]:
    return SteadyAgent[Play](
        name="steady", instructions="Help.", model=model, tools=[count, forbidden], steady_tools=[show]
    )


async def test_tools_of_both_kinds_are_offered_and_called() -> None:
    model = a_model()
    trace = await play(Scene(), an_agent(model).for_run())

    assert trace[0] == "wid_1 done: milk"
    assert trace[-1] == "msg_1 done: Fine."
    assert [[tool.name for tool in call.tools] for call in model.calls] == [["count", "show"]] * 2


async def test_hooks_hear_of_its_tools_when_the_sdk_runs_it() -> None:
    heard: list[str] = []

    class Hooks(RunHooks[Any]):
        async def on_tool_end(self, context: Any, agent: Any, tool: Any, result: object) -> None:
            heard.append(f"{agent.name}: {tool.name}")

    config = RunConfig(tracing_disabled=True)
    result = await Runner.run(an_agent(a_model()), "hi", context=Scene().context, hooks=Hooks(), run_config=config)

    assert result.final_output == "Fine."
    assert sorted(heard) == ["steady: count", "steady: show"]


def test_an_agent_for_a_run_is_equal_and_yet_another() -> None:
    whole = an_agent(a_model())

    assert whole.for_run() == whole
    assert whole.for_run() is not whole
