"""Agents that know nothing of us, on our models: run by the SDK itself, with what it offers."""

from __future__ import annotations

import json
from typing import Any

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    RunConfig,
    RunContextWrapper,
    RunHooks,
    Runner,
    function_tool,
)
from pydantic import BaseModel

from tests.agents.raw_server import RawServer, Reply, data
from widgetstream_server.agents.models.openai import ModelConfig, build_catalog

CONFIG = RunConfig(tracing_disabled=True)


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def calls(name: str, arguments: dict[str, Any]) -> Reply:
    call = {"index": 0, "id": f"c_{name}", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return Reply(data(chunk({"role": "assistant", "tool_calls": [call]}), chunk({}, "tool_calls"), "[DONE]"))


def says(*texts: str) -> Reply:
    return Reply(data(*(chunk({"content": text}) for text in texts), chunk({}, "stop"), "[DONE]"))


class Steps(RunHooks[Any]):
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def on_agent_start(self, context: Any, agent: Agent[Any]) -> None:
        self.seen.append(f"{agent.name} starts")

    async def on_handoff(self, context: Any, from_agent: Agent[Any], to_agent: Agent[Any]) -> None:
        self.seen.append(f"{from_agent.name} hands over to {to_agent.name}")

    async def on_tool_end(self, context: Any, agent: Agent[Any], tool: Any, result: object) -> None:
        self.seen.append(f"{tool.name} returns {result}")


@function_tool
def weather(city: str) -> str:
    """Tell the weather."""
    return f"sunny in {city}"


async def test_tools_handoffs_guardrails_and_hooks() -> None:
    async def allow(context: RunContextWrapper[Any], agent: Agent[Any], given: Any) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=given, tripwire_triggered=False)

    replies = [calls("transfer_to_expert", {}), calls("weather", {"city": "Oslo"}), says("It is", " sunny.")]
    steps = Steps()
    async with RawServer(*replies) as server:
        catalog = build_catalog(ModelConfig(None, ("m",), server.url, "chat_completions"))
        expert = Agent[Any](name="expert", model=catalog.get(), tools=[weather])
        front = Agent[Any](
            name="front", model=catalog.get(), handoffs=[expert], input_guardrails=[InputGuardrail(allow)]
        )
        result = Runner.run_streamed(front, "Weather?", hooks=steps, run_config=CONFIG)
        deltas = [
            event.data.delta
            async for event in result.stream_events()
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
        ]
        await catalog.close()

    assert result.final_output == "It is sunny."
    assert "".join(deltas) == "It is sunny."
    assert steps.seen == [
        "front starts",
        "front hands over to expert",
        "expert starts",
        "weather returns sunny in Oslo",
    ]
    assert [each.output.output_info for each in result.input_guardrail_results] == [
        [{"role": "user", "content": "Weather?"}]
    ]
    assert server.bodies[2]["messages"][-1]["content"] == "sunny in Oslo"


async def test_structured_output_and_an_answer_that_is_not_streamed() -> None:
    class Weather(BaseModel):
        city: str
        degrees: int

    said = '{"city": "Oslo", "degrees": 3}'
    message = {"role": "assistant", "content": said}
    whole = {**chunk({}), "object": "chat.completion"}
    whole["choices"] = [{"index": 0, "message": message, "finish_reason": "stop"}]
    plain = Reply([json.dumps(whole).encode()], headers={"content-type": "application/json"})
    async with RawServer(says(said[:9], said[9:]), plain) as server:
        catalog = build_catalog(ModelConfig(None, ("m",), server.url, "chat_completions"))
        agent = Agent[Any](name="expert", model=catalog.get(), output_type=Weather)
        streamed = Runner.run_streamed(agent, "Weather?", run_config=CONFIG)
        async for _ in streamed.stream_events():
            pass
        result = await Runner.run(agent, "Weather?", run_config=CONFIG)
        await catalog.close()

    assert streamed.final_output == result.final_output == Weather(city="Oslo", degrees=3)
    assert server.bodies[0]["response_format"]["type"] == "json_schema"
