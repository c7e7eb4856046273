"""The assistant: an agent of the Agents SDK whose tools are the operations on tasks."""

from widgetstream_server.todo.agent.definition import make_agent
from widgetstream_server.todo.agent.tools import TodoContext, ToolDesk

__all__ = ["TodoContext", "ToolDesk", "make_agent"]
