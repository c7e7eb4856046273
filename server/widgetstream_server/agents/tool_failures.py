"""What happens when a tool raises: the log gets the place, the model a sentence, the application a say."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from agents import ModelBehaviorError, ToolErrorFormatterArgs
from agents.tool_context import ToolContext

from widgetstream_server.agents.context import AgentContext
from widgetstream_server.conversation.errors import ConversationError, WidgetInvalidError

AppT = TypeVar("AppT")

_log = structlog.get_logger(__name__)

_FAILED = "The tool failed. Do not call it again with the same arguments; tell the person briefly."
_BAD_JSON = "The arguments were not valid JSON. Call the tool again with valid arguments."
_BAD_ARGUMENTS = "The arguments do not fit the tool's parameters. Call it again with arguments that do."


@dataclass(frozen=True, slots=True)
class ToolFailure:
    """A tool that raised.

    Attributes:
        tool_name: The tool.
        call_id: The model's id of the call.
        error: What it raised. Its text may hold anything: it is for nobody's eyes.
    """

    tool_name: str
    call_id: str
    error: Exception


ToolFailureHook = Callable[[AgentContext[AppT], ToolFailure], Awaitable[str | None]]
"""An application's answer to a tool that raised.

It may show something, such as a card with the offer to try again, and returns what the model is told. None: a
sentence that tells no more than that the tool failed."""


def place_of(error: BaseException) -> str:
    """Return where an exception was raised, as lines of code. Its text may hold what a person wrote."""
    return "".join(traceback.format_tb(error.__traceback__))


def explain_tool_failures(
    context: AgentContext[AppT], hook: ToolFailureHook[AppT] | None
) -> Callable[[ToolErrorFormatterArgs[Any]], Awaitable[str | None]]:
    """Return what tells the model of a tool that raised, for ``RunConfig.tool_error_formatter``.

    A widget that is invalid fails the run: no further call of the tool would mend it. For errors of the
    conversation the model gets their message, which is meant for callers; for others it learns nothing of
    what happened. Arguments that do not fit are the model's own mistake, which it is told to mend. Tools with
    a ``failure_error_function`` of their own do not come here.
    """

    async def explain(args: ToolErrorFormatterArgs[Any]) -> str | None:
        match args.error:
            case None:
                return None
            case ModelBehaviorError():
                return _about_arguments(args)
            case WidgetInvalidError() as error:
                context.output.outbox.fail(error)
                return _FAILED
            case ConversationError() as error:
                _log.info("tool_refused", tool=args.tool_name, reason=type(error).__name__)
                told = error.message
            case error:
                _log.error(
                    "tool_failed",
                    tool=args.tool_name,
                    call_id=args.call_id,
                    error_type=type(error).__qualname__,
                    stack=place_of(error),
                )
                told = _FAILED
        if hook is None:
            return told
        try:
            return await hook(context, ToolFailure(args.tool_name, args.call_id, args.error)) or told
        except Exception as error:  # noqa: BLE001 — the application's code; the run goes on without it
            _log.error("tool_failure_hook_failed", error_type=type(error).__qualname__, stack=place_of(error))
            return told

    return explain


def _about_arguments(args: ToolErrorFormatterArgs[Any]) -> str:
    context = args.run_context
    if isinstance(context, ToolContext):
        try:
            json.loads(context.tool_arguments)
        except ValueError:
            return _BAD_JSON
    return _BAD_ARGUMENTS
