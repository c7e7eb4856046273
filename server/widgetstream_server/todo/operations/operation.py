"""The shape of an operation, and of those that work on one task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, assert_never

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from widgetstream.chatkit.v1.structured_input_pb2 import StructuredInput
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.todo import asking, texts, widgets
from widgetstream_server.todo.desk import Change, Desk
from widgetstream_server.todo.names import PRIORITY_NAMES
from widgetstream_server.todo.resolution import Ambiguous, Found, NotFound
from widgetstream_server.todo.service import MAX_TAG, MAX_TAGS
from widgetstream_server.todo.words import spoken

MAX_TEXT = 8000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation.

    Attributes:
        result: For the model: JSON. ``status`` is ``ok``, ``asked`` (the person is to choose or confirm),
            ``not_found``, ``invalid`` or ``error``.
        widget: For the person.
        change: What happened to tasks.
        question: What the person is to be asked, where the assistant can wait for the answer. The widget asks the same,
            for where it cannot.
    """

    result: Mapping[str, Any]
    widget: Widget | None = None
    change: Change | None = None
    question: StructuredInput | None = None


class Operation(BaseModel, ABC):
    """A request. Its fields are the arguments of the tool of that name; its docstring is for the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ClassVar[str]

    @field_validator("*", mode="after")
    @classmethod
    def _fits(cls, value: Any) -> Any:
        # What a request holds goes into the payload of the button that repeats it. The limits are not in the tool's
        # schema, because strict schemas may not hold such.
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise ValueError(texts.SHAPE_RULES["string_too_long"].format(max_length=MAX_TEXT))
        if isinstance(value, list) and (len(value) > MAX_TAGS or any(len(entry) > MAX_TAG for entry in value)):
            raise ValueError(texts.TAGS_SHAPE_RULE.format(count=MAX_TAGS, length=MAX_TAG))
        return value

    @abstractmethod
    async def run(self, desk: Desk) -> Outcome:
        """Do it. Raises ``ConversationError``."""

    def arguments(self) -> dict[str, Any]:
        """Return the arguments that are set, as JSON."""
        return self.model_dump(mode="json", exclude_none=True)


def _as_text(value: object) -> object:
    # Models like to give a number as a number.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Reference = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(description="Which task: its number (such as #5), its id, or its title, as exactly as it is known"),
]


class TaskOperation(Operation):
    """A request about one task. Where it is not clear which, the person is asked."""

    task: Reference

    prefer_completed: ClassVar[bool] = False

    @abstractmethod
    async def run_on(self, task: Task, desk: Desk) -> Outcome:
        """Do it with the task that is meant. Raises ``ConversationError``."""

    async def run(self, desk: Desk) -> Outcome:
        """Find the task that is meant, and do it."""
        if asking.is_pronoun(self.task):
            return await self._run_on_it(desk)
        found = await desk.tasks.resolve(self.task, desk.caller, prefer_completed=self.prefer_completed)
        match found:
            case Found(task):
                return await self.run_on(task, desk)
            case Ambiguous(reference, candidates):
                return Outcome(
                    {
                        "status": "asked",
                        "question": "which_task",
                        "candidates": [brief(task) for task in candidates],
                    },
                    widgets.which_task(reference, candidates, desk.now, self.name, self.arguments()),
                )
            case NotFound(reference, suggestions):
                return Outcome(
                    {"status": "not_found", "suggestions": [brief(task) for task in suggestions]},
                    widgets.no_such_task(reference, suggestions, desk.now, self.name, self.arguments()),
                )
        assert_never(found)

    async def _run_on_it(self, desk: Desk) -> Outcome:
        """Do it with what the person was shown, or ask which of these tasks is meant."""
        candidates = await asking.candidates(desk, completed=self.prefer_completed)
        arguments = self.arguments()
        if not candidates:
            nothing = widgets.no_such_task(self.task, (), desk.now, self.name, arguments)
            return Outcome({"status": "not_found", "suggestions": []}, nothing)
        if len(candidates) == 1:
            return await self.run_on(candidates[0], desk)
        can_wait = arguments.keys() == {"task"} and self.name in spoken().ask_which
        return Outcome(
            {"status": "asked", "question": "which_task", "candidates": [brief(task) for task in candidates]},
            widgets.which_task(self.task, candidates, desk.now, self.name, arguments),
            question=asking.question(self.name, candidates) if can_wait else None,
        )


def brief(task: Task) -> dict[str, Any]:
    """Return what a model needs to know of a task."""
    facts: dict[str, Any] = {"number": task.number, "title": task.title}
    if task.due:
        facts["due"] = task.due
    if task.priority in PRIORITY_NAMES:
        facts["priority"] = PRIORITY_NAMES[task.priority]
    if task.tags:
        facts["tags"] = list(task.tags)
    if task.completed:
        facts["completed"] = True
    return facts
