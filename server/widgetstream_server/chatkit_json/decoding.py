"""ChatKit's JSON to messages.

As for writing, a function is compiled for each type of message from what the schema's options say. That of
``TextDelta``, which is a case of updates of items, is

    def read_widgetstream_chatkit_v1_ItemUpdate__text_delta(m, j, get):
        m = m.text_delta
        at = ''
        try:
            if (v := get('content_index')) is not None:
                at = 'content_index'
                m.content_index = plain_widgetstream_chatkit_v1_TextDelta_content_index(v)
            if (v := get('delta')) is not None:
                at = 'delta'
                m.delta = v
        except …:  # says that it happened at `at`
        if not at:
            m.SetInParent()

Properties that a message does not know are passed over, as ChatKit's own models do, but for components of widgets: what
these do not know, and values of theirs that do not fit, are kept as they came (``components``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from widgetstream_server.chatkit_json.components import ComponentReader, no_case, setter
from widgetstream_server.chatkit_json.faults import JsonInvalidError
from widgetstream_server.chatkit_json.properties import SCOPE, WELL_KNOWN, Read, function_name, is_set_by, statements
from widgetstream_server.chatkit_json.scalars import scalar
from widgetstream_server.chatkit_json.shapes import FieldShape, MessageShape, Tagged, message_of, shape_of
from widgetstream_server.chatkit_json.values import Json

MessageT = TypeVar("MessageT", bound=Message)

_TOO_DEEP: Final = "is nested too deep"

_readers: Final[dict[type[Message], Read]] = {}


def decode(kind: type[MessageT], json: Json) -> MessageT:
    """Read a message from ChatKit's JSON, as ``json.loads`` returns it.

    Raises:
        JsonInvalidError: It is no such message; the error names the place.
    """
    read = _readers.get(kind)
    if read is None:
        read = _readers[kind] = _reader(kind)
    message = kind()
    try:
        read(message, json)
    except RecursionError:
        raise JsonInvalidError(_TOO_DEEP) from None
    return message


def decode_bytes(kind: type[MessageT], data: bytes | str) -> MessageT:
    """Read a message from ChatKit's JSON in UTF-8. Raises what ``decode`` raises."""
    try:
        json = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        raise JsonInvalidError("is not JSON") from None
    except RecursionError:
        raise JsonInvalidError(_TOO_DEEP) from None
    return decode(kind, json)


def _reader(kind: type[Message]) -> Read:
    message: Any = kind.DESCRIPTOR
    name = function_name(message, strict=False)
    if message.full_name not in WELL_KNOWN:
        _compile(name, message, strict=False)
    reader: Read = SCOPE[name]
    return reader


def _declare(message: Descriptor, *, strict: bool) -> str:
    """Let functions call that of another message, which is compiled when it is called first."""
    name = function_name(message, strict=strict)
    if name not in SCOPE:

        def compile_and_read(target: Any, value: Json) -> None:
            _compile(name, message, strict=strict)
            SCOPE[name](target, value)

        SCOPE[name] = compile_and_read
    return name


def _compile(name: str, message: Descriptor, *, strict: bool) -> None:
    shape = shape_of(message)
    if shape.untagged:
        SCOPE[name] = _bare(shape)
        return
    # Below a component of a widget all is kept, so nothing may be passed over.
    strict_below = strict or shape.overflow is not None
    for each in (shape, *map(shape_of, map(message_of, shape.tagged.cases.values() if shape.tagged else ()))):
        _declare_held(each, strict=strict_below)
    if shape.overflow is not None and shape.tagged is not None:
        SCOPE[name] = ComponentReader(shape, shape.tagged, shape.overflow, _run).read
    elif shape.tagged is not None:
        _run(_tagged(name, shape, shape.tagged, strict=strict))
    else:
        known = frozenset({field.name for field in shape.fields} | ({"type"} if shape.constant else set()))
        SCOPE[f"{name}__known"] = known
        _run([f"def {name}(m, j):", *_GET, *_all_known(name, "v", strict=strict), *_properties(shape, strict=strict)])


def _run(lines: Iterable[str]) -> None:
    # They are made of names of the schema, and of nothing that anybody sends.
    exec(compile("\n".join(lines), "<properties>", "exec"), SCOPE)  # noqa: S102


def _declare_held(shape: MessageShape, *, strict: bool) -> None:
    for field in shape.fields:
        held = message_of(field.field).fields_by_name["value"] if field.is_map else field.field
        if held.message_type is not None:
            _declare(held.message_type, strict=strict)


_GET: Final = (
    "    if not isinstance(j, dict) and not isinstance(j, Mapping):",
    "        raise JsonInvalidError('must be an object')",
    "    get = j.get",
)


