"""The contract's tables of ChatKit's JSON: from the options in the schema."""

from __future__ import annotations

from google.protobuf.descriptor_pb2 import EnumValueDescriptorProto, FieldDescriptorProto
from tools.contract_schema import Schema, table

from widgetstream.chatkit.v1 import options_pb2


def union_table(schema: Schema) -> str:
    """Returns the table of unions with a discriminator."""
    rows = []
    for message in schema.messages():
        for number, oneof in enumerate(message.oneof_decl):
            discriminator = oneof.options.Extensions[options_pb2.oneof_json].discriminator
            if discriminator:
                cases = [
                    f"`{field.name}` = `{field.options.Extensions[options_pb2.field_json].type}`"
                    for field in message.field
                    if field.HasField("oneof_index")
                    and field.oneof_index == number
                    and field.options.Extensions[options_pb2.field_json].type
                ]
                rows.append((f"`{message.name}`", f"`{discriminator}`", ", ".join(cases)))
    return table(("Message", "Property", "Case = value of the property"), rows)


def message_table(schema: Schema) -> str:
    """Returns the table of what is special about whole messages."""
    camel: list[str] = []
    untagged: list[str] = []
    hidden: list[str] = []
    typed: list[str] = []
    for message in schema.messages():
        json = message.options.Extensions[options_pb2.message_json]
        for wanted, found in (
            (json.case == options_pb2.JSON_CASE_CAMEL, camel),
            (json.untagged, untagged),
            (json.hidden, hidden),
        ):
            if wanted:
                found.append(f"`{message.name}`")
        if json.type:
            typed.append(f"`{message.name}` = `{json.type}`")
    rows = (
        ("`case: JSON_CASE_CAMEL`", ", ".join(camel)),
        ("`untagged`", ", ".join(untagged)),
        ("`hidden`", ", ".join(hidden)),
        ("`type`", ", ".join(typed)),
    )
    return table(("Option", "Messages"), rows)


def field_table(schema: Schema) -> str:
    """Returns the table of what is special about fields."""
    rows = []
    for message in schema.messages():
        for field in message.field:
            special = _special(field)
            if special:
                rows.append((f"`{message.name}.{field.name}`", "; ".join(special)))
    return table(("Field", "In ChatKit's JSON"), rows)


def _special(field: FieldDescriptorProto) -> list[str]:
    json = field.options.Extensions[options_pb2.field_json]
    special = []
    if json.name:
        special.append(f"named `{json.name}`")
    if json.omitted:
        special.append("left out")
    if json.overflow:
        special.append("its entries stand beside the other properties")
    if json.default:
        special.append(f"`{json.default}` when it is not set")
    elif json.presence == options_pb2.JSON_PRESENCE_ALWAYS:
        special.append("always written, as an empty object when it is not set")
    elif json.presence == options_pb2.JSON_PRESENCE_OMIT_EMPTY:
        special.append("left out when it is empty")
    return special


def literal_table(schema: Schema) -> str:
    """Returns the table of enums whose values are literals in JSON; icons, which are strings, are left out."""

    def literal(value: EnumValueDescriptorProto) -> str:
        return str(value.options.Extensions[options_pb2.literal])

    rows = [
        (f"`{enum.name}`", ", ".join(f"`{literal(value)}`" for value in enum.value if literal(value)))
        for file in schema.files
        for enum in file.enum_type
        if enum.name != "BuiltInIcon" and any(literal(value) for value in enum.value)
    ]
    return table(("Enum", "Literals"), rows)
