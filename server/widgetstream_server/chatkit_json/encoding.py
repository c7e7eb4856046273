"""Messages to ChatKit's JSON.

For each type of message there is a function of its own: source text, written from what the schema's options say, and
compiled when the first message of the type is met. That of ``ItemUpdatedEvent``, which is a case of events, is

    def write_widgetstream_chatkit_v1_WidgetEvent__item_updated(m, out):
        m = m.item_updated
        out['type'] = 'thread.item.updated'
        out['item_id'] = m.item_id
        if (v := write_widgetstream_chatkit_v1_ItemUpdate(m.update)) is not None:
            out['update'] = v
        elif m.HasField('update'):
            raise NoJsonFormError('ItemUpdate')

What the options decide is decided while the text is written; what is left to do are the fields of one message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from widgetstream_server.chatkit_json.faults import NoJsonFormError
from widgetstream_server.chatkit_json.members import (
    SCOPE,
    WELL_KNOWN,
    Member,
    function_name,
    member,
    value_of,
    values_of,
)
from widgetstream_server.chatkit_json.shapes import CatchAll, MessageShape, Tagged, message_of, shape_of
from widgetstream_server.chatkit_json.values import Json, encode_struct

Write = Callable[[Any], Json]
"""Returns the JSON of a message. None: it has no form."""

# From so many fields on that may be absent it takes less to ask which are set than to ask for each.
_MANY: Final = 5

_writers: Final[dict[type[Message], Write]] = {}
_to_bytes: Final = msgspec.json.Encoder().encode


def encode(message: Message) -> Json:
    """Return a message as ChatKit's JSON: what ``json.dumps`` takes, new for each call.

    Raises:
        NoJsonFormError: ChatKit's JSON has no form for it, such as for a heartbeat or hidden context.
    """
    write = _writers.get(type(message))
    if write is None:
        write = _writers[type(message)] = _writer(type(message))
    written = write(message)
    if written is None:
        raise NoJsonFormError(message.DESCRIPTOR.name)
    return written


def encode_bytes(message: Message) -> bytes:
    """Return a message as ChatKit's JSON in UTF-8, without spaces. Raises what ``encode`` raises."""
    return _to_bytes(encode(message))


def _writer(kind: type[Message]) -> Write:
    message: Any = kind.DESCRIPTOR
    if shape_of(message).hidden:
        return lambda _: None
    name = function_name(message)
    if message.full_name not in WELL_KNOWN:
        _compile(name, message)
    writer: Write = SCOPE[name]
    return writer


def _declare(message: Descriptor) -> None:
    """Let functions call that of another message, which is compiled when it is called first."""
    name = function_name(message)
    if name in SCOPE:
        return

    def compile_and_write(value: Any) -> Json:
        _compile(name, message)
        return SCOPE[name](value)

    SCOPE[name] = compile_and_write


def _compile(name: str, message: Descriptor) -> None:
    shape = shape_of(message)
    if shape.is_list:
        _members(shape)
        lines = [f"def {name}(m):", f"    return {values_of(shape.fields[0], f'm.{shape.fields[0].field.name}')}"]
    elif shape.untagged:
        SCOPE[name] = _bare(shape)
        return
    elif shape.tagged is not None:
        lines = _tagged(name, shape, shape.tagged)
    else:
        constant = [Member("type", repr(shape.constant))] if shape.constant else []
        lines = [f"def {name}(m):", *_new(name, [*constant, *_members(shape)]), "    return out"]
    # They are made of names of the schema, and of nothing that anybody sends.
    exec(compile("\n".join(lines), f"<JSON of {message.full_name}>", "exec"), SCOPE)  # noqa: S102


def _members(shape: MessageShape) -> list[Member]:
    for field in shape.fields:
        held = message_of(field.field).fields_by_name["value"] if field.is_map else field.field
        if held.message_type is not None:
            _declare(held.message_type)
    return [member(field) for field in shape.fields]


def _new(name: str, members: Iterable[Member]) -> list[str]:
    """Return the statements that make an object of a message."""
    start = ", ".join(f"{each.name!r}: {each.value}" for each in members if not each.when)
    return [f"    out = {{{start}}}", *_put(name, [each for each in members if each.when])]


