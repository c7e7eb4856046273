"""Compares the models of openai-chatkit with the schema: what of theirs has no counterpart here.

Their annotations are walked beside our descriptors, from pairs that a test names. A difference is written as a path,
such as ``Text.weight='bold'`` or ``Thread.title``, and is either deliberate, in a table of the test, or a fault.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import pydantic
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from typing_extensions import is_typeddict

from widgetstream.chatkit.v1 import icon_pb2, options_pb2
from widgetstream_server.widgets import schema
from widgetstream_server.widgets.icons import PREFIXES

Model = type[Any]

_TIMESTAMP = "google.protobuf.Timestamp"
_SCALARS: dict[int, tuple[type, ...]] = {
    FieldDescriptor.TYPE_BOOL: (bool,),
    FieldDescriptor.TYPE_BYTES: (bytes,),
    FieldDescriptor.TYPE_DOUBLE: (int, float),
    FieldDescriptor.TYPE_INT32: (int,),
    FieldDescriptor.TYPE_INT64: (int,),
    FieldDescriptor.TYPE_STRING: (str, pydantic.AnyUrl),
}
_WRAPPERS = (NotRequired, Required)


def models_of(module: types.ModuleType) -> list[Model]:
    """The models and TypedDicts that a module defines."""
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and value.__module__ == module.__name__
        and (is_typeddict(value) or issubclass(value, pydantic.BaseModel))
    ]


def members_of(annotation: Any) -> list[Any]:
    """The members of a union, without None; of anything else, itself. Literals stay together."""
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for part in get_args(annotation) for member in members_of(part)]
    if get_origin(annotation) is Annotated or get_origin(annotation) in _WRAPPERS:
        return members_of(get_args(annotation)[0])
    return [] if annotation in (None, type(None)) else [annotation]


def literals_of(annotation: Any) -> list[Any]:
    """The values of a Literal, nested ones too, without None, or of an Enum; of anything else, none."""
    if inspect.isclass(annotation) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    if get_origin(annotation) is not Literal:
        return []
    values = [get_args(value) if get_origin(value) is Literal else (value,) for value in get_args(annotation)]
    return [value for group in values for value in group if value is not None]


def fields_of(model: Model) -> dict[str, Any]:
    """The annotations of a model's properties by their names in JSON."""
    if is_typeddict(model):
        return get_type_hints(model, include_extras=True)
    found = {}
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, ForwardRef) or "ForwardRef" in repr(annotation):
            annotation = get_type_hints(model, include_extras=True)[name]
        found[field.alias or name] = annotation
    return found


def json_names(message: Descriptor) -> dict[str, FieldDescriptor]:
    """The fields of a message by their names in ChatKit's JSON."""
    camel = message.GetOptions().Extensions[options_pb2.message_json].case == options_pb2.JSON_CASE_CAMEL
    return {
        field.GetOptions().Extensions[options_pb2.field_json].name
        or (field.camelcase_name if camel else field.name): field
        for field in message.fields
    }


