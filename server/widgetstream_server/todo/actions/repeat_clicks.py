"""Actions that carry out a request of the assistant's: once more, or with the task that the person chose."""

from __future__ import annotations

from typing import Any, ClassVar

from widgetstream_server.conversation.errors import FieldViolation
from widgetstream_server.todo import operations, texts, widgets
from widgetstream_server.todo.actions.click import Click, Effect, Scene
from widgetstream_server.todo.operations import OPERATIONS, Operation
from widgetstream_server.todo.shapes import ShapeError, read


class Repeat(Click):
    """Carry a request out. The outcome takes the place of what was clicked."""

    tool: str
    arguments: dict[str, Any]

    note_text: ClassVar[str]

    def check(self) -> None:
        """Check that there is such a tool, and that it takes these arguments."""
        self._operation()

    async def run(self, scene: Scene) -> Effect:
        """Do it."""
        operation = self._operation()
        outcome = await operations.perform(operation, scene.desk)
        widget = outcome.widget
        if widget is None:
            problems = "; ".join(outcome.result.get("problems", ()))
            widget = widgets.error_card(problems, operation.name, operation.arguments())
        note = self.note_text.format(tool=self.tool, result=outcome.result.get("status"))
        return Effect(in_place=widget, change=outcome.change, note=note)

    def _operation(self) -> Operation:
        model = OPERATIONS.get(self.tool)
        if model is None:
            rule = texts.SHAPE_RULES["literal_error"].format(expected=", ".join(OPERATIONS))
            raise ShapeError((FieldViolation("tool", rule),))
        try:
            return read(model, self.arguments)
        except ShapeError as error:
            below = (FieldViolation(f"arguments.{v.field}", v.description) for v in error.violations)
            raise ShapeError(tuple(below)) from None


class Retry(Repeat):
    """Try again what failed."""

    type: ClassVar[str] = "task.retry"
    note_text: ClassVar[str] = texts.NOTE_RETRIED


class Choose(Repeat):
    """Go on with the task that was chosen."""

    type: ClassVar[str] = "task.choose"
    note_text: ClassVar[str] = texts.NOTE_CHOSEN
