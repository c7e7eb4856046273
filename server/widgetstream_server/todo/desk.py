"""What works on a person's tasks, for tools and for actions alike, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.todo.service import Tasks

CHANGED_EFFECT = "tasks_changed"
"""The client effect that follows a change, so that a page refreshes what it shows of tasks."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A person's tasks, and that person.

    Attributes:
        tasks: The tasks.
        caller: The person.
        shown: Numbers of the tasks that the person was shown last: what “it” may mean.
    """

    tasks: Tasks
    caller: RequestContext
    shown: Sequence[int] = ()

    @property
    def now(self) -> datetime:
        """The time, in the person's time zone."""
        return self.tasks.local_now(self.caller)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to tasks."""

    kind: Literal["added", "updated", "completed", "reopened", "deleted"]
    tasks: Sequence[Task]

    def effect_data(self) -> Mapping[str, Any]:
        """Return the data of the client effect ``tasks_changed``."""
        return {
            "change": self.kind,
            "task_ids": [task.task_id for task in self.tasks],
            "numbers": [task.number for task in self.tasks],
        }
