"""Agents that many runs share, at a cost that does not grow with their number."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from agents import Agent, RunContextWrapper, TContext, Tool


@dataclass
class SteadyAgent(Agent[TContext]):
    """An agent that has the same tools in every run, for whoever is served.

    To the Agents SDK its tools are found when it looks for them, as those of MCP servers are. Tools in ``tools`` may
    depend on the run; so the SDK asks each of them in a task of its own whether it is enabled, describes all of them
    several times a run, and compares them with those of all other runs of the same agent that are under way.

    Attributes:
        steady_tools: The tools: always enabled, with names of their own. More may be in ``tools`` and ``mcp_servers``.
    """

    steady_tools: Sequence[Tool] = ()

    async def get_all_tools(self, run_context: RunContextWrapper[TContext]) -> list[Tool]:
        """Return the tools; see ``agents.Agent``."""
        others = await super().get_all_tools(run_context) if self.tools or self.mcp_servers else ()
        return [*others, *self.steady_tools]

    def for_run(self) -> Self:
        """Return the agent for one run: equal to this one, and compared with no other.

        An agent that is handed over to, or back to, is the one that was named, so this is for agents without handoffs.
        """
        return copy.copy(self)
