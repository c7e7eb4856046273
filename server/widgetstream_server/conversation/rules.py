"""The rules that the schema states beside the fields of requests."""

from __future__ import annotations

import protovalidate
from google.protobuf.message import Message

from widgetstream_server.conversation.errors import FieldViolation, InvalidArgumentError


def check(message: Message) -> None:
    """Check a request.

    Raises:
        InvalidArgumentError: It breaks rules; the error names the fields.
    """
    try:
        protovalidate.validate(message)
    except protovalidate.ValidationError as error:
        violations = [
            FieldViolation(_path(violation.proto), _description(violation.proto)) for violation in error.violations
        ]
        text = "; ".join(f"{each.field}: {each.description}" for each in violations)
        raise InvalidArgumentError(text, violations=violations) from None


def _path(violation: protovalidate.ViolationPb) -> str:
    path = ""
    for element in violation.field.elements if violation.field else ():
        path += f".{element.field_name}" if path else element.field_name
        if element.subscript is not None:
            key = element.subscript.value
            path += f'["{key}"]' if isinstance(key, str) else f"[{key}]"
    return path


def _description(violation: protovalidate.ViolationPb) -> str:
    return str(violation.message or violation.rule_id)
