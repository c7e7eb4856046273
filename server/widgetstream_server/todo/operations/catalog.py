"""All operations by name, and how they are carried out so that a failure is an answer too."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from types import MappingProxyType

import structlog

from widgetstream_server.conversation.errors import (
    ConversationError,
    InvalidArgumentError,
    TaskNotFoundError,
)
from widgetstream_server.todo import widgets
from widgetstream_server.todo.desk import Desk
from widgetstream_server.todo.operations.changing import (
    AddTask,
    CompleteTask,
    DeleteTask,
    ReopenTask,
    UpdateTask,
)
from widgetstream_server.todo.operations.operation import Operation, Outcome
from widgetstream_server.todo.operations.reading import ListTasks, ShowTask
from widgetstream_server.todo.shapes import ShapeError
from widgetstream_server.todo.words import spoken

_log = structlog.get_logger(__name__)

OPERATIONS: Mapping[str, type[Operation]] = MappingProxyType(
    {
        operation.name: operation
        for operation in (AddTask, ListTasks, ShowTask, CompleteTask, ReopenTask, UpdateTask, DeleteTask)
    }
)


async def perform(operation: Operation, desk: Desk) -> Outcome:
    """Carry an operation out. A failure is an outcome too: a card that offers to try again.

    Nothing is raised but a cancel.
    """
    try:
        return await operation.run(desk)
    except (InvalidArgumentError, ShapeError) as error:
        problems = [f"{violation.field} {violation.description}" for violation in error.violations]
        return Outcome({"status": "invalid", "problems": problems})
    except TaskNotFoundError:
        return Outcome({"status": "not_found"}, widgets.gone_card())
    except ConversationError as error:
        return _failed(operation, error.message)
    except Exception as error:  # noqa: BLE001 — whatever it is, the person can try again and the thread goes on
        _log.error(
            "operation_failed",
            operation=operation.name,
            error_type=type(error).__name__,
            # Places in code alone: the exception's text may hold what a person wrote.
            frames=traceback.format_tb(error.__traceback__),
        )
        return _failed(operation, spoken().fault_hint)


def _failed(operation: Operation, message: str) -> Outcome:
    card = widgets.error_card(message, operation.name, operation.arguments())
    return Outcome({"status": "error", "message": message}, card)
