"""The schema's rules for requests, applied wherever a request comes from: a call, a tool, or a click."""

from __future__ import annotations

import protovalidate
from google.protobuf.message import Message

from widgetstream_server.conversation.errors import FieldViolation, InvalidArgumentError


def check(request: Message) -> None:
    """Check a request against the rules beside its fields.

    Raises:
        InvalidArgumentError: With one violation for each rule that is broken.
    """
    found = protovalidate.collect_violations(request)
    if not found:
        return
    violations = []
    for violation in found:
        path = ""
        elements = violation.proto.field.elements if violation.proto.field else ()
        for element in elements:
            path += ("." if path else "") + element.field_name
            if element.subscript is not None and element.subscript.field == "index":
                path += f"[{element.subscript.value}]"
        violations.append(FieldViolation(path, violation.proto.message))
    raise InvalidArgumentError("; ".join(f"{v.field}: {v.description}" for v in violations), violations=violations)
