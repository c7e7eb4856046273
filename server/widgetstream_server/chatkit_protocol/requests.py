"""The sixteen requests of ChatKit's protocol, as the messages of the typed service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.message import Message

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.item_pb2 import ClientToolOutput, UserMessageInput
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy
from widgetstream.chatkit.v1.structured_input_pb2 import StructuredInputSubmission
from widgetstream_server.chatkit_json import JsonInvalidError
from widgetstream_server.chatkit_protocol.bodies import may_be_deep, read_body, require_flat
from widgetstream_server.chatkit_protocol.params import Params

# The frontend may ask again before the run that it has stopped is stored, and people click while the assistant speaks.
_POLICY: Final = ConcurrencyPolicy.CONCURRENCY_POLICY_ENQUEUE

_Read = Callable[[Params], Message]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of request.

    Attributes:
        read: Makes the message of its parameters.
        places: Where parameters are that do not stand under their fields' names: paths in the message, and in the JSON.
        is_list: Whether it asks for a page of a list.
    """

    read: _Read
    places: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        kind: Its type.
        message: What it asks for.
        after: The entry after which a page begins. Empty: the first page.
        metadata: What it says beside its parameters.
        params: Its parameters as they came.
    """

    kind: Kind
    message: Message
    after: str
    metadata: Mapping[str, Any]
    params: Mapping[str, Any]


def read_request(body: bytes) -> Request:
    """Read a request.

    Raises:
        JsonInvalidError: It is none; the error names the place in the body, or ``body`` itself.
    """
    document = read_body(body)
    tag = document.get("type")
    kind = KINDS.get(tag) if isinstance(tag, str) else None
    if kind is None:
        raise JsonInvalidError("is required" if tag is None else f"must be one of {', '.join(KINDS)}", "type")
    params, metadata = _object(document, "params"), document.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise JsonInvalidError("must be an object", "metadata")
    if may_be_deep(body):
        require_flat("params", params)
        require_flat("metadata", metadata)
    try:
        values = Params(params)
        message = kind.read(values)
        after = values.optional_id("after") if kind.is_list else ""
    except JsonInvalidError as error:
        raise error.below("params") from None
    return Request(kind, message, after, metadata or {}, params)


def _object(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    if not isinstance(found, dict):
        raise JsonInvalidError("is required" if found is None else "must be an object", name)
    return found


def _create(params: Params) -> Message:
    return pb.RespondRequest(user_message=params.message("input", UserMessageInput), concurrency=_POLICY)


def _add_user_message(params: Params) -> Message:
    said = params.message("input", UserMessageInput)
    return pb.RespondRequest(thread_id=params.id("thread_id"), user_message=said, concurrency=_POLICY)


def _add_client_tool_output(params: Params) -> Message:
    output = ClientToolOutput(result=params.value("result"))
    return pb.RespondRequest(thread_id=params.id("thread_id"), client_tool_output=output, concurrency=_POLICY)


def _add_structured_input(params: Params) -> Message:
    answers = params.message("input", StructuredInputSubmission)
    answers.item_id = params.id("item_id")
    return pb.RespondRequest(thread_id=params.id("thread_id"), structured_input=answers, concurrency=_POLICY)


def _retry_after_item(params: Params) -> Message:
    retry = pb.RetryAfterItem(item_id=params.id("item_id"))
    return pb.RespondRequest(thread_id=params.id("thread_id"), retry_after_item=retry, concurrency=_POLICY)


def _custom_action(params: Params) -> Message:
    return pb.ActionRequest(
        thread_id=params.id("thread_id"),
        item_id=params.optional_id("item_id"),
        action=params.message("action", Action),
        concurrency=_POLICY,
    )


def _sync_custom_action(params: Params) -> Message:
    return pb.SyncActionRequest(
        thread_id=params.id("thread_id"),
        item_id=params.optional_id("item_id"),
        action=params.message("action", Action),
    )


def _get_by_id(params: Params) -> Message:
    return pb.GetThreadRequest(thread_id=params.id("thread_id"))


def _list_threads(params: Params) -> Message:
    return pb.ListThreadsRequest(page_size=params.page_size(), order=params.order())


def _list_items(params: Params) -> Message:
    return pb.ListItemsRequest(thread_id=params.id("thread_id"), page_size=params.page_size(), order=params.order())


def _feedback(params: Params) -> Message:
    return pb.SubmitFeedbackRequest(
        thread_id=params.id("thread_id"), item_ids=params.ids("item_ids"), kind=params.feedback()
    )


def _update(params: Params) -> Message:
    return pb.UpdateThreadRequest(thread_id=params.id("thread_id"), title=params.text("title"))


def _delete(params: Params) -> Message:
    return pb.DeleteThreadRequest(thread_id=params.id("thread_id"))


def _create_attachment(params: Params) -> Message:
    return pb.CreateAttachmentRequest(
        name=params.text("name"), size=params.whole("size"), mime_type=params.text("mime_type")
    )


def _delete_attachment(params: Params) -> Message:
    return pb.DeleteAttachmentRequest(attachment_id=params.id("attachment_id"))


def _transcribe(params: Params) -> Message:
    return pb.TranscribeAudioRequest(audio=params.bytes("audio_base64"), mime_type=params.text("mime_type"))


_MESSAGE: Final = {"user_message": "input"}
_ANSWERS: Final = {"structured_input.item_id": "item_id", "structured_input": "input"}
_PAGE: Final = {"page_size": "limit", "page_token": "after"}

KINDS: Final[Mapping[str, Kind]] = {
    "threads.create": Kind(_create, _MESSAGE),
    "threads.add_user_message": Kind(_add_user_message, _MESSAGE),
    "threads.add_client_tool_output": Kind(_add_client_tool_output, {"client_tool_output.result": "result"}),
    "threads.add_structured_input": Kind(_add_structured_input, _ANSWERS),
    "threads.retry_after_item": Kind(_retry_after_item, {"retry_after_item.item_id": "item_id"}),
    "threads.custom_action": Kind(_custom_action),
    "threads.get_by_id": Kind(_get_by_id),
    "threads.list": Kind(_list_threads, _PAGE, is_list=True),
    "items.list": Kind(_list_items, _PAGE, is_list=True),
    "items.feedback": Kind(_feedback),
    "attachments.create": Kind(_create_attachment),
    "attachments.delete": Kind(_delete_attachment),
    "threads.update": Kind(_update),
    "threads.delete": Kind(_delete),
    "input.transcribe": Kind(_transcribe, {"audio": "audio_base64"}),
    "threads.sync_custom_action": Kind(_sync_custom_action),
}
"""All types of requests."""
