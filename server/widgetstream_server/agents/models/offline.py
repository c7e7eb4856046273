"""A model that needs no network: it understands what an interpreter does, and always answers alike."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from agents import Model, ModelResponse, TResponseInputItem, Usage
from agents.items import TResponseOutputItem, TResponseStreamEvent

from widgetstream_server.agents.history import WIDGET_NOTE, note_text
from widgetstream_server.agents.models.response_events import (
    function_call_item,
    message_item,
    response_events,
)

_NUMBER = re.compile(r"#(\d{1,9})\b")


class Call(Protocol):
    """A tool to be called."""

    @property
    def name(self) -> str:
        """The tool."""

    @property
    def arguments(self) -> Mapping[str, object]:
        """Its arguments, as JSON. An argument that was not said is absent."""


class Reading(Protocol):
    """What a message was understood to mean."""

    @property
    def calls(self) -> Sequence[Call]:
        """The tools to call, in the order said."""

    @property
    def reply(self) -> str | None:
        """What to answer in words: always there when there are no calls."""


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What a tool answered.

    Attributes:
        name: The tool.
        arguments: Its arguments.
        output: Its answer, as the model sees it.
    """

    name: str
    arguments: Mapping[str, object]
    output: str


class Interpreter(Protocol):
    """Understands people, for an application's tools. The same words at the same time mean the same."""

    def read(self, text: str, *, now: datetime, last_listed: Sequence[int]) -> Reading:
        """Say what a message means.

        Args:
            text: What the person wrote.
            now: The time, in the person's time zone.
            last_listed: Numbers of the entries of the list shown last, in its order: what "the second one"
                means.
        """

    def summarize(self, outputs: Sequence[ToolOutput]) -> str:
        """Say what to write after the tools have answered. Empty: nothing, widgets speak for themselves."""


class OfflineModel(Model):
    """Plays the part of a model with the Agents SDK: calls tools, and answers when they have.

    It looks at the person's last message and at what tools have answered since, and at the list shown last.
    Its stream has the events that a real model's stream has, text in pieces of a word.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[str], str],
    ) -> None:
        """Make a model for one run.

        Args:
            interpreter: Understands people.
            now: The time in the person's time zone, such as ``RunContext.local_now``.
            new_id: Makes ids from a prefix, such as ``Ids.new``.
        """
        self._interpreter = interpreter
        self._now = now
        self._new_id = new_id

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002 — the interface's name
        *args: Any,
        **kwargs: Any,
    ) -> ModelResponse:
        """Answer at once; see ``agents.Model``."""
        return ModelResponse(output=self._answer(input), usage=Usage(requests=1), response_id=self._new_id("resp"))

    async def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002 — the interface's name
        *args: Any,
        **kwargs: Any,
    ) -> AsyncGenerator[TResponseStreamEvent, None]:
        """Answer in pieces; see ``agents.Model``."""
        for event in response_events(self._answer(input), response_id=self._new_id("resp")):
            yield event

    def _answer(self, given: str | list[TResponseInputItem]) -> list[TResponseOutputItem]:
        entries = [{"role": "user", "content": given}] if isinstance(given, str) else given
        scene = _look(cast("Sequence[TResponseInputItem]", entries))
        if scene.outputs:
            return self._say(self._interpreter.summarize(scene.outputs))
        reading = self._interpreter.read(scene.text, now=self._now(), last_listed=scene.last_listed)
        calls = [
            function_call_item(self._new_id("fc"), self._new_id("call"), call.name, call.arguments)
            for call in reading.calls
        ]
        return [*self._say(reading.reply or ""), *calls]

    def _say(self, text: str) -> list[TResponseOutputItem]:
        return [message_item(self._new_id("msg"), text)] if text.strip() else []


@dataclass(frozen=True, slots=True)
class _Scene:
    text: str
    outputs: Sequence[ToolOutput]
    last_listed: Sequence[int]


def _look(entries: Sequence[TResponseInputItem]) -> _Scene:
    """Find the person's last message, what tools answered since, and the list shown last."""
    text = ""
    calls: dict[str, tuple[str, Mapping[str, object]]] = {}
    outputs: list[ToolOutput] = []
    listed: Sequence[int] = ()
    for entry in entries:
        fields = cast("Mapping[str, Any]", entry)
        match fields.get("type", "message"):
            case "function_call":
                calls[fields["call_id"]] = (fields["name"], _object(fields["arguments"]))
            case "function_call_output":
                output = _text_of(fields["output"])
                name, arguments = calls.get(fields["call_id"], ("", {}))
                outputs.append(ToolOutput(name, arguments, output))
                listed = _listed_by(output, listed)
            case "message" if fields.get("role") == "user":
                noted = note_text(entry)
                if noted is None:
                    text, outputs = _text_of(fields["content"]), []
                elif noted.startswith(WIDGET_NOTE):
                    listed = [int(number) for number in _NUMBER.findall(noted)] or listed
            case _:
                pass
    return _Scene(text, outputs, listed)


def _listed_by(output: str, before: Sequence[int]) -> Sequence[int]:
    numbers = _object(output).get("listed")
    if isinstance(numbers, list) and all(type(number) is int for number in numbers):
        return numbers
    return before


def _object(text: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _text_of(content: object) -> str:
    """Return the text of a content, which is a text or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(part.get("text", "") for part in parts if isinstance(part, dict))
