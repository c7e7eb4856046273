"""Messages to ChatKit's JSON.

There is a plan for each message, made from its descriptor once. It visits the fields that are set, and knows for each
its property and its conversion; what is written although it is not set is there from the start.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from widgetstream_server.chatkit_json import values
from widgetstream_server.chatkit_json.faults import NoJsonFormError
from widgetstream_server.chatkit_json.shapes import (
    DURATION,
    STRUCT,
    TIMESTAMP,
    VALUE,
    FieldShape,
    MessageShape,
    Tagged,
    literals_of,
    message_of,
    shape_of,
)
from widgetstream_server.chatkit_json.values import Json

Convert = Callable[[Any], Json]
"""Turns a field's value into JSON. None: nothing is written."""

_Merge = Callable[[dict[str, Json], Any], None]

_to_bytes: Final = msgspec.json.Encoder().encode

_WELL_KNOWN: Final[Mapping[str, Convert]] = {
    TIMESTAMP: values.encode_timestamp,
    DURATION: values.encode_duration,
    STRUCT: values.encode_struct,
    VALUE: values.encode_value,
}
_ZEROS: Final[Mapping[int, Json]] = {
    FieldDescriptor.CPPTYPE_STRING: "",
    FieldDescriptor.CPPTYPE_BOOL: False,
    FieldDescriptor.CPPTYPE_INT32: 0,
    FieldDescriptor.CPPTYPE_INT64: 0,
    FieldDescriptor.CPPTYPE_UINT32: 0,
    FieldDescriptor.CPPTYPE_UINT64: 0,
    FieldDescriptor.CPPTYPE_DOUBLE: 0,
    FieldDescriptor.CPPTYPE_FLOAT: 0,
}


def encode(message: Message) -> Json:
    """Return a message as ChatKit's JSON: what ``json.dumps`` takes, new for each call.

    Raises:
        NoJsonFormError: ChatKit's JSON has no form for it, such as for a heartbeat or hidden context.
    """
    value = _convert(message.DESCRIPTOR)(message)
    if value is None:
        raise NoJsonFormError(message.DESCRIPTOR.name)
    return value


def encode_bytes(message: Message) -> bytes:
    """Return a message as ChatKit's JSON in UTF-8, without spaces. Raises what ``encode`` raises."""
    return _to_bytes(encode(message))


class _Plan:
    """How one message is written as an object."""

    __slots__ = ("discriminator", "fields", "fresh", "has_overflow", "merges", "start")

    def __init__(self) -> None:
        self.start: dict[str, Json] = {}
        self.fresh: tuple[tuple[str, Callable[[], Json]], ...] = ()
        # By descriptor: looking up a field's number takes longer than all else that is done for it.
        self.fields: dict[FieldDescriptor, tuple[str, Convert | None]] = {}
        self.merges: dict[FieldDescriptor, _Merge] = {}
        self.discriminator = ""
        self.has_overflow = False

    def write(self, message: Any) -> dict[str, Json] | None:
        """Return the object. None: no case of the message's tagged ``oneof`` is set that has a form."""
        out = self.start.copy()
        self.fill(out, message)
        return None if self.discriminator and self.discriminator not in out else out

    def fill(self, out: dict[str, Json], message: Any) -> None:
        fields = self.fields
        for field, value in message.ListFields():
            found = fields.get(field)
            if found is not None:
                name, convert = found
                if convert is None:
                    out[name] = value
                else:
                    converted = convert(value)
                    if converted is not None:
                        out[name] = converted
            else:
                merge = self.merges.get(field)
                if merge is not None:
                    merge(out, value)
        for name, make in self.fresh:
            if name not in out:
                out[name] = make()


@cache
def _convert(message: Descriptor) -> Convert:
    """Return what writes a message of this type."""
    well_known = _WELL_KNOWN.get(message.full_name)
    if well_known is not None:
        return well_known
    shape = shape_of(message)
    if shape.hidden:
        return _nothing
    if shape.untagged:
        return _untagged(shape)
    return _plan(message).write


# Messages hold messages of their own type: a plan is known before its fields are.
_plans: Final[dict[Descriptor, _Plan]] = {}


def _plan(message: Descriptor) -> _Plan:
    plan = _plans.get(message)
    if plan is None:
        plan = _plans[message] = _Plan()
        _complete(plan, shape_of(message))
    return plan


