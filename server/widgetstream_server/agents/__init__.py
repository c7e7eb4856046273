"""Agents of OpenAI's Agents SDK: running them, what their tools can show, and the models they run on.

``run_agent`` runs an agent and yields the events of a run; its tools get an ``AgentContext``; a ``SteadyAgent`` costs
less where many are served; ``history.model_input`` gives what was said; ``models`` holds the models.
"""

from widgetstream_server.agents.bridge import DEFAULT_MAX_TURNS, run_agent
from widgetstream_server.agents.context import AgentContext
from widgetstream_server.agents.files import FileLimits, load_files
from widgetstream_server.agents.history import model_input, to_input
from widgetstream_server.agents.sdk import configure_sdk
from widgetstream_server.agents.steady_agent import SteadyAgent
from widgetstream_server.agents.tool_failures import ToolFailure, ToolFailureHook

__all__ = [
    "DEFAULT_MAX_TURNS",
    "AgentContext",
    "FileLimits",
    "SteadyAgent",
    "ToolFailure",
    "ToolFailureHook",
    "configure_sdk",
    "load_files",
    "model_input",
    "run_agent",
    "to_input",
]
