"""All actions by type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream_server.conversation.errors import (
    ActionPayloadInvalidError,
    ActionUnknownError,
    FieldViolation,
    TaskNotFoundError,
)
from widgetstream_server.todo import shapes
from widgetstream_server.todo.actions.click import Click, Effect, Scene, TaskClick
from widgetstream_server.todo.actions.form_clicks import CancelEdit, Edit, Save
from widgetstream_server.todo.actions.list_clicks import Filter, More
from widgetstream_server.todo.actions.repeat_clicks import Choose, Retry
from widgetstream_server.todo.actions.task_clicks import (
    CancelDelete,
    Complete,
    ConfirmDelete,
    Delete,
    Reopen,
    Show,
)

_ALL: tuple[type[Click], ...] = (
    Complete,
    Reopen,
    Show,
    Delete,
    ConfirmDelete,
    CancelDelete,
    Edit,
    CancelEdit,
    Save,
    More,
    Filter,
    Retry,
    Choose,
)

ACTIONS: Mapping[str, type[Click]] = MappingProxyType({click.type: click for click in _ALL})

SYNC_ACTIONS = frozenset(click.type for click in (Complete, Reopen, More, Filter))
"""Those that can be answered at once, because they change nothing but the widget that was clicked."""


def read(action: Action) -> Click:
    """Read an action.

    Raises:
        ActionUnknownError: There is none of this type.
        ActionPayloadInvalidError: The payload has another shape.
    """
    model = ACTIONS.get(action.type)
    if model is None:
        raise ActionUnknownError(action.type, known=tuple(ACTIONS))
    try:
        click = shapes.read(model, shapes.to_json(action.payload))
        click.check()
    except shapes.ShapeError as error:
        violations = [
            FieldViolation(f"action.payload.{v.field}" if v.field else "action.payload", v.description)
            for v in error.violations
        ]
        raise ActionPayloadInvalidError(violations) from None
    return click


async def perform(click: Click, scene: Scene) -> Effect:
    """Carry an action out. Raises ``ConversationError``; that a task is gone is no failure but an effect."""
    try:
        return await click.run(scene)
    except TaskNotFoundError:
        if isinstance(click, TaskClick):
            return await click.on_gone(scene)
        raise
