"""A list as a person sees it: which tasks it is about, how much of it is shown, and what is there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream.todo.v1.task_service_pb2 import ListTasksRequest
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.todo.names import FILTERS, PRIORITIES, FilterName, PriorityName
from widgetstream_server.todo.service import Tasks

STEP: Final = 10
"""Rows of a new list, and rows that “Show more” adds."""

MAX_ROWS: Final = 50
"""Rows that a list grows to, so that the widget stays small. Then it goes on with the next rows alone."""


class ListState(BaseModel):
    """Which tasks a list is about, and which of them it shows. It travels in payloads of the list's actions.

    Attributes:
        filter: The list.
        priority: Only tasks of this priority.
        tag: Only tasks with this tag.
        query: Only tasks whose title or description holds this text.
        page_token: Where the rows begin, as ``ListTasks`` returned it. Empty: at the first task.
        skipped: How many tasks come before the rows.
        shown: How many rows there are, at most.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    filter: FilterName = "open"
    priority: PriorityName | None = None
    tag: str | None = Field(default=None, max_length=50)
    query: str | None = Field(default=None, max_length=200)
    page_token: str = Field(default="", max_length=1024)
    skipped: int = Field(default=0, ge=0, le=2**31)
    shown: int = Field(default=STEP, ge=1, le=MAX_ROWS)

    @property
    def is_narrowed(self) -> bool:
        """Whether conditions beside the filter keep tasks out."""
        return bool(self.priority or self.tag or self.query)

    def payload(self) -> dict[str, Any]:
        """Return the state as a payload, without what is not set."""
        return self.model_dump(exclude_defaults=True)

    def request(self) -> ListTasksRequest:
        """Return the request for the rows."""
        completed, due = FILTERS[self.filter]
        return ListTasksRequest(
            page_size=self.shown,
            page_token=self.page_token,
            completed=completed,
            due=due,
            priority=PRIORITIES[self.priority] if self.priority else Priority.PRIORITY_UNSPECIFIED,
            tag=self.tag or "",
            query=self.query or "",
        )

    def from_the_start(self, filter_name: FilterName | None = None) -> ListState:
        """Return the state of a list for the same conditions, or for another filter, at its first rows."""
        return ListState(filter=filter_name or self.filter, priority=self.priority, tag=self.tag, query=self.query)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows.

    Attributes:
        state: Which tasks it is about.
        tasks: The rows.
        total: How many tasks there are, shown or not.
        next_page_token: Where it goes on. Empty: these rows are the last.
        now: The time, in the person's time zone.
        others: Where the list is empty, how many tasks the person has at all.
    """

    state: ListState
    tasks: Sequence[Task]
    total: int
    next_page_token: str
    now: datetime
    others: int = 0

    def more(self) -> ListState | None:
        """Return the state that shows more: a longer list or, when it is long, the next rows."""
        if not self.next_page_token:
            return None
        shown = self.state.shown + STEP
        if shown <= MAX_ROWS:
            return self.state.model_copy(update={"shown": shown})
        after = {
            "page_token": self.next_page_token,
            "skipped": self.state.skipped + len(self.tasks),
            "shown": STEP,
        }
        return self.state.model_copy(update=after)


async def load(tasks: Tasks, state: ListState, caller: RequestContext) -> Listing:
    """Read what a list shows now.

    Raises:
        InvalidArgumentError: A condition breaks a rule.
        PageTokenInvalidError: The page token is not one of this list.
    """
    response = await tasks.list(state.request(), caller)
    others = 0
    if not response.total_size:
        others = await tasks.count(ListTasksRequest(), caller)
    return Listing(
        state=state,
        tasks=response.tasks,
        total=response.total_size,
        next_page_token=response.next_page_token,
        now=tasks.local_now(caller),
        others=others,
    )