def _all_known(name: str, variable: str, *, strict: bool) -> list[str]:
    """Return the statements that refuse unknown properties."""
    if not strict:
        return []
    return [
        f"    for {variable} in j:",
        f"        if {variable} not in {name}__known:",
        f"            raise JsonInvalidError('is unknown', str({variable}))",
    ]


def _properties(shape: MessageShape, *, strict: bool) -> list[str]:
    """Return the statements that read the properties of a message, and say where one is wrong."""
    lines: list[str] = []
    if shape.constant:
        lines += [
            f"        if (v := get('type')) is not None and v != {shape.constant!r}:",
            "            at = 'type'",
            f"            raise JsonInvalidError({f'must be {shape.constant}'!r})",
        ]
    for field in shape.fields:
        indented = [f"            {line}" for line in statements(field, strict=strict)]
        condition = f"if (v := get({field.name!r})) is not None:"
        if field.default is not None and not field.field.has_presence:
            lines += [f"        if (v := get({field.name!r})) is None:", f"            v = {field.default!r}"]
            condition = "if True:"
        lines += [f"        {condition}", f"            at = {field.name!r}", *indented]
    if not lines:
        return ["    pass"]
    return [
        "    at = ''",
        "    try:",
        *lines,
        "    except JsonInvalidError as error:",
        "        raise error.below(at) from None",
        "    except TypeError:",
        "        raise JsonInvalidError(NO_STRING, at) from None",
        "    except UnicodeError:",
        "        raise JsonInvalidError(NOT_TEXT, at) from None",
    ]


def _present(shape: MessageShape, lines: list[str]) -> list[str]:
    """Return statements that read a case, and see to it that it is set when it has no properties."""
    if shape.fields and not shape.constant and all(map(is_set_by, shape.fields)):
        return [*lines, "    if not at:", "        m.SetInParent()"]
    return ["    m.SetInParent()", *lines]


def _tagged(name: str, shape: MessageShape, tagged: Tagged, *, strict: bool) -> list[str]:
    """Return the functions of a message with a tagged ``oneof``: one for each case, and one for the whole."""
    lines: list[str] = []
    table = []
    for tag, case in tagged.cases.items():
        function = f"{name}__{case.name}"
        inner = shape_of(message_of(case))
        known = {field.name for each in (shape, inner) for field in each.fields} | {tagged.discriminator}
        SCOPE[f"{function}__known"] = frozenset(known)
        table.append(f"{tag!r}: {function}")
        lines += [
            f"def {function}(m, j, get):",
            *_all_known(function, "v", strict=strict),
            f"    m = m.{case.name}",
            *_present(inner, _properties(inner, strict=strict)),
        ]
    SCOPE[f"{name}__no_case"] = lambda tag: no_case(tagged, tag)
    return [
        *lines,
        f"{name}__cases = {{{', '.join(table)}}}",
        f"def {name}(m, j):",
        *_GET,
        f"    tag = get({tagged.discriminator!r})",
        f"    case = {name}__cases.get(tag) if isinstance(tag, str) else None",
        "    if case is None:",
        f"        raise {name}__no_case(tag)",
        "    case(m, j, get)",
        *_properties(shape, strict=strict),
    ]


def _bare(shape: MessageShape) -> Read:
    """Return what reads a bare value into the first case that it fits."""
    for field in shape.fields:
        if field.field.message_type is not None:
            _declare(field.field.message_type, strict=True)
    objects = [_object_case(field) for field in shape.fields if field.field.message_type is not None]
    plain = [(field.field.name, scalar(field.field)) for field in shape.fields if field.field.message_type is None]
    if shape.is_list:
        return setter(shape.fields[0], _run)

    def read(target: Any, value: Json) -> None:
        if isinstance(value, Mapping):
            for needed, known, read_object in objects:
                if needed <= value.keys() <= known:
                    read_object(target, value)
                    return
            raise JsonInvalidError("has properties that do not belong together")
        why = None
        for name, read_scalar in plain:
            try:
                setattr(target, name, read_scalar(value))
                return
            except JsonInvalidError as error:
                why = error
        raise why or JsonInvalidError("must be an object")

    return read


def _object_case(field: FieldShape) -> tuple[frozenset[str], frozenset[str], Read]:
    """Return the properties that an object of this case has to have, those that it may have, and its reader."""
    shape = shape_of(message_of(field.field))
    needed = frozenset(inner.name for inner in shape.fields if inner.always and inner.default is None)
    known = frozenset(inner.name for inner in shape.fields)
    return needed, known, setter(field, _run)
