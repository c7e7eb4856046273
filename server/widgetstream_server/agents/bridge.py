"""Runs an agent of the Agents SDK, and yields what it says and what its tools show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from agents import (
    Agent,
    InputGuardrailTripwireTriggered,
    Model,
    ModelRefusalError,
    ModelSettings,
    OutputGuardrailTripwireTriggered,
    RunConfig,
    Runner,
    RunResultStreaming,
    TResponseInputItem,
    UserError,
)
from agents import Usage as SdkUsage

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.run_pb2 import Usage
from widgetstream_server.agents.context import AgentContext
from widgetstream_server.agents.failures import model_failure, run_failure
from widgetstream_server.agents.output import Output
from widgetstream_server.agents.sdk import Tracing
from widgetstream_server.agents.tapped_model import Listening, TappedModel
from widgetstream_server.agents.tool_failures import ToolFailureHook, explain_tool_failures, place_of
from widgetstream_server.agents.translation import ResponseTranslator
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import ConversationError

AppT = TypeVar("AppT")

DEFAULT_MAX_TURNS = 12
"""How many times a run may call the model, unless the application says otherwise."""

# A tool that does not let go of a cancel must not hold the run's thread for ever.
_CANCEL_GRACE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


async def run_agent(
    agent: Agent[AgentContext[AppT]],
    input_items: str | Sequence[TResponseInputItem],
    context: AgentContext[AppT],
    *,
    model: Model | None = None,
    model_settings: ModelSettings | None = None,
    max_turns: int = DEFAULT_MAX_TURNS,
    on_tool_failure: ToolFailureHook[AppT] | None = None,
) -> AsyncGenerator[WidgetEvent, None]:
    """Run an agent and yield the run's events, in the order in which they happen.

    A message of the model is begun with its first text, and done before a tool that the model calls after it
    starts; what tools stream comes before the text that the model writes next. When the agent ends, the
    workflow under way is ended, and what it waits for (a client tool, a structured input) is yielded last.
    When it fails or is canceled, items that are not done are left as they are.

    The agent works in a task of its own, and waits when the caller is slow. When the generator is closed or
    its caller canceled, that task and its tools are canceled, and have ended when the generator has. What
    models took is added to ``context.usage`` in every case.

    Args:
        agent: The agent. Its tools get ``context``. Agents that it hands over to use the same model. The SDK compares
            the tools of an agent in all runs that share it; where there are many, a ``SteadyAgent`` costs less.
        input_items: What was said, such as ``history.model_input`` gives.
        context: What belongs to the run. One agent at a time may work with it.
        model: The model. None: the agent's own, which is then a ``Model`` and not a name.
        model_settings: Settings that take precedence over the agent's.
        max_turns: How many times the model may be called.
        on_tool_failure: The application's answer to tools that raise; see ``ToolFailureHook``.

    Raises:
        ModelUnavailableError: The model could not be reached, failed, or gave an answer that could not be
            used.
        RunLimitExceededError: The model was called ``max_turns`` times without coming to an end.
        WidgetInvalidError: A tool showed a widget that may not be shown.
        InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered: A guardrail of the agent. The items
            of the run were removed before.
        Exception: What a tool raised whose ``failure_error_function`` is None.
    """
    output = context.output
    if output.stop is not None:
        raise RuntimeError("an agent works with this context already")
    tapped = TappedModel(_model_of(agent, model), ResponseTranslator(output), output.outbox)
    config = RunConfig(
        model=tapped,
        model_settings=model_settings,
        tracing_disabled=not Tracing.enabled,
        trace_include_sensitive_data=False,
        tool_not_found_behavior="return_error_to_model",
        tool_error_formatter=explain_tool_failures(context, on_tool_failure),
    )
    output.outbox.begin()
    take = output.outbox.take
    result = Runner.run_streamed(
        agent,
        input_items if isinstance(input_items, str) else list(input_items),
        context=context,
        max_turns=max_turns,
        run_config=config,
        hooks=Listening(tapped),
    )
    try:
        output.stop = lambda: result.cancel("after_turn")
        _task_of(result).add_done_callback(lambda _: output.outbox.end())
        while await output.outbox.more():
            while (event := take()) is not None:
                yield event
        await _settle(result)
        for last in _last_events(output):
            yield last
    except (InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered):
        for item_id in output.item_ids:
            yield events.item_removed(item_id)
        raise
    except ConversationError:
        raise
    except UserError as error:
        # The SDK's wrapping of what a tool raised, with its text; otherwise a mistake in the agent's definition.
        raise error.__cause__ or error from None
    except Exception as error:
        told = _told(error, tapped, max_turns, context)
        if told is None:
            raise
        _log.warning("agent_failed", **_facts(error))
        # What the model's server said stays out of tracebacks: it may repeat what the person did.
        raise told from None
    finally:
        output.outbox.close()
        output.stop = output.waiting = None
        try:
            await _cancel(result)
        finally:
            _add(context.usage, result.context_wrapper.usage)


def _model_of(agent: Agent[Any], model: Model | None) -> Model:
    chosen = model or agent.model
    if not isinstance(chosen, Model):
        raise TypeError("run_agent needs a model, or an agent whose model is a Model and not a name")
    return chosen


def _task_of(result: RunResultStreaming) -> asyncio.Task[Any]:
    task = result.run_loop_task
    assert task is not None  # noqa: S101 — run_streamed starts it
    return task


def _last_events(output: Output) -> list[WidgetEvent]:
    output.end_workflow()
    if output.waiting is not None:
        output.emit(events.item_done(output.waiting))
    last = []
    while (event := output.outbox.take()) is not None:
        last.append(event)
    return last


async def _settle(result: RunResultStreaming) -> None:
    """Raise what the run ended with. Its events were translated at their source, and are passed over here."""
    # A refusal was shown as what the model said: for the person that is an answer, and no fault.
    try:
        with suppress(ModelRefusalError):
            async for _ in result.stream_events():
                pass
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # Something within a tool was canceled, and not this run: to the caller it is a fault like any other.
        raise RuntimeError("a tool ended by a cancel that was not the run's") from None


async def _cancel(result: RunResultStreaming) -> None:
    """Cancel the run if it is under way and wait for its end, also when the caller is canceled meanwhile."""
    task = _task_of(result)
    canceled: asyncio.CancelledError | None = None
    if not task.done():
        result.cancel()
        deadline = asyncio.get_running_loop().time() + _CANCEL_GRACE_SECONDS
        while not task.done() and (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait((task,), timeout=left)
            except asyncio.CancelledError as error:
                canceled = error
        if not task.done():
            _log.error("agent_ignores_cancel", grace_seconds=_CANCEL_GRACE_SECONDS)
    if task.done() and not task.cancelled():
        # Retrieved, so that asyncio does not report what was raised already.
        task.exception()
    if canceled is not None:
        raise canceled


def _told(
    error: Exception, tapped: TappedModel, max_turns: int, context: AgentContext[Any]
) -> ConversationError | None:
    now = context.run.clock.now()
    if error is tapped.failure:
        return model_failure(error, now=now)
    return run_failure(error, max_turns=max_turns, now=now)


def _facts(error: Exception) -> dict[str, Any]:
    """Return what the log may know of a model's failure: no text of it."""
    return {
        "error_type": type(error).__qualname__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "code", None),
        "request_id": getattr(error, "request_id", None),
        "stack": place_of(error),
    }


def _add(usage: Usage, taken: SdkUsage) -> None:
    usage.requests += taken.requests
    usage.input_tokens += taken.input_tokens
    usage.cached_input_tokens += taken.input_tokens_details.cached_tokens or 0
    usage.output_tokens += taken.output_tokens
    usage.reasoning_tokens += taken.output_tokens_details.reasoning_tokens or 0
