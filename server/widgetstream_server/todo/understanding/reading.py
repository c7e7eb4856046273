"""What a message was understood to mean, and the limits that every reading keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from widgetstream_server.todo.understanding.phrase import Phrase

MAX_CALLS = 20
"""No reading asks for more tool calls than this."""

MAX_TITLE = 200
"""Characters of a title or of a title given as a reference; the rest of a new title goes into its description."""

MAX_DESCRIPTION = 4_000
"""Characters of a description."""

MAX_TAG = 50
"""Characters of a tag."""

MAX_TAGS = 20
"""Tags of a task."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool. `arguments` is JSON-serialisable; an argument that was not said is absent."""

    name: str
    arguments: dict[str, object]


@dataclass(frozen=True, slots=True)
class Reading:
    """The calls that a message asks for, in the order said, and the words to answer with.

    Without calls there is always a reply. With calls a reply is there only when a part of the message
    could not be acted on ("complete the second one and add milk", with no list shown before).
    """

    calls: tuple[ToolCall, ...] = ()
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a sentence is read against."""

    now: datetime
    """Aware, in the time zone of the person."""

    last_listed: tuple[int, ...] = ()
    """Numbers of the tasks in the list shown last, in its order."""

    latest: str | None = None
    """Reference of the task that the sentence before spoke of; what "it" means."""

    obliged: bool = False
    """The sentence began with "I need to" or the like: a bare verb is a thing to do, not a command."""

    listed: bool = False
    """The sentence is a line of a bulleted list: it needs no verb to be a task."""


Handler = Callable[[Phrase, Scene], Reading | None]
"""Reads one sentence. None: the sentence is of another kind, ask the next handler."""


def call(name: str, **arguments: object) -> ToolCall:
    """A call without the arguments that are None, empty lists included."""
    return ToolCall(name, {key: value for key, value in arguments.items() if value is not None and value != []})


def calls(*made: ToolCall) -> Reading:
    """A reading of these calls alone."""
    return Reading(calls=made)


def say(text: str) -> Reading:
    """A reading that only answers."""
    return Reading(reply=text)
