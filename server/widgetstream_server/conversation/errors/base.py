"""What every error has: a reason of the schema, a text for the caller, and the fields at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from widgetstream.chatkit.v1 import error_reason_pb2


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """A field of a request that breaks a rule.

    Attributes:
        field: Path of the field in the request, such as ``action.payload.task_id``.
        description: The rule, as a phrase that follows the field's name: ``must not be blank``.
    """

    field: str
    description: str


class ConversationError(Exception):
    """A request that cannot be served, with the reason that callers see."""

    reason: ClassVar[error_reason_pb2.ErrorReason.ValueType] = error_reason_pb2.ErrorReason.ERROR_REASON_INTERNAL

    def __init__(
        self,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
        retry_after: float | None = None,
    ) -> None:
        """Make the error.

        Args:
            message: For the caller.
            metadata: Facts for the caller's program, such as the id that was not found.
            violations: The fields at fault.
            retry_after: Seconds after which trying again may help.
        """
        super().__init__(message)
        self.message = message
        self.metadata: Mapping[str, str] = metadata or {}
        self.violations = tuple(violations)
        self.retry_after = retry_after
