"""What the schema's options say of a message's JSON, read from descriptors once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, OneofDescriptor

from widgetstream.chatkit.v1 import options_pb2

TIMESTAMP: Final = "google.protobuf.Timestamp"
DURATION: Final = "google.protobuf.Duration"
STRUCT: Final = "google.protobuf.Struct"
VALUE: Final = "google.protobuf.Value"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """How a field is written.

    Attributes:
        field: The field.
        name: The property.
        default: The JSON that is written, and meant, when the field is not set. None: nothing is.
        always: Whether the property is always written, with a zero, an empty list or an empty object if need be.
        is_map: Whether it is a map.
    """

    field: FieldDescriptor
    name: str
    default: Any
    always: bool
    is_map: bool


@dataclass(frozen=True, slots=True)
class Tagged:
    """A ``oneof`` whose cases a property tells apart.

    Attributes:
        oneof: The name of the ``oneof``.
        discriminator: The property.
        cases: The fields of the cases by the values of the property.
        catch_all: The case that takes objects of unknown types, if there is one.
    """

    oneof: str
    discriminator: str
    cases: dict[str, FieldDescriptor]
    catch_all: CatchAll | None


@dataclass(frozen=True, slots=True)
class CatchAll:
    """A case for objects of unknown types: its message keeps the type, and all other properties.

    Attributes:
        case: The case.
        type: The field, of the case's message, for the discriminator's value.
        properties: The field, of the case's message, for all other properties.
    """

    case: FieldDescriptor
    type: FieldDescriptor
    properties: FieldDescriptor


@dataclass(frozen=True, slots=True)
class MessageShape:
    """How a message is written.

    Attributes:
        fields: What is written of it, the cases of its tagged ``oneof`` left out.
        constant: The value of its constant ``type`` property. Empty: it has none.
        untagged: Whether it stands for a bare value.
        hidden: Whether it never reaches the frontend.
        tagged: Its tagged ``oneof``.
        overflow: The field that keeps unknown properties.
    """

    fields: Sequence[FieldShape]
    constant: str
    untagged: bool
    hidden: bool
    tagged: Tagged | None
    overflow: FieldDescriptor | None

    @property
    def is_list(self) -> bool:
        """Whether the bare value is a list: one is always there."""
        return self.untagged and len(self.fields) == 1 and self.fields[0].field.is_repeated


@cache
def shape_of(message: Descriptor) -> MessageShape:
    """Return the shape of a message."""
    options = message.GetOptions().Extensions[options_pb2.message_json]
    tagged = next((found for found in map(_tagged, message.oneofs) if found), None)
    in_tagged = {field.name for oneof in message.oneofs if _discriminator(oneof) for field in oneof.fields}
    camel = options.case == options_pb2.JSON_CASE_CAMEL
    fields: list[FieldShape] = []
    overflow = None
    for field in message.fields:
        json_options = field.GetOptions().Extensions[options_pb2.field_json]
        if json_options.overflow:
            overflow = field
        elif field.name not in in_tagged and not json_options.omitted:
            fields.append(_field(field, json_options, camel=camel))
    return MessageShape(
        fields=fields,
        constant=options.type,
        untagged=options.untagged,
        hidden=options.hidden,
        tagged=tagged,
        overflow=overflow,
    )


def message_of(field: FieldDescriptor) -> Descriptor:
    """Return the message that a field holds. Raises ``TypeError`` for a field that holds none."""
    if field.message_type is None:
        raise TypeError(f"{field.full_name} holds no message")
    return field.message_type


def literals_of(field: FieldDescriptor) -> dict[int, str]:
    """Return the literals of a field's enum by number; of an enum without literals, the names of its values."""
    enum: EnumDescriptor | None = field.enum_type
    if enum is None:
        raise TypeError(f"{field.full_name} holds no enum")
    found = {value.number: value.GetOptions().Extensions[options_pb2.literal] for value in enum.values}
    if any(found.values()):
        return {number: literal for number, literal in found.items() if literal}
    return {value.number: value.name for value in enum.values if value.number}


def _discriminator(oneof: OneofDescriptor) -> str:
    name: str = oneof.GetOptions().Extensions[options_pb2.oneof_json].discriminator
    return name


def _tagged(oneof: OneofDescriptor) -> Tagged | None:
    discriminator = _discriminator(oneof)
    if not discriminator:
        return None
    cases: dict[str, FieldDescriptor] = {}
    catch_all = None
    for field in oneof.fields:
        tag = field.GetOptions().Extensions[options_pb2.field_json].type
        if tag:
            cases[tag] = field
        else:
            catch_all = catch_all or _catch_all(field, discriminator)
    return Tagged(oneof.name, discriminator, cases, catch_all)


def _catch_all(case: FieldDescriptor, discriminator: str) -> CatchAll | None:
    """Return what a case keeps of unknown objects: its message is made of the type and an object."""
    fields = message_of(case).fields
    kind = [field for field in fields if field.name == discriminator and field.type == FieldDescriptor.TYPE_STRING]
    rest = [field for field in fields if field.message_type is not None and field.message_type.full_name == STRUCT]
    return CatchAll(case, kind[0], rest[0]) if len(fields) == 2 and kind and rest else None


def _field(field: FieldDescriptor, options: options_pb2.FieldJson, *, camel: bool) -> FieldShape:
    is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
    default = json.loads(options.default) if options.default else None
    is_message = field.message_type is not None and not field.is_repeated
    if options.presence == options_pb2.JSON_PRESENCE_ALWAYS and is_message and default is None:
        default = {}
    always = default is not None or (
        not field.has_presence and options.presence != options_pb2.JSON_PRESENCE_OMIT_EMPTY
    )
    name = options.name or (field.camelcase_name if camel else field.name)
    return FieldShape(field, name, default, always, is_map)
