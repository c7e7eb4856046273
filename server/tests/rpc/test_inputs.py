"""Everything that a person, or the page, may submit beside a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from widgetstream import AsyncClient, InvalidArgumentError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind, RespondRequest
from widgetstream.chatkit.v1.item_pb2 import CLIENT_TOOL_CALL_STATUS_COMPLETED, ThreadItem
from widgetstream.chatkit.v1.structured_input_pb2 import StructuredInputStatus
from widgetstream_server.storage import ThreadRepository

from .conftest import Running, kinds, read


def retry(thread_id: str, item_id: str) -> RespondRequest:
    request = RespondRequest(thread_id=thread_id)
    request.retry_after_item.item_id = item_id
    return request


def output(thread_id: str, call_id: str = "", text: str = "seen") -> RespondRequest:
    request = RespondRequest(thread_id=thread_id)
    request.client_tool_output.call_id = call_id
    request.client_tool_output.result.string_value = text
    return request


def answers(thread_id: str, item_id: str, *, skipped: bool = False, **given: list[str]) -> RespondRequest:
    request = RespondRequest(thread_id=thread_id)
    request.structured_input.item_id = item_id
    if skipped:
        request.structured_input.status = StructuredInputStatus.STRUCTURED_INPUT_STATUS_SKIPPED
    for question, values in given.items():
        request.structured_input.answers[question].values.extend(values)
    return request


async def items_of(client: AsyncClient, thread_id: str) -> list[ThreadItem]:
    return [item async for item in client.list_items(thread_id)]


async def test_a_retry_removes_what_came_after_and_answers_again(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    await read(client.respond("say 2", thread_id=stream.thread_id))
    before = await items_of(client, stream.thread_id)
    received = await read(client.respond(retry(stream.thread_id, before[0].id)))
    after = await items_of(client, stream.thread_id)

    assert [event.item_removed.item_id for event in received[1:4]] == [item.id for item in before[1:]]
    assert kinds(received)[4] == "stream_options"
    assert [item.id for item in after][:1] == [before[0].id]
    assert [item.WhichOneof("item") for item in after] == ["user_message", "assistant_message"]
    assert after[1].assistant_message.content[0].text == "word1 "


async def test_a_retry_of_what_is_not_there_or_no_message_changes_nothing(client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    before = await items_of(client, stream.thread_id)
    for item_id, reason in (("msg_unknown", "ITEM_NOT_FOUND"), (before[1].id, "ITEM_STATE_INVALID")):
        with pytest.raises(WidgetstreamError) as refused:
            await read(client.respond(retry(stream.thread_id, item_id)))
        assert refused.value.reason == reason
    assert await items_of(client, stream.thread_id) == before


@pytest.mark.parametrize("call_id", ["", "call_7"])
async def test_a_client_tool_call_gets_its_output_and_the_answer_goes_on(client: AsyncClient, call_id: str) -> None:
    stream = client.respond("tool call_7")
    asked = await read(stream)
    received = await read(client.respond(output(stream.thread_id, call_id)))
    item = (await items_of(client, stream.thread_id))[-1]

    assert asked[-1].run_completed.pending_item_id == item.id
    assert kinds(received)[:3] == ["run_started", "item_replaced", "stream_options"]
    assert received[1].item_replaced.item == item
    assert item.client_tool_call.status == CLIENT_TOOL_CALL_STATUS_COMPLETED
    assert item.client_tool_call.output.string_value == "seen"
    assert received[3].progress_update.text == "resumed after client_tool_call"


async def test_an_output_that_nobody_waits_for_is_refused(client: AsyncClient) -> None:
    stream = client.respond("tool call_7")
    await read(stream)
    reasons = []
    for call_id in ("call_8", "call_7", "call_7"):
        try:
            await read(client.respond(output(stream.thread_id, call_id)))
            reasons.append("")
        except WidgetstreamError as error:
            reasons.append(error.reason)

    assert reasons == ["ITEM_STATE_INVALID", "", "ITEM_STATE_INVALID"]


async def test_a_message_removes_a_call_that_was_left_open(client: AsyncClient) -> None:
    stream = client.respond("tool")
    open_id = (await read(stream))[-2].item_done.item.id
    received = await read(client.respond("say 1", thread_id=stream.thread_id))

    assert kinds(received)[:3] == ["run_started", "item_removed", "item_done"]
    assert received[1].item_removed.item_id == open_id
    assert "client_tool_call" not in [i.WhichOneof("item") for i in await items_of(client, stream.thread_id)]


async def test_questions_are_answered_once(client: AsyncClient) -> None:
    stream = client.respond("ask")
    item_id = (await read(stream))[-1].run_completed.pending_item_id
    received = await read(client.respond(answers(stream.thread_id, item_id, which=["milk"])))
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.respond(answers(stream.thread_id, item_id, which=["bread"])))

    answered = received[1].item_replaced.item.structured_input
    assert answered.status == StructuredInputStatus.STRUCTURED_INPUT_STATUS_ANSWERED
    assert list(answered.inputs[0].answer.values) == ["milk"]
    assert answered.inputs[1].answer.skipped
    assert received[3].progress_update.text == "resumed after structured_input"
    assert refused.value.reason == "ITEM_STATE_INVALID"


async def test_all_questions_may_be_declined(client: AsyncClient) -> None:
    stream = client.respond("ask")
    item_id = (await read(stream))[-1].run_completed.pending_item_id
    received = await read(client.respond(answers(stream.thread_id, item_id, skipped=True)))

    skipped = received[1].item_replaced.item.structured_input
    assert skipped.status == StructuredInputStatus.STRUCTURED_INPUT_STATUS_SKIPPED
    assert all(question.answer.skipped for question in skipped.inputs)


async def test_answers_that_do_not_fit_name_their_fields(client: AsyncClient) -> None:
    stream = client.respond("ask")
    item_id = (await read(stream))[-1].run_completed.pending_item_id
    request = answers(stream.thread_id, item_id, which=["milk", "bread"], when=["now"])
    with pytest.raises(InvalidArgumentError) as refused:
        await read(client.respond(request))
    again = await read(client.respond(answers(stream.thread_id, item_id, which=["milk"])))

    assert sorted(violation.field for violation in refused.value.violations) == [
        'structured_input.answers["when"]',
        'structured_input.answers["which"].values',
    ]
    assert kinds(again)[-1] == "run_completed"


@pytest.mark.parametrize("make", [lambda: retry("", "msg_a"), lambda: output(""), lambda: answers("", "inp_a")])
async def test_inputs_that_need_a_thread_say_so(client: AsyncClient, make: Callable[[], RespondRequest]) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        await read(client.respond(make()))

    assert refused.value.violations[0].field == "thread_id"


async def test_feedback_is_stored_and_replaced(running: Running, client: AsyncClient) -> None:
    stream = client.respond("say 1")
    await read(stream)
    ids = [item.id for item in await items_of(client, stream.thread_id)]
    for kind in (FeedbackKind.FEEDBACK_KIND_POSITIVE, FeedbackKind.FEEDBACK_KIND_NEGATIVE):
        request = pb.SubmitFeedbackRequest(thread_id=stream.thread_id, item_ids=ids[1:], kind=kind)
        await client.call(client.chatkit.SubmitFeedback, request)
    request = pb.SubmitFeedbackRequest(thread_id=stream.thread_id, item_ids=[ids[0], "msg_unknown"], kind=kind)
    with pytest.raises(WidgetstreamError) as refused:
        await client.call(client.chatkit.SubmitFeedback, request)
    stored = await ThreadRepository(running.application.database).get_feedback("dev:ada", stream.thread_id, ids)

    assert stored == {ids[1]: FeedbackKind.FEEDBACK_KIND_NEGATIVE}
    assert running.app.feedback == [
        (ids[1:], FeedbackKind.FEEDBACK_KIND_POSITIVE),
        (ids[1:], FeedbackKind.FEEDBACK_KIND_NEGATIVE),
    ]
    assert refused.value.reason == "ITEM_NOT_FOUND"


async def test_a_title_that_the_person_gave_meanwhile_stays(running: Running, client: AsyncClient) -> None:
    stream = client.respond("title-later x")
    async for event in stream:
        if event.HasField("item_updated"):
            break
    await client.update_thread(stream.thread_id, "mine")
    running.app.released.set()
    received = await read(client.subscribe(stream.run_id))

    assert (await client.get_thread(stream.thread_id)).thread.title == "mine"
    assert not (await client.get_thread(stream.thread_id)).thread.HasField("metadata")
    assert "seen" not in str(received)
