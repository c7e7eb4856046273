"""Everything that openai-chatkit can say has a counterpart in the schema.

The deliberate differences are the tables below. Each says why, and each must still be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import pydantic
import pytest
from chatkit import actions, icons, types, widgets
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from tests.schema.chatkit_models import Comparison, Model, fields_of, literals_of, members_of, models_of
from widgetstream.chatkit.v1 import (
    action_pb2,
    attachment_pb2,
    chatkit_service_pb2,
    event_pb2,
    icon_pb2,
    item_pb2,
    source_pb2,
    structured_input_pb2,
    thread_pb2,
    widget_chart_pb2,
    widget_control_pb2,
    widget_pb2,
    widget_style_pb2,
    widget_text_pb2,
    workflow_pb2,
)
from widgetstream_server.widgets import schema

DATE = "a string here: a date, or a date with a time; a Timestamp would say neither which, nor in which time zone"
DYNAMIC = "any type and any properties: UnknownComponent for the type, additional_properties for the properties"
OPEN = "an open set by their own comment: any string here"

DIFFERENCES = {
    "DynamicWidgetComponent": DYNAMIC,
    "DynamicWidgetRoot.children": "one child or many: always a list here, which holds one as well",
    "BasicRoot.children": "one child or many: always a list here, which holds one as well",
    "MinMax": "no property of theirs uses it",
    "DatePicker.defaultValue": DATE,
    "DatePicker.min": DATE,
    "DatePicker.max": DATE,
    "ErrorEvent.code='stream.error'": OPEN,
    "ErrorEvent.code='custom'": OPEN,
    "BaseReq.metadata": "for the integration, not for the protocol: a call has metadata of its own",
    "input.transcribe.audio_base64": "bytes here, which JSON writes as base64 by itself",
    "AudioInput": "what their server hands to its own hook, not what is sent",
}

NAMES = {
    # One message, of which either the icon or the favicon is set.
    "WidgetStatusWithFavicon": ("WidgetStatus",),
    "WidgetStatusWithIcon": ("WidgetStatus",),
    # One message for each type of entry.
    "Page": ("ItemPage", "ThreadPage"),
    # The same answer when it is submitted and when it is kept.
    "StructuredInputAnswerSubmission": ("StructuredInputAnswer",),
    # Names of the schema's own style.
    "StructuredInputMultipleChoiceOption": ("MultipleChoiceOption",),
    "URLSource": ("UrlSource",),
    # Responses are called by their methods.
    "SyncCustomActionResponse": ("SyncActionResponse",),
    "TranscriptionResult": ("TranscribeAudioResponse",),
}
"""Messages that have another name than the model. Cases of a tagged ``oneof`` go by the tag, whatever their names."""

METHODS = {
    "threads.get_by_id": "GetThread",
    "threads.create": "Respond",
    "threads.list": "ListThreads",
    "threads.add_user_message": "Respond",
    "threads.add_client_tool_output": "Respond",
    "threads.add_structured_input": "Respond",
    "threads.retry_after_item": "Respond",
    "threads.custom_action": "Action",
    "threads.sync_custom_action": "SyncAction",
    "threads.update": "UpdateThread",
    "threads.delete": "DeleteThread",
    "items.list": "ListItems",
    "items.feedback": "SubmitFeedback",
    "attachments.create": "CreateAttachment",
    "attachments.delete": "DeleteAttachment",
    "input.transcribe": "TranscribeAudio",
}
"""The method for each type of request."""

PARAMETERS = {
    "threads.create.input": "user_message",
    "threads.add_user_message.input": "user_message",
    "threads.add_client_tool_output.result": "client_tool_output.result",
    "threads.add_structured_input.input": "structured_input",
    "threads.add_structured_input.item_id": "structured_input.item_id",
    "threads.retry_after_item.item_id": "retry_after_item.item_id",
    "threads.list.limit": "page_size",
    "threads.list.after": "page_token",
    "items.list.limit": "page_size",
    "items.list.after": "page_token",
    "input.transcribe.audio_base64": "audio",
}
"""Parameters whose field has another name or place. Pages follow AIP-158; inputs of a turn are cases of one request."""


def at(message: Descriptor, path: str) -> FieldDescriptor | None:
    """The field at a path of a message."""
    field = None
    for name in path.split("."):
        if name not in message.fields_by_name:
            return None
        field = message.fields_by_name[name]
        message = field.message_type or message
    return field


def compare_requests(comparison: Comparison, requests: Sequence[Model]) -> None:
    """Compare requests with the inputs of their methods."""
    methods = chatkit_service_pb2.DESCRIPTOR.services_by_name["ChatKitService"].methods_by_name
    for request in requests:
        fields = fields_of(request)
        (name,) = literals_of(fields["type"])
        comparison.seen.update({request, fields["params"], types.BaseReq})
        for other in sorted(set(fields) - {"type", "params"}):
            comparison.report(f"BaseReq.{other}", "is in no message")
        if name not in METHODS:
            comparison.report(name, "there is no method for it")
            continue
        message = methods[METHODS[name]].input_type
        for parameter, annotation in fields_of(fields["params"]).items():
            path = f"{name}.{parameter}"
            field = at(message, PARAMETERS.get(path, parameter))
            if field is None:
                comparison.report(path, f"{message.name} has no such field")
            else:
                comparison.field(path, annotation, field)


def compare_all() -> Comparison:
    """Compare all that openai-chatkit sends and receives, and find what of its models is in none of it."""
    comparison = Comparison(NAMES)
    for annotation, message in UNIONS:
        comparison.message(message.name, members_of(annotation), message)
    for model, message in MESSAGES:
        comparison.model(model, [message])
    compare_requests(comparison, members_of(types.ChatKitReq))
    report_unseen(comparison, [model for module in (types, widgets, actions) for model in models_of(module)])
    return comparison


def report_unseen(comparison: Comparison, models: Sequence[Model]) -> None:
    for model in models:
        if model not in comparison.seen:
            comparison.report(model.__name__, "is compared with nothing")


UNIONS: list[tuple[Any, Descriptor]] = [
    (types.ThreadStreamEvent, event_pb2.WidgetEvent.DESCRIPTOR),
    (types.ThreadItem, item_pb2.ThreadItem.DESCRIPTOR),
    (types.ThreadItemUpdate, item_pb2.ItemUpdate.DESCRIPTOR),
    (types.ThreadStatus, thread_pb2.ThreadStatus.DESCRIPTOR),
    (types.UserMessageContent, item_pb2.UserMessageContent.DESCRIPTOR),
    (types.StructuredInput, structured_input_pb2.StructuredInput.DESCRIPTOR),
    (types.Attachment, attachment_pb2.Attachment.DESCRIPTOR),
    (types.Task, workflow_pb2.Task.DESCRIPTOR),
    (types.WorkflowSummary, workflow_pb2.WorkflowSummary.DESCRIPTOR),
    (types.Source, source_pb2.Source.DESCRIPTOR),
    (widgets.WidgetRoot, widget_pb2.Widget.DESCRIPTOR),
    (widgets.WidgetComponent, widget_pb2.Widget.DESCRIPTOR),
    (widgets.Series, widget_chart_pb2.Series.DESCRIPTOR),
]
"""Their unions by name, and the messages whose cases are their members."""

MESSAGES: list[tuple[Model, Descriptor]] = [
    (types.Page[types.Thread], thread_pb2.ThreadPage.DESCRIPTOR),
    (types.SyncCustomActionResponse, chatkit_service_pb2.SyncActionResponse.DESCRIPTOR),
    (types.TranscriptionResult, chatkit_service_pb2.TranscribeAudioResponse.DESCRIPTOR),
    (actions.ActionConfig, action_pb2.ActionConfig.DESCRIPTOR),
]
"""What they send beside events."""


def test_what_has_no_counterpart_is_what_the_table_says() -> None:
    missing = compare_all().missing
    undeclared = [f"{path}: {why}" for path, why in missing.items() if path not in DIFFERENCES]
    assert undeclared == []
    assert sorted(missing) == sorted(DIFFERENCES), "an entry of DIFFERENCES is none any more"


def test_names_differ_as_the_table_says() -> None:
    pairs = {(theirs, name) for theirs, names in NAMES.items() for name in names}
    assert compare_all().renamed == pairs, "an entry of NAMES is of no use any more"


def test_the_tables_of_requests_hold_their_requests_alone() -> None:
    parameters: dict[str, set[str]] = {}
    for request in members_of(types.ChatKitReq):
        fields = fields_of(request)
        (name,) = literals_of(fields["type"])
        parameters[name] = set(fields_of(fields["params"]))
    assert len(parameters) == 16
    assert sorted(METHODS) == sorted(parameters)
    assert {path for path in PARAMETERS if path.rpartition(".")[2] not in parameters[path.rpartition(".")[0]]} == set()


def test_builders_know_all_icons_and_restrictions() -> None:
    icon_names = [value for member in members_of(icons.IconName) for value in literals_of(member)]
    assert sorted(icon_names) == sorted(schema.literals(icon_pb2.BuiltInIcon.DESCRIPTOR))
    files = (widget_pb2, widget_text_pb2, widget_control_pb2, widget_style_pb2)
    messages = [message for file in files for message in file.DESCRIPTOR.message_types_by_name.values()]
    fields = {field.full_name for message in messages for field in message.fields}
    assert fields >= {*schema.ICON_FIELDS, *schema.RESTRICTED}


# ---- The comparison does find what is missing ----

TEXT = [widget_text_pb2.Text.DESCRIPTOR, widget_pb2.Widget.DESCRIPTOR]


def changed(model: Model, **fields: Any) -> Model:
    """A model of theirs with other fields, as a newer version might have it."""
    made: Model = pydantic.create_model(model.__name__, __base__=model, **fields)
    return made


@pytest.mark.parametrize(
    "fields, missing",
    [
        ({}, []),
        ({"glow": (bool | None, None)}, ["Text.glow"]),
        ({"weight": (Literal["bold", "heavy"] | None, None)}, ["Text.weight='heavy'"]),
        ({"value": (int, ...)}, ["Text.value"]),
        ({"value": (list[str], ...)}, ["Text.value"]),
        ({"italic": (bool | str | None, None)}, ["Text.italic"]),
        ({"color": (str | int | None, None)}, ["Text.color"]),
        ({"color": (str | widgets.Spacing | None, None)}, ["Text.color"]),
        ({"width": (Literal["auto"] | float | None, None)}, ["Text.width='auto'"]),
        ({"editable": (Literal[True] | None, None)}, ["Text.editable=True"]),
        ({"editable": (actions.ActionConfig | None, None)}, ["Text.editable"]),
    ],
)
def test_a_property_that_is_new_is_found(fields: dict[str, Any], missing: list[str]) -> None:
    comparison = Comparison(NAMES)
    comparison.model(changed(widgets.Text, **fields), TEXT, tagged=True)
    assert sorted(comparison.missing) == missing


def test_a_component_that_is_new_is_found() -> None:
    comparison = Comparison(NAMES)
    hologram = changed(widgets.WidgetComponentBase, type=(Literal["Hologram"], "Hologram"))
    comparison.message("Widget", [hologram, widgets.Text], widget_pb2.Widget.DESCRIPTOR)
    assert list(comparison.missing) == ["WidgetComponentBase"]


def test_a_model_that_is_new_is_found() -> None:
    comparison = Comparison(NAMES)
    comparison.model(widgets.Text, TEXT, tagged=True)
    report_unseen(comparison, [widgets.Text, widgets.WidgetComponentBase, widgets.Title])
    assert list(comparison.missing) == ["Title"]


def test_an_icon_that_is_new_is_found() -> None:
    comparison = Comparison(NAMES)
    prefixed = Annotated[str, pydantic.StringConstraints(pattern="^lucide:")]
    icon = changed(widgets.Icon, name=(Literal["check", "unicorn"] | prefixed | icons.VendorIconName, ...))
    comparison.model(icon, [widget_text_pb2.Icon.DESCRIPTOR, widget_pb2.Widget.DESCRIPTOR], tagged=True)
    assert list(comparison.missing) == ["BuiltInIcon='unicorn'"]


def test_a_request_and_a_parameter_that_are_new_are_found() -> None:
    comparison = Comparison(NAMES)
    params = changed(types.ThreadUpdateParams, color=(str, "red"))
    update = changed(types.ThreadsUpdateReq, params=(params, ...))
    share = changed(types.ThreadsUpdateReq, type=(Literal["threads.share"], "threads.share"))
    compare_requests(comparison, [update, share])
    assert sorted(comparison.missing) == ["BaseReq.metadata", "threads.share", "threads.update.color"]


def test_a_type_that_is_not_said_is_found() -> None:
    comparison = Comparison(NAMES)
    comparison.model(types.AssistantMessageContent, [item_pb2.UserMessageText.DESCRIPTOR])
    assert "AssistantMessageContent.type" in comparison.missing
    assert "AssistantMessageContent.annotations" in comparison.missing