def _complete(plan: _Plan, shape: MessageShape) -> None:
    fresh: list[tuple[str, Callable[[], Json]]] = []
    if shape.constant:
        plan.start["type"] = shape.constant
    for field in shape.fields:
        plan.fields[field.field] = (field.name, _field_convert(field))
        if field.always:
            initial = _initial(field)
            if isinstance(initial, dict | list):
                fresh.append((field.name, _copies_of(initial)))
            elif initial is not None:
                plan.start[field.name] = initial
    plan.fresh = tuple(fresh)
    if shape.overflow is not None:
        plan.has_overflow = True
        plan.merges[shape.overflow] = _merge_overflow
    if shape.tagged is not None:
        _add_cases(plan, shape.tagged)


def _add_cases(plan: _Plan, tagged: Tagged) -> None:
    plan.discriminator = tagged.discriminator
    for tag, case in tagged.cases.items():
        if not shape_of(message_of(case)).hidden:
            plan.merges[case] = _merge_case(tagged.discriminator, tag, case, gently=plan.has_overflow)
    if tagged.catch_all is not None:
        kind, properties = tagged.catch_all.type.name, tagged.catch_all.properties.name

        def merge_unknown(out: dict[str, Json], value: Any) -> None:
            for name, entry in values.encode_struct(getattr(value, properties)).items():
                out.setdefault(name, entry)
            out[tagged.discriminator] = getattr(value, kind)

        plan.merges[tagged.catch_all.case] = merge_unknown


def _merge_case(discriminator: str, tag: str, case: FieldDescriptor, *, gently: bool) -> _Merge:
    """Return what writes a case's message beside the discriminator, in the object of its holder."""
    inner = _plan(message_of(case))
    start = inner.start

    def merge(out: dict[str, Json], value: Any) -> None:
        out.update(start)
        out[discriminator] = tag
        inner.fill(out, value)

    def merge_gently(out: dict[str, Json], value: Any) -> None:
        # What was kept as unknown stands where the schema would write a zero.
        for name, entry in start.items():
            out.setdefault(name, entry)
        out[discriminator] = tag
        inner.fill(out, value)

    return merge_gently if gently else merge


def _merge_overflow(out: dict[str, Json], value: Any) -> None:
    # Its number is lower than those of the cases: what the schema knows is written over it.
    for name, entry in values.encode_struct(value).items():
        out.setdefault(name, entry)


def _initial(field: FieldShape) -> Json:
    """Return what is written when the field is not set."""
    if field.default is not None:
        return field.default
    if field.is_map:
        return {}
    if field.field.is_repeated:
        return []
    return _ZEROS.get(field.field.cpp_type)


def _copies_of(initial: dict[str, Json] | list[Json]) -> Callable[[], Json]:
    if not initial:
        return type(initial)
    data = _to_bytes(initial)
    return lambda: msgspec.json.decode(data)


def _field_convert(field: FieldShape) -> Convert | None:
    if field.is_map:
        entry = _single(message_of(field.field).fields_by_name["value"])
        if entry is None:
            return dict
        return lambda mapping: {name: entry(value) for name, value in mapping.items()}
    if not field.field.is_repeated:
        return _single(field.field)
    convert = _single(field.field, in_list=True)
    if convert is None:
        return list
    return lambda many: [json for json in map(convert, many) if json is not None]


def _single(field: FieldDescriptor, *, in_list: bool = False) -> Convert | None:
    """Return the conversion of one value. None: the value is JSON already."""
    if field.message_type is not None:
        return _submessage(field.message_type, in_list=in_list)
    if field.enum_type is not None:
        return literals_of(field).get
    match field.type:
        case FieldDescriptor.TYPE_BYTES:
            return _base64
        case FieldDescriptor.TYPE_DOUBLE | FieldDescriptor.TYPE_FLOAT:
            return values.number
        case _:
            return None


def _submessage(message: Descriptor, *, in_list: bool) -> Convert:
    if message.full_name in _WELL_KNOWN:
        return _WELL_KNOWN[message.full_name]
    shape = shape_of(message)
    if shape.untagged:
        return _untagged(shape)
    write = _plan(message).write
    if in_list or shape.tagged is None:
        # A list passes over what has no form.
        return write

    def required(value: Any) -> Json:
        written = write(value)
        if written is None:
            raise NoJsonFormError(message.name)
        return written

    return required


def _untagged(shape: MessageShape) -> Convert:
    """Return what writes the one field that is set; a list is always set."""
    if len(shape.fields) == 1 and shape.fields[0].field.is_repeated:
        name = shape.fields[0].field.name
        convert_list = _field_convert(shape.fields[0])
        return lambda message: convert_list(getattr(message, name)) if convert_list else list(getattr(message, name))
    cases = {field.field: _single(field.field) for field in shape.fields}

    def write(message: Any) -> Json:
        for field, value in message.ListFields():
            convert = cases[field]
            return value if convert is None else convert(value)
        return None

    return write


def _nothing(_: Any) -> Json:
    return None


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
