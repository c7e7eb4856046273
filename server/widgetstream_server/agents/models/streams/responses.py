"""A response of the Responses API, as it is streamed."""

from __future__ import annotations

from typing import Any, Final, get_args

import msgspec
from openai import AsyncStream
from openai.types import responses as api
from openai.types.responses import ResponseStreamEvent

from widgetstream_server.agents.models.streams.stream import LeanStream


class _Event(msgspec.Struct, gc=False):
    type: str
    delta: Any = None
    item_id: str = ""
    output_index: int = 0
    content_index: int = 0
    summary_index: int = 0
    sequence_number: int = 0
    logprobs: Any = None


# Text that comes in many pieces, and the class of its event.
_TEXTS: Final[dict[str, type[Any]]] = {
    "response.output_text.delta": api.ResponseTextDeltaEvent,
    "response.refusal.delta": api.ResponseRefusalDeltaEvent,
    "response.reasoning_text.delta": api.ResponseReasoningTextDeltaEvent,
    "response.reasoning_summary_text.delta": api.ResponseReasoningSummaryTextDeltaEvent,
}
_ARGUMENTS: Final = "response.function_call_arguments.delta"
_LAST: Final = frozenset({"response.completed", "response.incomplete", "response.failed"})

_decode_event = msgspec.json.Decoder(_Event).decode
_decode = msgspec.json.Decoder().decode
_Place = tuple[str, int, int, int]


# The client finds out by the second base what is streamed.
class ResponsesStream(LeanStream[ResponseStreamEvent], AsyncStream[ResponseStreamEvent]):
    """The events of a response: text merged, everything else as the client of ``openai`` makes it.

    With an ear, arguments of tools come whole with the call alone, and a response that was cut off is complete for
    the reader, without calls that were not whole.
    """

    def __init__(self, **given: Any) -> None:
        """Take what ``openai.AsyncStream`` takes."""
        super().__init__(**given)
        self._place: _Place | None = None
        self._begun = False
        self._pieces: list[str] = []
        self._first: _Event
        self._last = False

    # What came

    def take(self, payload: bytes) -> None:
        """Take an event."""
        try:
            event = _decode_event(payload)
        except msgspec.ValidationError:
            self._take_any(_decode(payload))
            return
        kind = event.type
        if kind in _TEXTS and isinstance(event.delta, str) and not event.logprobs:
            place = (kind, event.output_index, event.content_index, event.summary_index)
            if place != self._place:
                self._close()
                self._place = place
            if not self._pieces:
                self._first = event
            self._pieces.append(event.delta)
        elif kind != _ARGUMENTS or self.ear is None:
            self._take_any(_decode(payload))

    def _take_any(self, event: object) -> None:
        if not isinstance(event, dict):
            raise self.unusable("An event of the stream is no object.")
        kind = event.get("type")
        if event.get("error") and (kind is None or kind == "error"):
            raise self.failed(event["error"])
        if kind == "error":
            raise self.failed(event)
        if kind is None and event.get("object") == "response":
            # A response that was not streamed, from a server that cannot.
            event = {"type": f"response.{event.get('status')}", "response": event, "sequence_number": 0}
            kind = str(event["type"])
        if not isinstance(kind, str):
            raise self.unusable("An event of the stream has no type.")
        self._close()
        if kind in _LAST:
            self._last = True
            event = self._last_event(event)
            kind = str(event["type"])
        made = _EVENTS.get(kind)
        if made is not None:
            self.ready.append(made.construct(**event))
        if self._last:
            self.over()

    def _last_event(self, event: dict[str, Any]) -> dict[str, Any]:
        response = event.get("response")
        if not isinstance(response, dict):
            raise self.unusable("The last event of the stream has no response.")
        if event["type"] == "response.failed":
            raise self.failed(response.get("error"))
        if event["type"] == "response.completed" or self.ear is None:
            return event
        details = response.get("incomplete_details")
        reason = details.get("reason") if isinstance(details, dict) else None
        self.ear.cut("content_filter" if reason == "content_filter" else "length")
        output = [item for item in response.get("output") or () if not _is_part_of_call(item)]
        return event | {"type": "response.completed", "response": response | {"output": output}}

    # What goes out

    def pause(self) -> None:
        """Put out the text that waits: to the ear if the reader has its beginning, else to the reader."""
        if not self._pieces or self._place is None:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        if self._begun and self.ear is not None:
            self.ear.go_on(text)
            return
        self._begun = True
        first = self._first
        self.ready.append(
            _TEXTS[first.type].model_construct(
                type=first.type,
                delta=text,
                item_id=first.item_id,
                output_index=first.output_index,
                content_index=first.content_index,
                summary_index=first.summary_index,
                sequence_number=first.sequence_number,
                logprobs=[],
            )
        )

    def _close(self) -> None:
        self.pause()
        self._place = None
        self._begun = False

    def finish(self, *, whole: bool) -> None:
        """Nothing is left to the end: the last event says all. Without it, there was no response."""
        if not self._last:
            raise self.unusable("The stream broke off.")


def _is_part_of_call(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") == "function_call" and item.get("status") == "incomplete"


_EVENTS: Final[dict[str, type[Any]]] = {
    get_args(each.model_fields["type"].annotation)[0]: each for each in get_args(get_args(ResponseStreamEvent)[0])
}
