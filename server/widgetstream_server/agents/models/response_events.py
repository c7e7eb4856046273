"""The stream of a response that is known as a whole, in the vocabulary of the Responses API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from agents.items import TResponseOutputItem, TResponseStreamEvent
from openai.types import responses as api
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails

# A word with the white space after it; white space in front goes with the first word.
_WORD = re.compile(r"\s*\S+\s*")


def message_item(item_id: str, text: str) -> api.ResponseOutputMessage:
    """Return a message of the assistant."""
    part = api.ResponseOutputText(type="output_text", text=text, annotations=[])
    return api.ResponseOutputMessage(id=item_id, type="message", role="assistant", status="completed", content=[part])


def function_call_item(
    item_id: str, call_id: str, name: str, arguments: Mapping[str, object]
) -> api.ResponseFunctionToolCall:
    """Return the call of a tool."""
    return api.ResponseFunctionToolCall(
        id=item_id,
        type="function_call",
        call_id=call_id,
        name=name,
        arguments=json.dumps(dict(arguments), ensure_ascii=False),
        status="completed",
    )


def response_events(output: Sequence[TResponseOutputItem], *, response_id: str) -> Iterator[TResponseStreamEvent]:
    """Yield the events that a server would stream for a response, text in pieces of a word.

    Args:
        output: The items of the response: messages of text, and calls of tools.
        response_id: The response's id.
    """
    numbers = count()

    def event(make: Callable[..., TResponseStreamEvent], kind: str, **fields: Any) -> TResponseStreamEvent:
        return make(type=kind, sequence_number=next(numbers), **fields)

    begun = _response(response_id, [], "in_progress")
    yield event(api.ResponseCreatedEvent, "response.created", response=begun)
    yield event(api.ResponseInProgressEvent, "response.in_progress", response=begun)
    for index, item in enumerate(output):
        match item:
            case api.ResponseOutputMessage():
                yield from _message_events(event, index, item)
            case api.ResponseFunctionToolCall():
                yield from _call_events(event, index, item)
            case _:
                raise TypeError(f"no stream is known for an item of type {item.type}")
    done = _response(response_id, list(output), "completed")
    yield event(api.ResponseCompletedEvent, "response.completed", response=done)


_Event = Callable[..., TResponseStreamEvent]


def _message_events(event: _Event, index: int, message: api.ResponseOutputMessage) -> Iterator[TResponseStreamEvent]:
    begun = message.model_copy(update={"content": [], "status": "in_progress"})
    yield event(api.ResponseOutputItemAddedEvent, "response.output_item.added", output_index=index, item=begun)
    for place, part in enumerate(message.content):
        if not isinstance(part, api.ResponseOutputText):
            raise TypeError("a refusal has no place here")
        where: dict[str, Any] = {"item_id": message.id, "output_index": index, "content_index": place}
        empty = part.model_copy(update={"text": ""})
        yield event(api.ResponseContentPartAddedEvent, "response.content_part.added", part=empty, **where)
        for word in _WORD.findall(part.text):
            yield event(api.ResponseTextDeltaEvent, "response.output_text.delta", delta=word, logprobs=[], **where)
        yield event(api.ResponseTextDoneEvent, "response.output_text.done", text=part.text, logprobs=[], **where)
        yield event(api.ResponseContentPartDoneEvent, "response.content_part.done", part=part, **where)
    yield event(api.ResponseOutputItemDoneEvent, "response.output_item.done", output_index=index, item=message)


def _call_events(event: _Event, index: int, call: api.ResponseFunctionToolCall) -> Iterator[TResponseStreamEvent]:
    begun = call.model_copy(update={"arguments": "", "status": "in_progress"})
    where: dict[str, Any] = {"item_id": call.id, "output_index": index}
    yield event(api.ResponseOutputItemAddedEvent, "response.output_item.added", output_index=index, item=begun)
    yield event(
        api.ResponseFunctionCallArgumentsDeltaEvent,
        "response.function_call_arguments.delta",
        delta=call.arguments,
        **where,
    )
    yield event(
        api.ResponseFunctionCallArgumentsDoneEvent,
        "response.function_call_arguments.done",
        arguments=call.arguments,
        name=call.name,
        **where,
    )
    yield event(api.ResponseOutputItemDoneEvent, "response.output_item.done", output_index=index, item=call)


def _response(response_id: str, output: list[Any], status: Any) -> api.Response:
    nothing = api.ResponseUsage(
        input_tokens=0,
        input_tokens_details=InputTokensDetails.model_construct(cached_tokens=0, cache_write_tokens=0),
        output_tokens=0,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        total_tokens=0,
    )
    return api.Response(
        id=response_id,
        object="response",
        created_at=0,
        model="offline",
        output=output,
        parallel_tool_calls=True,
        tool_choice="auto",
        tools=[],
        status=status,
        usage=nothing,
    )
