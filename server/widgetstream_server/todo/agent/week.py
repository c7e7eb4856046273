"""The tool that plans a week: a workflow that shows each day as it is looked up, then the list of what is due."""

from __future__ import annotations

from typing import Final

import structlog
from agents import FunctionTool
from agents.tool_context import ToolContext

from widgetstream.chatkit.v1 import workflow_pb2
from widgetstream.chatkit.v1.workflow_pb2 import CustomSummary, CustomTask, StatusIndicator, Workflow, WorkflowSummary
from widgetstream_server.conversation.errors import ConversationError
from widgetstream_server.todo import operations, planning
from widgetstream_server.todo.agent.tools import TodoContext, as_json
from widgetstream_server.todo.operations import OPERATIONS
from widgetstream_server.todo.planning import Part
from widgetstream_server.todo.shapes import read
from widgetstream_server.todo.words import spoken

NAME: Final = "plan_week"

_DESCRIPTION = "Show the person's week: what is overdue, what is due on each day until Sunday, and what has no date."
_LOADING = StatusIndicator.STATUS_INDICATOR_LOADING
_COMPLETE = StatusIndicator.STATUS_INDICATOR_COMPLETE

_log = structlog.get_logger(__name__)


def make_week_tool() -> FunctionTool:
    """Return the tool. It takes no arguments."""
    return FunctionTool(
        name=NAME,
        description=_DESCRIPTION,
        params_json_schema={"type": "object", "properties": {}, "required": [], "additionalProperties": False},
        on_invoke_tool=_invoke,
        strict_json_schema=True,
    )


async def _invoke(tool: ToolContext[TodoContext], _arguments: str) -> str:
    context = tool.context
    async with context.app.turn:
        try:
            plan = await _play(context)
        except ConversationError as error:
            _log.warning("plan_failed", error_type=type(error).__name__)
            return as_json({"status": "error", "message": error.message})
        outcome = await operations.perform(read(OPERATIONS["list_tasks"], {"filter": "this_week"}), context.app.desk)
        if outcome.widget is not None:
            await context.stream_widget(outcome.widget)
    return as_json(planning.result(plan))


async def _play(context: TodoContext) -> list[Part]:
    """Show the parts as steps of a workflow, each under way and then done; collapse it into how much there is."""
    desk = context.app.desk
    plan: list[Part] = []
    place = 0
    await context.progress(spoken().planning, icon="calendar")
    await context.start_workflow(Workflow(type=workflow_pb2.WORKFLOW_TYPE_CUSTOM, expanded=True))
    async for part, complete in planning.parts(desk):
        if complete:
            plan.append(part)
            await context.update_workflow_task(_step(part, _COMPLETE, part.content(desk)), place)
        else:
            place = await context.add_workflow_task(_step(part, _LOADING))
    title = planning.summary(plan)
    await context.end_workflow(WorkflowSummary(custom=CustomSummary(title=title, icon="calendar")))
    return plan


def _step(part: Part, status: StatusIndicator.ValueType, content: str | None = None) -> workflow_pb2.Task:
    custom = CustomTask(title=part.title, icon=part.icon, content=content)
    return workflow_pb2.Task(status_indicator=status, custom=custom)