class Comparison:
    """Collects what has no counterpart.

    Attributes:
        missing: Why something has none, by its path.
        seen: Models that were compared, and those that they derive from.
        renamed: Pairs of names that differ, and were met.
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        """Begin with the messages that have other names than their models."""
        self._names = names
        self._pairs: set[tuple[Model, tuple[str, ...]]] = set()
        self.missing: dict[str, str] = {}
        self.seen: set[Model] = set()
        self.renamed: set[tuple[str, str]] = set()

    def report(self, path: str, why: str) -> None:
        self.missing.setdefault(path, why)

    def model(self, model: Model, messages: Sequence[Descriptor], *, tagged: bool = False) -> None:
        """Compare a model with a message, or with a case of a ``oneof`` and the message that holds it."""
        if (model, key := tuple(message.full_name for message in messages)) in self._pairs:
            return
        self._pairs.add((model, key))
        self.seen.update(_bases(model))
        name = model.__name__.partition("[")[0]
        if not tagged:
            self._name(name, messages[0])
        ours = {json: field for message in reversed(messages) for json, field in json_names(message).items()}
        for json, annotation in fields_of(model).items():
            path = f"{name}.{json}"
            if json in ours:
                self.field(path, annotation, ours[json])
            elif json != "type":
                self.report(path, f"{messages[0].name} has no such field")
            elif not tagged and _constant(messages[0]) not in literals_of(annotation):
                self.report(path, f"{messages[0].name} does not say its type")

    def _name(self, name: str, message: Descriptor) -> None:
        if message.name in self._names.get(name, ()):
            self.renamed.add((name, message.name))
        elif message.name != name:
            self.report(name, f"is compared with {message.name}")

    def field(self, path: str, annotation: Any, field: FieldDescriptor) -> None:
        """Compare an annotation with a field."""
        members = members_of(annotation)
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if field.is_repeated and not is_map:
            if not members or any(get_origin(member) is not list for member in members):
                self.report(path, "is a list here alone")
                return
            members = [inner for member in members for inner in members_of(get_args(member)[0])]
        if is_map:
            self._map(path, members, field)
        elif field.enum_type is not None:
            self._enum(path, members, field)
        elif field.message_type is not None:
            self.message(path, members, field.message_type)
        else:
            self._scalar(path, members, field)

    def _map(self, path: str, members: list[Any], field: FieldDescriptor) -> None:
        for member in members:
            if get_origin(member) is not dict or get_args(member)[0] is not str:
                self.report(path, "is a map here")
            else:
                self.field(path, get_args(member)[1], schema.message(field).fields_by_name["value"])

    def _enum(self, path: str, members: list[Any], field: FieldDescriptor) -> None:
        ours = schema.literals(schema.enum(field))
        for member in members:
            if get_origin(member) is not Literal:
                self.report(path, f"{member} is no literal")
            for value in literals_of(member):
                if value not in ours:
                    self.report(f"{path}={value!r}", f"{schema.enum(field).name} has no such literal")

    def _scalar(self, path: str, members: list[Any], field: FieldDescriptor) -> None:
        values = [value for member in members for value in literals_of(member)]
        if self._is_icon(members):
            known = schema.literals(icon_pb2.BuiltInIcon.DESCRIPTOR)
            for value in values:
                if value not in known:
                    self.report(f"BuiltInIcon={value!r}", "there is no such icon")
            holder = field.containing_type
            is_widget = holder is not None and "/widget" in holder.file.name
            if is_widget and field.full_name not in schema.ICON_FIELDS:
                self.report(path, "the builders do not know that it is an icon")
            return
        for value in values:
            if value not in schema.RESTRICTED.get(field.full_name, ()):
                self.report(f"{path}={value!r}", f"{field.full_name} does not name it")
        for member in members:
            if not literals_of(member) and member not in _SCALARS[field.type]:
                self.report(path, f"{member} does not fit {field.full_name}")

    def _is_icon(self, members: list[Any]) -> bool:
        return members.count(str) == len(PREFIXES) and any(get_origin(member) is Literal for member in members)

    def message(self, path: str, members: Iterable[Any], message: Descriptor) -> None:
        """Compare the members of a union with a message: with the message itself, or with the case that each fits."""
        for member in members:
            if self._is_json(member, message):
                continue
            if message.GetOptions().Extensions[options_pb2.message_json].untagged:
                self._untagged(path, member, message)
            elif not _is_model(member):
                self.report(path, f"{member} does not fit {message.name}")
            elif schema.discriminator(message):
                self._tagged(member, message)
            else:
                self.model(member, [message])

    def _is_json(self, member: Any, message: Descriptor) -> bool:
        if message.full_name == "google.protobuf.Struct":
            return get_origin(member) is dict and get_args(member)[0] is str
        if message.full_name == "google.protobuf.Value":
            return member is Any
        return message.full_name == _TIMESTAMP and member is datetime

    def _tagged(self, model: Model, message: Descriptor) -> None:
        cases = {schema.tag(field): schema.message(field) for field in message.fields if schema.tag(field)}
        tags = literals_of(fields_of(model).get(schema.discriminator(message)))
        if not tags:
            self.seen.add(model)
            self.report(model.__name__, "is of no type")
        for tag in tags:
            if tag in cases:
                self.model(model, [cases[tag], message], tagged=True)
            else:
                self.report(model.__name__, f"{message.name} has no case of type {tag}")

    def _untagged(self, path: str, member: Any, message: Descriptor) -> None:
        """Compare a member of a union with the case that it fits."""
        if get_origin(member) is list:
            repeated = [field for field in message.fields if field.is_repeated]
            self.field(path, member, repeated[0]) if repeated else self.report(path, f"{message.name} has no list")
            return
        for field in message.fields:
            if _is_model(member) and field.message_type is not None:
                if field.message_type.name in (member.__name__, *self._names.get(member.__name__, ())):
                    self.model(member, [field.message_type])
                    return
            elif not _is_model(member) and field.message_type is None and _fits(member, field):
                self._scalar(path, [member], field)
                return
        self.report(path, f"{message.name} has no case for {member}")


def _constant(message: Descriptor) -> str:
    constant: str = message.GetOptions().Extensions[options_pb2.message_json].type
    return constant


def _fits(member: Any, field: FieldDescriptor) -> bool:
    kinds = {type(value) for value in literals_of(member)} or {member}
    return kinds <= set(_SCALARS[field.type])


def _is_model(member: Any) -> bool:
    return inspect.isclass(member) and (is_typeddict(member) or issubclass(member, pydantic.BaseModel))


def _bases(model: Model) -> tuple[Model, ...]:
    return tuple(
        base for base in model.__mro__ if base is model or (_is_model(base) and base is not pydantic.BaseModel)
    )
