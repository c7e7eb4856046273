"""Which task “it” is: asked as a question that the person answers before the assistant goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.structured_input_pb2 import (
    MultipleChoice,
    MultipleChoiceOption,
    StructuredInput,
    StructuredInputStatus,
)
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream.todo.v1.task_service_pb2 import ListTasksRequest
from widgetstream_server.conversation.errors import TaskNotFoundError
from widgetstream_server.todo.desk import Desk
from widgetstream_server.todo.words import spoken

MAX_CANDIDATES: Final = 8
"""Options of one question: more than these nobody reads."""

_PRONOUN = re.compile(r"(?:it|this|that|(?:this|that|the) (?:one|task|item))", re.IGNORECASE)
_OPTION = re.compile(r"#(\d{1,10})\b")


@dataclass(frozen=True, slots=True)
class Answered:
    """What the person answered.

    Attributes:
        tool: The tool that is to go on.
        reference: The task that was chosen, as tools take it. None: the person declined.
    """

    tool: str
    reference: str | None


def is_pronoun(reference: str) -> bool:
    """Whether a reference says no more than “it”."""
    return _PRONOUN.fullmatch(reference.strip()) is not None


async def candidates(desk: Desk, *, completed: bool) -> list[Task]:
    """Return the tasks that “it” may mean: those that were shown last, or else the first of the person's list.

    Args:
        desk: The person, the tasks, and what was shown.
        completed: Whether done tasks are meant rather than open ones, where nothing was shown.
    """
    shown = []
    for number in dict.fromkeys(desk.shown):
        try:
            shown.append(await desk.tasks.get(str(number), desk.caller))
        except TaskNotFoundError:
            continue
    if shown:
        return shown[:MAX_CANDIDATES]
    request = ListTasksRequest(completed=completed, page_size=MAX_CANDIDATES)
    return list((await desk.tasks.list(request, desk.caller)).tasks)


def question(tool: str, tasks: Sequence[Task]) -> StructuredInput:
    """Return the question which of several tasks a tool is to work on. Its id is the tool's name."""
    options = [MultipleChoiceOption(value=f"#{task.number} {task.title}") for task in tasks]
    return StructuredInput(
        id=tool, question=spoken().ask_which[tool], multiple_choice=MultipleChoice(options=options, multiple=False)
    )


def answered_in(items: Sequence[ThreadItem]) -> Answered | None:
    """Return what was answered last in a thread, whose items come oldest first, since the person last wrote."""
    for item in reversed(items):
        if item.HasField("user_message"):
            return None
        if item.HasField("structured_input") and len(item.structured_input.inputs) == 1:
            asked = item.structured_input.inputs[0]
            if asked.id in spoken().ask_which:
                return Answered(asked.id, _reference(item, asked))
    return None


def _reference(item: ThreadItem, asked: StructuredInput) -> str | None:
    skipped = item.structured_input.status == StructuredInputStatus.STRUCTURED_INPUT_STATUS_SKIPPED
    if skipped or asked.answer.skipped or not asked.answer.values:
        return None
    said = asked.answer.values[0].strip()
    option = _OPTION.match(said)
    return option[0] if option else said or None
