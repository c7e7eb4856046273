"""What a person submits, as items and as changes of items. What depends on the thread is decided in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf.struct_pb2 import Value

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1 import item_pb2, structured_input_pb2
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.structured_input_pb2 import StructuredInput, StructuredInputStatus
from widgetstream_server.conversation.errors import FieldViolation, InvalidArgumentError, ItemStateInvalidError
from widgetstream_server.conversation.ports import ThreadEdit, ThreadReader
from widgetstream_server.conversation.run_items import waits

_RECENT = 50
"""Among how many of the newest items an open client tool call is looked for: it is one of the last."""

_ANSWERED = StructuredInputStatus.STRUCTURED_INPUT_STATUS_ANSWERED
_SKIPPED = StructuredInputStatus.STRUCTURED_INPUT_STATUS_SKIPPED


@dataclass(slots=True)
class Retry:
    """Another answer to a message: the items after it go.

    Attributes:
        item_id: The message's id.
        message: The message, known when ``edit`` was called.
    """

    item_id: str
    message: ThreadItem | None = None

    def edit(self, reader: ThreadReader) -> ThreadEdit:
        """Remove what comes after the message.

        Raises:
            ItemNotFoundError: There is no such item.
            ItemStateInvalidError: It is not a person's message.
        """
        found = reader.get(self.item_id)
        if not found.item.HasField("user_message"):
            raise ItemStateInvalidError("The item is not a person's message.", metadata={"item_id": self.item_id})
        self.message = found.item
        return ThreadEdit(remove_after=found.position)


def message_of(given: pb.RespondRequest) -> item_pb2.UserMessageItem:
    """Return the message of a request that says something, without its attachments.

    Raises:
        InvalidArgumentError: It says nothing.
    """
    if given.HasField("text"):
        text = item_pb2.UserMessageText(text=given.text)
        return item_pb2.UserMessageItem(content=[item_pb2.UserMessageContent(input_text=text)])
    said = given.user_message
    texts = [part.input_text.text or part.input_tag.text for part in said.content]
    if not said.attachments and not any(text.strip() for text in texts):
        raise InvalidArgumentError.of("user_message.content", "must have text that is not blank")
    message = item_pb2.UserMessageItem(content=said.content, inference_options=said.inference_options)
    if said.HasField("quoted_text"):
        message.quoted_text = said.quoted_text
    return message


def drop_open_calls(reader: ThreadReader) -> ThreadEdit:
    """Remove client tool calls that were left open: the person has said something else."""
    return ThreadEdit(remove=[item.id for item in _open_calls(reader)])


def take_output(given: item_pb2.ClientToolOutput, reader: ThreadReader) -> ThreadEdit:
    """Give a client tool call its output.

    Raises:
        ItemStateInvalidError: There is no such call that waits for its output.
    """
    calls = [item for item in _open_calls(reader) if given.call_id in ("", item.client_tool_call.call_id)]
    if len(calls) != 1:
        found = "More than one client tool call waits" if calls else "No such client tool call waits"
        raise ItemStateInvalidError(f"{found} for an output.", metadata={"call_id": given.call_id})
    call = calls[0].client_tool_call
    call.status = item_pb2.CLIENT_TOOL_CALL_STATUS_COMPLETED
    call.output.CopyFrom(given.result if given.result.WhichOneof("kind") else Value(null_value=0))  # type: ignore[arg-type]
    return ThreadEdit(replace=calls)


def take_answers(given: structured_input_pb2.StructuredInputSubmission, reader: ThreadReader) -> ThreadEdit:
    """Give a structured input its answers.

    Raises:
        ItemNotFoundError: There is no such item.
        ItemStateInvalidError: It is no structured input, or it is answered already.
        InvalidArgumentError: The answers do not fit its questions.
    """
    item = reader.get(given.item_id).item
    if not item.HasField("structured_input"):
        raise ItemStateInvalidError("The item is not a structured input.", metadata={"item_id": given.item_id})
    if not waits(item):
        raise ItemStateInvalidError("The questions were answered before.", metadata={"item_id": given.item_id})
    asked = item.structured_input
    violations = _violations(asked.inputs, given)
    if violations:
        text = "; ".join(f"{violation.field}: {violation.description}" for violation in violations)
        raise InvalidArgumentError(text, violations=violations)
    declined = given.status == _SKIPPED
    for question in asked.inputs:
        answer = given.answers.get(question.id)
        values = [] if declined or answer is None or answer.skipped else [v for v in answer.values if v.strip()]
        question.answer.Clear()
        question.answer.values.extend(values)
        question.answer.skipped = not values
    asked.status = _SKIPPED if declined else _ANSWERED
    return ThreadEdit(replace=[item])


def _open_calls(reader: ThreadReader) -> list[ThreadItem]:
    recent = (entry.item for entry in reader.newest(_RECENT))
    return [item for item in recent if item.HasField("client_tool_call") and waits(item)]


def _violations(
    questions: Sequence[StructuredInput], given: structured_input_pb2.StructuredInputSubmission
) -> list[FieldViolation]:
    by_id = {question.id: question for question in questions}
    violations = []
    for question_id, answer in sorted(given.answers.items()):
        field = f'structured_input.answers["{question_id}"]'
        question = by_id.get(question_id)
        if question is None:
            violations.append(FieldViolation(field, "must be the answer to a question of the item"))
        elif answer.skipped and answer.values:
            violations.append(FieldViolation(f"{field}.values", "must be empty when the question is skipped"))
        elif len(answer.values) > 1 and not question.multiple_choice.multiple:
            violations.append(FieldViolation(f"{field}.values", "must have one value: the question takes one answer"))
    if given.status == _SKIPPED and any(answer.values for answer in given.answers.values()):
        violations.append(FieldViolation("structured_input.answers", "must be empty when all questions are skipped"))
    return violations
