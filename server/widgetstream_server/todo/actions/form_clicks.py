"""Actions on a task's form. A form adds the values of its fields to the payload of every action inside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, tzinfo
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream.todo.v1.task_service_pb2 import UpdateTaskRequest
from widgetstream_server.todo import due, labels, texts, widgets
from widgetstream_server.todo.actions.click import Effect, Scene, TaskClick, show_task
from widgetstream_server.todo.desk import Change
from widgetstream_server.todo.names import PRIORITIES
from widgetstream_server.todo.words import spoken

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_BETWEEN_TAGS = re.compile(r"[,;\n]|\s+(?=#)")


class Edit(TaskClick):
    """Show the task's form."""

    type: ClassVar[str] = "task.edit"

    async def run(self, scene: Scene) -> Effect:
        """Show it in place of the card, or below the list."""
        task = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        form = widgets.edit_form(task, scene.desk.now)
        return Effect(added=form) if scene.list_shown is not None else Effect(in_place=form)


class CancelEdit(TaskClick):
    """Leave the form. The values of its fields come along and are dropped."""

    type: ClassVar[str] = "task.edit.cancel"

    title: Any = None
    description: Any = None
    due: Any = None
    time: Any = None
    priority: Any = None
    tags: Any = None

    async def run(self, scene: Scene) -> Effect:
        """Show the card as it was."""
        task = await scene.desk.tasks.get(self.task_id, scene.desk.caller)
        return Effect(in_place=await show_task(task, scene))


class Save(TaskClick):
    """Change the task to what the form says. What does not come stays; what comes empty is emptied."""

    type: ClassVar[str] = "task.save"

    title: str | None = Field(default=None, max_length=200)
    description: str | None = Field(default=None, max_length=8000)
    due: str | None = Field(default=None, max_length=40)
    time: str | None = Field(default=None, max_length=10)
    priority: Literal["low", "medium", "high", "none", ""] | None = None
    tags: str | None = Field(default=None, max_length=1200)

    @field_validator("title")
    @classmethod
    def _has_title(cls, title: str | None) -> str | None:
        if title is not None and not labels.line(title):
            raise ValueError(texts.BLANK_RULE)
        return title

    @field_validator("due")
    @classmethod
    def _is_due(cls, text: str | None) -> str | None:
        due.normalize(text or "", zone=UTC)
        return text

    @field_validator("time")
    @classmethod
    def _is_time(cls, text: str | None) -> str | None:
        if text and text.strip() and not _TIME.fullmatch(text.strip()):
            raise ValueError(texts.TIME_RULE)
        return text

    @model_validator(mode="before")
    @classmethod
    def _whole_form(cls, payload: Any) -> Any:
        # A picker without a day leaves its field out. Where the rest of the form came, that means: not due.
        if isinstance(payload, dict) and "time" in payload and "due" not in payload:
            return {**payload, "due": ""}
        return payload

    async def run(self, scene: Scene) -> Effect:
        """Save, and show the card."""
        desk = scene.desk
        before = await desk.tasks.get(self.task_id, desk.caller)
        task = await desk.tasks.update(self._request(before, desk.caller.time_zone), desk.caller)
        if task == before:
            return Effect(in_place=await show_task(task, scene, spoken().unchanged, icon="info"))
        return Effect(
            in_place=await show_task(task, scene, spoken().updated),
            change=Change("updated", [task]),
            note=texts.noted(texts.NOTE_UPDATED, task.number, task.title),
        )

    def _request(self, task: Task, zone: tzinfo) -> UpdateTaskRequest:
        given = self.model_fields_set
        request = UpdateTaskRequest(task_id=task.task_id, title=self.title)
        if "description" in given:
            request.description = self.description or ""
        if "priority" in given:
            name = self.priority
            request.priority = PRIORITIES[name] if name and name != "none" else Priority.PRIORITY_UNSPECIFIED
        if "tags" in given:
            wanted = set(labels.tags(_BETWEEN_TAGS.split(self.tags or "")))
            request.add_tags.extend(sorted(wanted - set(task.tags)))
            request.remove_tags.extend(sorted(set(task.tags) - wanted))
        when = self._when(task, zone)
        if when is not None:
            request.due = when
        return request

    def _when(self, task: Task, zone: tzinfo) -> str | None:
        """Return the new due date, or None where it stays."""
        if "due" not in self.model_fields_set:
            return None
        if not (self.due or "").strip():
            return ""
        day, at = _picked(self.due or "", zone)
        if "time" in self.model_fields_set:
            match = _TIME.fullmatch((self.time or "").strip())
            at = time(int(match[1]), int(match[2])) if match else None
        known = due.local_time(task.due, zone)
        if day == due.local_day(task.due, zone) and at == (known.replace(second=0) if known else None):
            return None  # as it is written already, whatever the offset
        return datetime.combine(day, at, zone).isoformat(timespec="seconds") if at else day.isoformat()


def _picked(text: str, zone: tzinfo) -> tuple[Any, time | None]:
    """Return day and time of what a picker sends: a day, or an instant that is midnight somewhere."""
    found = due.parse(text, zone=zone)
    if not isinstance(found, datetime):
        return found, None
    if found.time() == time.min:  # midnight as written: the picker means the day
        return found.date(), None
    local = found.astimezone(zone)
    return local.date(), None if local.time() == time.min else local.time().replace(second=0)


__all__ = ["CancelEdit", "Edit", "Save"]
