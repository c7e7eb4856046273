"""The assistant's tools: the operations, as the Agents SDK calls them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from agents import FunctionTool, Tool
from agents.tool_context import ToolContext

from widgetstream_server.agents.context import AgentContext
from widgetstream_server.conversation.errors import ItemStateInvalidError
from widgetstream_server.todo import operations, shapes, texts
from widgetstream_server.todo.desk import CHANGED_EFFECT, Desk
from widgetstream_server.todo.operations import OPERATIONS, Operation, Outcome
from widgetstream_server.todo.words import spoken

# What takes long enough to say so beforehand.
_SLOW = frozenset({"list_tasks"})


@dataclass(frozen=True, slots=True)
class ToolDesk:
    """What the tools of one run share.

    Attributes:
        desk: The person and the tasks.
        turn: Held while a tool works: calls of one step come one after the other, in the model's order.
    """

    desk: Desk
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


TodoContext = AgentContext[ToolDesk]


def make_tools() -> Sequence[Tool]:
    """Return the tools. Each shows its widget and tells the model in JSON what came of the call."""
    return [_tool(operation) for operation in OPERATIONS.values()]


def _tool(operation: type[Operation]) -> FunctionTool:
    return FunctionTool(
        name=operation.name,
        description=(operation.__doc__ or "").strip(),
        params_json_schema=operation.model_json_schema(),
        on_invoke_tool=_invoke(operation),
        strict_json_schema=True,
    )


def _invoke(model: type[Operation]) -> Callable[[ToolContext[TodoContext], str], Awaitable[str]]:
    async def invoke(tool: ToolContext[TodoContext], arguments: str) -> str:
        try:
            operation = shapes.read(model, json.loads(arguments or "{}"))
        except shapes.ShapeError as error:
            problems = [f"{violation.field} {violation.description}" for violation in error.violations]
            return as_json({"status": "invalid", "problems": problems})
        except ValueError:
            return as_json({"status": "invalid", "problems": [texts.NO_JSON]})
        context = tool.context
        async with context.app.turn:
            if model.name in _SLOW:
                await context.progress(spoken().looking, icon="search")
            outcome = await operations.perform(operation, context.app.desk)
            if not _asks(outcome, context) and outcome.widget is not None:
                await context.stream_widget(outcome.widget)
            if outcome.change is not None:
                await context.client_effect(CHANGED_EFFECT, outcome.change.effect_data())
        return as_json(outcome.result)

    return invoke


def _asks(outcome: Outcome, context: TodoContext) -> bool:
    """Ask the person before the assistant goes on, if there is a question, and none is being asked already."""
    if outcome.question is None:
        return False
    try:
        context.request_structured_input([outcome.question])
    except ItemStateInvalidError:
        return False
    return True


def as_json(result: object) -> str:
    """Return what a tool tells the model."""
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))
