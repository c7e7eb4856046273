"""What an agent says, and in which order with what its tools show, through the SDK's true runner."""

from __future__ import annotations

import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    OutputGuardrailTripwireTriggered,
    RunContextWrapper,
    Usage,
    output_guardrail,
)
from agents.testing import ModelStep, assistant_message, function_call
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails

from tests.agents.playing import play, read, show
from tests.agents.scene import (
    Play,
    Scene,
    agent,
    others,
    said,
    says,
    script,
)
from widgetstream_server.agents import run_agent


async def test_text_comes_as_a_message_in_pieces() -> None:
    trace = await play(Scene(), agent(script(says("He", "llo ", "you"))))

    assert trace == [
        "msg_1 added",
        "msg_1 part 0",
        "msg_1 +'He'",
        "msg_1 +'llo '",
        "msg_1 +'you'",
        "msg_1 part 0 = 'Hello you'",
        "msg_1 done: Hello you",
    ]


async def test_items_carry_the_thread_and_the_clocks_time() -> None:
    scene = Scene()
    scene.clock.passed = 60.0

    events = [event async for event in run_agent(agent(script(says("a"))), "hi", scene.context)]

    done = events[-1].item_done.item
    assert (done.thread_id, done.create_time.ToJsonString()) == ("thr_1", "2026-03-02T12:01:00Z")


async def test_a_message_is_done_before_the_tool_that_follows_and_its_widget_comes_before_the_next_text() -> None:
    model = script(
        [assistant_message("Adding."), function_call("show", {"text": "milk"}, call_id="c1")],
        says("Done."),
    )

    trace = await play(Scene(), agent(model, show))

    assert [line for line in trace if "done" in line or "added" in line] == [
        "msg_1 added",
        "msg_1 done: Adding.",
        "wid_1 done: milk",
        "msg_2 added",
        "msg_2 done: Done.",
    ]


async def test_white_space_before_a_tool_call_is_no_message_and_white_space_before_text_is_kept() -> None:
    blank = script(
        [assistant_message("\n\n"), function_call("show", {"text": "x"}, call_id="c1")],
        says("\n", " ", "ok"),
    )

    trace = await play(Scene(), agent(blank, show))

    assert trace[0] == "wid_1 done: x"
    assert "msg_1 +'\\n ok'" in trace
    assert trace[-1] == "msg_1 done: \n ok"


async def test_usage_is_summed_over_the_steps_of_a_run() -> None:
    usage = Usage(
        requests=1,
        input_tokens=10,
        input_tokens_details=InputTokensDetails(cached_tokens=4, cache_write_tokens=0),
        output_tokens=5,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=2),
        total_tokens=15,
    )
    steps = [
        ModelStep([function_call("show", {"text": "x"}, call_id="c1")], usage=usage),
        ModelStep([assistant_message("ok")], usage=usage),
    ]
    scene = Scene()

    await play(scene, agent(script(*steps), show))

    taken = scene.run.usage
    assert taken is scene.context.usage
    assert (taken.requests, taken.input_tokens, taken.cached_input_tokens) == (2, 20, 8)
    assert (taken.output_tokens, taken.reasoning_tokens) == (10, 4)


async def test_an_agent_that_a_tool_runs_is_not_heard_but_counted() -> None:
    inner = agent(script()).as_tool("inner", "Asks another.", on_stream=lambda _: None)
    model = script([function_call("inner", {"input": "x"}, call_id="c1")], says("nobody hears"), says("ok"))
    scene = Scene()

    trace = await play(scene, agent(model, inner))

    assert trace[-1] == "msg_1 done: ok"
    assert not any("hears" in line for line in trace)
    assert scene.run.usage.requests == 3


async def test_an_agent_that_takes_over_is_heard() -> None:
    other = Agent[Play](name="other", handoff_description="Other.")
    model = script([function_call("transfer_to_other", {}, call_id="c1")], says("other speaks"))

    trace = await play(Scene(), agent(model, handoffs=[other]))

    assert trace[-1] == "msg_1 done: other speaks"


async def test_a_guardrail_removes_what_the_run_put_out() -> None:
    @output_guardrail
    async def never(ctx: RunContextWrapper[Play], of: Agent[Play], output: str) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    trace: list[str] = []
    stream = run_agent(agent(script(says("secret")), output_guardrails=[never]), "hi", Scene().context)
    with pytest.raises(OutputGuardrailTripwireTriggered):
        await read(stream, trace)

    assert trace[-2:] == ["msg_1 done: secret", "msg_1 removed"]


async def test_a_context_serves_one_agent_after_another_but_not_two_at_once() -> None:
    scene = Scene()
    stream = run_agent(agent(script(says("one"))), "hi", scene.context)
    await anext(stream)
    with pytest.raises(RuntimeError, match="already"):
        await anext(run_agent(agent(script(says("two"))), "hi", scene.context))
    await stream.aclose()

    trace = await play(scene, agent(script(says("three"))))

    assert trace[-1] == "msg_2 done: three"


async def test_an_agent_whose_model_is_a_name_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a model"):
        await anext(run_agent(Agent[Play](name="a", model="gpt"), "hi", Scene().context))
    assert await others() == set()


async def test_a_model_that_is_given_takes_the_place_of_the_agents() -> None:
    given = script(says("from the given one"))
    stream = run_agent(agent(script()), "hi", Scene().context, model=given)

    assert [said(event) async for event in stream][-1] == "msg_1 done: from the given one"
