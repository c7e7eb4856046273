"""The rules that the schema states beside the fields of requests."""

from __future__ import annotations

from typing import Any, cast

import protovalidate
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from buf.validate import validate_pb2
from widgetstream_server.conversation.errors import FieldViolation, InvalidArgumentError


def has_rules(kind: type[Message]) -> bool:
    """Return whether the schema states any rule for a message, or for what it may hold."""
    message = cast("Descriptor", kind.DESCRIPTOR)
    waiting, seen = [message], {message.full_name}
    while waiting:
        found = waiting.pop()
        if _stated(found, validate_pb2.message) or any(_stated(each, validate_pb2.oneof) for each in found.oneofs):
            return True
        for field in found.fields:
            if _stated(field, validate_pb2.field):
                return True
            inner = field.message_type
            if inner is not None and inner.full_name not in seen:
                seen.add(inner.full_name)
                waiting.append(inner)
    return False


def _stated(described: Any, rules: Any) -> bool:
    found: bool = described.GetOptions().HasExtension(rules)
    return found


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
