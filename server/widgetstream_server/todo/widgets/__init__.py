"""What the todo app shows: widgets made of tasks and the time.

Ids are unique in a tree and stay from one value to the next, so that what changed is small.
"""

from widgetstream_server.todo.widgets.answers import error_card, no_such_task, which_task
from widgetstream_server.todo.widgets.edit_form import edit_form
from widgetstream_server.todo.widgets.task_card import delete_card, deleted_card, gone_card, task_card
from widgetstream_server.todo.widgets.task_list import (
    is_list,
    row_id,
    state_of,
    task_list,
    task_row,
    with_row,
    without_row,
)

__all__ = [
    "delete_card",
    "deleted_card",
    "edit_form",
    "error_card",
    "gone_card",
    "is_list",
    "no_such_task",
    "row_id",
    "state_of",
    "task_card",
    "task_list",
    "task_row",
    "which_task",
    "with_row",
    "without_row",
]
