"""Random messages of any type of the schema, in the form that reading JSON gives.

Where several values of a message have the same JSON, the shorter one is made: no field that holds its default or null,
no empty object where one is always written, no property among the unknown ones that is known.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

import widgetstream.chatkit.v1
from widgetstream.chatkit.v1 import options_pb2
from widgetstream_server.chatkit_json import encode

TEXTS = st.text(st.sampled_from('ab"\\é🙂中\n\x00/ '), max_size=6)
# JSON's 0 has no sign.
FLOATS = st.floats(-1e9, 1e9).map(lambda value: value + 0.0)
JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), FLOATS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXTS, inner, max_size=2)),
    max_leaves=4,
)
NUMBERS = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_DOUBLE: st.one_of(st.integers(-1000, 1000), FLOATS),
}
ICONS = st.sampled_from(["check", "book-open", "vendor:x", "lucide:x"])
URLS = st.sampled_from(["https://example.com/a.png", "http://localhost:8080/x?y=1"])
# Strings and switches of which ChatKit knows some values alone.
RESTRICTED: dict[str, st.SearchStrategy[Any]] = {
    "icon": ICONS,
    "icon_start": ICONS,
    "icon_end": ICONS,
    "Icon.name": ICONS,
    "url": URLS,
    "preview_url": URLS,
    "ListLimit.mode": st.just("auto"),
    "Editable.enabled": st.just(False),
    "ErrorEvent.code": st.sampled_from(["custom", "stream.error"]),
}

# What ChatKit's models require, although any message may be absent in protobuf.
REQUIRED = frozenset(
    "annotation component content create_time inference_options item source stream_options task thread update widget "
    "workflow x_axis GeneratedImageUpdated.image UserMessageTag.data ClientToolCallItem.arguments".split()
)


def all_messages() -> list[type[Message]]:
    """Every message of ``widgetstream.chatkit.v1``, but for what never reaches a frontend."""
    modules = (
        importlib.import_module(f"widgetstream.chatkit.v1.{info.name}")
        for info in pkgutil.iter_modules(widgetstream.chatkit.v1.__path__)
        if info.name.endswith("_pb2")
    )
    found = [message for module in modules for message in _below(module.DESCRIPTOR.message_types_by_name.values())]
    return [
        GetMessageClass(message)
        for message in found
        if not message.GetOptions().Extensions[options_pb2.message_json].hidden
    ]


def _below(messages: Any) -> Iterator[Descriptor]:
    for message in messages:
        if not message.GetOptions().map_entry:
            yield message
        yield from _below(message.nested_types)


@st.composite
def messages(draw: st.DrawFn, kind: type[Message], depth: int = 4) -> Message:
    message = kind()
    fill(draw, message, depth)
    return message


def fill(draw: st.DrawFn, message: Any, depth: int, *, roots: bool = False) -> None:
    """Fill an empty message; a component with one that may be a root if need be."""
    descriptor = message.DESCRIPTOR
    if fill_well_known(draw, message):
        return
    cases = fill_oneofs(draw, message, depth, roots=roots)
    for field in descriptor.fields:
        options = field.GetOptions().Extensions[options_pb2.field_json]
        if field.name in cases or options.omitted:
            continue
        if options.overflow:
            if draw(st.integers(0, 3)) == 0:
                name = "x-" + draw(TEXTS)
                getattr(message, field.name).update({name: draw(JSON_VALUES.filter(lambda value: value is not None))})
        elif field.message_type is not None and {field.name, f"{descriptor.name}.{field.name}"} & REQUIRED:
            set_field(draw, message, field, depth, needed=True)
        elif not field.has_presence or draw(st.booleans()):
            set_field(draw, message, field, depth)


def fill_oneofs(draw: st.DrawFn, message: Any, depth: int, *, roots: bool) -> set[str]:
    """Set one case of each, where there must be one, and return the names of all cases."""
    untagged = message.DESCRIPTOR.GetOptions().Extensions[options_pb2.message_json].untagged
    names: set[str] = set()
    for oneof in message.DESCRIPTOR.oneofs:
        if len(oneof.fields) == 1 and oneof.name.startswith("_"):
            continue
        cases = list(oneof.fields)
        names.update(case.name for case in cases)
        if oneof.GetOptions().Extensions[options_pb2.oneof_json].discriminator:
            cases = [case for case in cases if tag_of(case) and not is_hidden(case)]
        elif not untagged and draw(st.booleans()):
            continue
        if roots:
            cases = [case for case in cases if case.name in {"card", "list_view", "basic"}]
        set_field(draw, message, draw(st.sampled_from(cases)), depth, needed=True)
    return names


def fill_well_known(draw: st.DrawFn, message: Any) -> bool:
    match message.DESCRIPTOR.full_name:
        case "google.protobuf.Timestamp":
            message.FromMicroseconds(draw(st.integers(-62135596800_000000, 253402300799_999999)))
        case "google.protobuf.Duration":
            message.FromSeconds(draw(st.integers(-(10**9), 10**9)))
        case "google.protobuf.Struct":
            message.update(draw(st.dictionaries(TEXTS, JSON_VALUES, max_size=2)))
        case "google.protobuf.Value":
            value = draw(JSON_VALUES.filter(lambda value: value is not None))
            holder = type(message)()
            holder.struct_value.update({"value": value})
            message.CopyFrom(holder.struct_value.fields["value"])
        case _:
            return False
    return True


def set_field(draw: st.DrawFn, message: Any, field: FieldDescriptor, depth: int, *, needed: bool = False) -> None:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        fill_map(draw, message, field, depth)
    elif field.message_type is not None:
        if depth > 0 or needed:
            set_message(draw, message, field, depth - 1)
    elif field.is_repeated:
        getattr(message, field.name).extend(draw(st.lists(scalars(field), max_size=2)))
    else:
        setattr(message, field.name, draw(scalars(field)))


def fill_map(draw: st.DrawFn, message: Any, field: FieldDescriptor, depth: int) -> None:
    assert field.message_type is not None
    entry = field.message_type.fields_by_name["value"]
    for key in draw(st.lists(TEXTS, max_size=2)):
        if entry.message_type is not None:
            target = getattr(message, field.name)[key]
            target.Clear()
            fill(draw, target, depth - 1)
        else:
            getattr(message, field.name)[key] = draw(scalars(entry))


def set_message(draw: st.DrawFn, message: Any, field: FieldDescriptor, depth: int) -> None:
    if field.is_repeated:
        for _ in range(draw(st.integers(0, 2))):
            fill(draw, getattr(message, field.name).add(), depth)
        return
    target = getattr(message, field.name)
    target.SetInParent()
    fill(draw, target, depth, roots=field.name == "widget")
    default = default_of(field)
    if default is not None and encode(target) == default:
        message.ClearField(field.name)


def scalars(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    default = default_of(field)
    if field.enum_type is not None:
        values = [value for value in field.enum_type.values if value.number]
        known = [value.number for value in values if value.GetOptions().Extensions[options_pb2.literal] != default]
        # Nobody submits questions as still open.
        return st.sampled_from([3] if field.full_name.endswith("StructuredInputSubmission.status") else known)
    holder = field.containing_type
    restricted = RESTRICTED.get(f"{holder.name if holder else ''}.{field.name}", RESTRICTED.get(field.name))
    if restricted is not None and field.type in {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BOOL}:
        return restricted
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=4)
    found: st.SearchStrategy[Any] = NUMBERS.get(field.cpp_type, TEXTS)
    if field.has_presence:
        return found.filter(lambda value: value != default or default is None)
    return found if default is None else found.filter(bool)


def default_of(field: FieldDescriptor) -> Any:
    options = field.GetOptions().Extensions[options_pb2.field_json]
    if options.default:
        return json.loads(options.default)
    if options.presence == options_pb2.JSON_PRESENCE_ALWAYS and field.message_type is not None:
        return {}
    return None


def tag_of(field: FieldDescriptor) -> str:
    tag: str = field.GetOptions().Extensions[options_pb2.field_json].type
    return tag


def is_hidden(field: FieldDescriptor) -> bool:
    assert field.message_type is not None
    hidden: bool = field.message_type.GetOptions().Extensions[options_pb2.message_json].hidden
    return hidden
