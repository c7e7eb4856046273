"""The agent itself."""

from __future__ import annotations

from agents import Agent, RunContextWrapper

from widgetstream_server.agents.steady_agent import SteadyAgent
from widgetstream_server.todo.agent.instructions import instructions
from widgetstream_server.todo.agent.tools import TodoContext, make_tools
from widgetstream_server.todo.agent.week import make_week_tool


def make_agent() -> SteadyAgent[TodoContext]:
    """Return the agent. One serves all runs; which model speaks is decided for each run."""
    return SteadyAgent(name="Todo", instructions=_for_run, steady_tools=[*make_tools(), make_week_tool()])


def _for_run(wrapper: RunContextWrapper[TodoContext], _agent: Agent[TodoContext]) -> str:
    return instructions(wrapper.context.run.local_now())