def _put(name: str, members: Iterable[Member]) -> list[str]:
    """Return the statements that put members into an object."""
    sparse = [each for each in members if each.convert]
    if len(sparse) < _MANY:
        sparse = []
    lines: list[str] = []
    for each in members:
        put = f"out[{each.name!r}] ="
        if not each.when:
            lines.append(f"    {put} {each.value}")
        elif each not in sparse:
            lines += [f"    if {each.when}:", f"        {put} {each.value}"]
            if each.needs_form and each.field is not None and each.field.message_type is not None:
                lines.append(f"    elif m.HasField({each.field.name!r}):")
                lines.append(f"        raise NoJsonFormError({each.field.message_type.name!r})")
            if each.otherwise:
                lines += ["    else:", f"        {put} {each.otherwise}"]
    if sparse:
        # By descriptor: to look up a field's number takes longer than all else that is done for it.
        SCOPE[f"{name}__sparse"] = {each.field: (each.name, _function(each.convert)) for each in sparse}
        lines += [
            "    for field, v in m.ListFields():",
            f"        if (found := {name}__sparse.get(field)) is not None:",
            "            property, convert = found",
            "            if convert is None:",
            "                out[property] = v",
            "            elif (v := convert(v)) is not None:",
            "                out[property] = v",
        ]
    return lines


def _function(expression: str) -> Write | None:
    """Return the function of ``v`` that an expression is. None: the value itself."""
    if expression == "v":
        return None
    function: Write = eval(f"lambda v: {expression}", SCOPE)  # noqa: S307 -- as in _compile
    return function


def _tagged(name: str, shape: MessageShape, tagged: Tagged) -> list[str]:
    """Return the functions of a message with a tagged ``oneof``: one for each case, and one for the whole."""
    cases: dict[str, str] = {}
    lines: list[str] = []
    for tag, case in tagged.cases.items():
        inner = shape_of(message_of(case))
        if not inner.hidden:
            function = cases[case.name] = f"{name}__{case.name}"
            members = [Member(tagged.discriminator, repr(tag)), *_members(inner)]
            lines += [f"def {function}(m, out):", f"    m = m.{case.name}", *_put(function, members)]
    if tagged.catch_all is not None:
        cases[tagged.catch_all.case.name] = f"{name}__unknown"
        SCOPE[f"{name}__unknown"] = _unknown(tagged.discriminator, tagged.catch_all)
    lines += [
        f"{name}__cases = {{{', '.join(f'{case!r}: {function}' for case, function in cases.items())}}}",
        f"def {name}(m):",
        f"    case = {name}__cases.get(m.WhichOneof({tagged.oneof!r}))",
        "    if case is None:",
        "        return None",
        *_new(name, _members(shape)),
        "    case(m, out)",
    ]
    if shape.overflow is not None:
        SCOPE[f"{name}__keep"] = _keep(shape, tagged)
        lines += [
            f"    if m.HasField({shape.overflow.name!r}):",
            f"        {name}__keep(m, m.{shape.overflow.name}, out)",
        ]
    return [*lines, "    return out"]


def _unknown(discriminator: str, catch_all: CatchAll) -> Callable[[Any, dict[str, Json]], None]:
    """Return what writes the case that takes objects of unknown types: all other properties as they came."""
    case, kind, properties = catch_all.case.name, catch_all.type.name, catch_all.properties.name

    def write(message: Any, out: dict[str, Json]) -> None:
        value = getattr(message, case)
        for name, entry in encode_struct(getattr(value, properties)).items():
            out.setdefault(name, entry)
        out[discriminator] = getattr(value, kind)

    return write


def _keep(shape: MessageShape, tagged: Tagged) -> Callable[[Any, Any, dict[str, Json]], None]:
    """Return what writes the properties that were kept.

    They stand where the schema would write a zero; what is set is not written over.
    """
    shapes = [shape, *(shape_of(message_of(case)) for case in tagged.cases.values())]
    names: Mapping[FieldDescriptor, str] = {field.field: field.name for each in shapes for field in each.fields}

    def write(message: Any, kept: Any, out: dict[str, Json]) -> None:
        case = getattr(message, message.WhichOneof(tagged.oneof))
        taken = {names.get(field) for field, _ in (*message.ListFields(), *case.ListFields())}
        for name, entry in encode_struct(kept).items():
            if name not in out or (name not in taken and name != tagged.discriminator):
                out[name] = entry

    return write


def _bare(shape: MessageShape) -> Write:
    """Return what writes the one field that is set, as it is."""
    _members(shape)
    cases = {field.field: _function(value_of(field.field, "v")) for field in shape.fields}

    def write(message: Any) -> Json:
        for field, value in message.ListFields():
            convert = cases[field]
            return value if convert is None else convert(value)
        return None

    return write
