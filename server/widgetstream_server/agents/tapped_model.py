"""A model whose responses are heard by a person while the Agents SDK works with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, Model, ModelResponse, RunContextWrapper, RunHooks, TResponseInputItem
from agents.items import TResponseStreamEvent
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest

from widgetstream_server.agents.models.streams.ear import EAR, Cut
from widgetstream_server.agents.outbox import Outbox
from widgetstream_server.agents.translation import ResponseTranslator

# The SDK works with items that are complete, and only puts each of these into a queue, which takes 4 to 6 µs a token. A
# thousand tokens that nobody reads again are not kept until the end of the run either.
_WITHHELD = frozenset(
    {
        "response.output_text.delta",
        "response.refusal.delta",
        "response.function_call_arguments.delta",
        "response.reasoning_text.delta",
        "response.reasoning_summary_text.delta",
    }
)

# After any other event the SDK does not try a failed response again, for it may have been shown already.
_BEFORE_ANYTHING = frozenset({"response.created", "response.in_progress"})


class _Tap:
    """The ear of one response; see ``Ear``."""

    __slots__ = ("_outbox", "go_on", "repeated", "why")

    def __init__(self, translator: ResponseTranslator, outbox: Outbox) -> None:
        self._outbox = outbox
        self.go_on = translator.go_on
        # How many characters of the text that comes next were told already.
        self.repeated = 0
        self.why: Cut | None = None

    def repeat(self, length: int) -> None:
        self.repeated += length

    def cut(self, why: Cut) -> None:
        self.why = why

    @property
    def full(self) -> bool:
        return self._outbox.full

    async def room(self) -> None:
        await self._outbox.room()


class TappedModel(Model):
    """Another model, whose streamed responses are translated before the SDK gets them.

    So a response and the tools that it calls put out their events in the order in which they happen: the SDK
    starts a tool when the response is complete, and by then all of it is in the outbox. When the outbox is
    full, the model's stream is not read on, and the model's server waits.

    Attributes:
        heard: Whether responses are for the person at present, and not for an agent that a tool runs.
        failure: The exception with which the model's stream ended. None: with none.
    """

    def __init__(self, model: Model, translator: ResponseTranslator, outbox: Outbox) -> None:
        """Wrap a model for one run."""
        self._model = model
        self._translator = translator
        self._outbox = outbox
        self.heard = False
        self.failure: Exception | None = None

    async def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[TResponseStreamEvent]:
        """Stream the model's response; see ``agents.Model``."""
        stream = self._model.stream_response(*args, **kwargs)
        tap = _Tap(self._translator, self._outbox) if self.heard else None
        try:
            if tap is not None:
                self._translator.begin_response()
            event = await self._first(stream, tap)
            seen = False
            while event is not None:
                kind: str = event.type
                if tap is not None:
                    self._hear(event, kind, tap)
                    if self._outbox.full:
                        await self._outbox.room()
                if not seen or kind not in _WITHHELD:
                    seen = seen or kind not in _BEFORE_ANYTHING
                    yield event
                event = await self._next(stream)
        finally:
            close = getattr(stream, "aclose", None)
            if close is not None:
                await close()

    def _hear(self, event: TResponseStreamEvent, kind: str, tap: _Tap) -> None:
        if tap.repeated and kind in _WITHHELD:
            tap.repeated -= len(getattr(event, "delta", ""))
            return
        self._translator.hear(event)
        if kind == "response.completed" and tap.why is not None:
            self._translator.tell_cut(tap.why)

    async def _first(
        self, stream: AsyncIterator[TResponseStreamEvent], tap: _Tap | None
    ) -> TResponseStreamEvent | None:
        # The request is sent, and its stream made, within this step.
        token = EAR.set(tap)
        try:
            return await self._next(stream)
        finally:
            EAR.reset(token)

    async def _next(self, stream: AsyncIterator[TResponseStreamEvent]) -> TResponseStreamEvent | None:
        try:
            return await anext(stream, None)
        except Exception as error:
            self.failure = error
            raise

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        """Get the model's response whole; see ``agents.Model``."""
        try:
            return await self._model.get_response(*args, **kwargs)
        except Exception as error:
            self.failure = error
            raise

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        """Return the model's own advice; see ``agents.Model``."""
        return self._model.get_retry_advice(request)


class Listening(RunHooks[Any]):
    """Tells a tapped model when the agent of the run itself speaks.

    Agents that a tool runs call the same model: the SDK hands the run's configuration on to them, but not its
    hooks.
    """

    def __init__(self, model: TappedModel) -> None:
        """Make the hooks for a run's model."""
        self._model = model

    async def on_llm_start(
        self,
        context: RunContextWrapper[Any],
        agent: Agent[Any],
        system_prompt: str | None,
        input_items: list[TResponseInputItem],
    ) -> None:
        """The run's agent is about to call the model."""
        self._model.heard = True

    async def on_llm_end(self, context: RunContextWrapper[Any], agent: Agent[Any], response: ModelResponse) -> None:
        """The response is complete; tools come next."""
        self._model.heard = False
