"""Messages carry attachments: they are checked, given to the thread, shown with it, and go with it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.attachments.conftest import Served
from tests.attachments.files import PNG, TEXT, announce, delete, download, key_of, upload, uploaded
from widgetstream import AsyncClient, NotFoundError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent


async def send(
    client: AsyncClient, *attachments: Attachment, thread_id: str = "", text: str = "look at this"
) -> tuple[str, list[WidgetEvent]]:
    """Send a message, and return its thread and the events of the run."""
    message = item_pb2.UserMessageInput(attachments=[attachment.id for attachment in attachments])
    message.content.add().input_text.text = text
    stream = client.respond(pb.RespondRequest(thread_id=thread_id, user_message=message))
    received = [event async for event in stream]
    return stream.thread_id, received


async def test_a_message_carries_its_attachments_in_order(served: Served, client: AsyncClient) -> None:
    image, text = await uploaded(client, PNG, "image/png"), await uploaded(client)
    thread_id, received = await send(client, image, text)
    told = next(event.item_done.item for event in received if event.HasField("item_done"))
    stored = await anext(client.list_items(thread_id))
    async with AsyncClient(served.address) as page:
        preview = await download(page, image.id, key=key_of(stored.user_message.attachments[0].image.preview_url))

    assert [each.id for each in told.user_message.attachments] == [image.id, text.id]
    assert [each.id for each in stored.user_message.attachments] == [image.id, text.id]
    assert {each.thread_id for each in stored.user_message.attachments} == {thread_id}
    assert stored.user_message.attachments[1].name == "list.txt"
    assert [each.id for each in served.app.messages[0].user_message.attachments] == [image.id, text.id]
    assert preview == ("image/png", PNG)


async def test_an_old_thread_shows_its_images_still(served: Served, client: AsyncClient) -> None:
    image = await uploaded(client, PNG, "image/png")
    thread_id, _ = await send(client, image)
    served.clock.ahead = timedelta(days=400)
    async with served.client() as later:
        thread = (await later.get_thread(thread_id)).thread
        listed = await anext(later.list_items(thread_id))
        async with AsyncClient(served.address) as page:
            url = thread.items.data[0].user_message.attachments[0].image.preview_url
            _, content = await download(page, image.id, key=key_of(url))

    assert content == PNG
    assert listed.user_message.attachments[0].image.preview_url == url


async def test_what_was_sent_is_no_orphan(served: Served, client: AsyncClient) -> None:
    attachment = await uploaded(client)
    await send(client, attachment)
    served.clock.ahead = timedelta(days=30)
    removed = await served.application.attachments.removal.collect()
    async with served.client() as later:
        _, content = await download(later, attachment.id)

    assert (removed, content) == (0, TEXT)


async def test_a_deleted_thread_takes_the_content_along(served: Served, client: AsyncClient) -> None:
    kept = await uploaded(client)
    sent = await uploaded(client, PNG, "image/png")
    thread_id, _ = await send(client, sent)
    await client.delete_thread(thread_id)
    async with asyncio.timeout(10):
        while len(served.files()) > 1:  # noqa: ASYNC110 — a file that goes sets no event
            await asyncio.sleep(0)
    with pytest.raises(NotFoundError):
        await download(client, sent.id)
    _, content = await download(client, kept.id)

    assert content == TEXT


async def test_a_deleted_attachment_stays_in_its_message_by_name(served: Served, client: AsyncClient) -> None:
    attachment = await uploaded(client)
    thread_id, _ = await send(client, attachment)
    await delete(client, attachment.id)
    stored = await anext(client.list_items(thread_id))

    assert stored.user_message.attachments[0].name == "list.txt"
    assert served.files() == []


async def test_attachments_that_cannot_be_sent_leave_no_message(
    served: Served, client: AsyncClient, stranger: AsyncClient
) -> None:
    mine, elsewhere, deleted = await uploaded(client), await uploaded(client), await uploaded(client)
    thread_id, _ = await send(client, text="hello")
    await send(client, elsewhere)
    await delete(client, deleted.id)
    reasons = []
    for attachments in (
        [await uploaded(stranger)],
        [mine, Attachment(id="atc_unknown")],
        [elsewhere],
        [deleted],
        [mine, await announce(client)],
        [mine, mine],
    ):
        with pytest.raises(WidgetstreamError) as refused:
            await send(client, *attachments, thread_id=thread_id)
        reasons.append(refused.value.reason)
    items = [item async for item in client.list_items(thread_id)]

    assert reasons == ["ATTACHMENT_NOT_FOUND"] * 4 + ["ITEM_STATE_INVALID", "INVALID_ARGUMENT"]
    assert len(items) == 1


async def test_one_attachment_in_two_threads_at_once_is_sent_once(client: AsyncClient) -> None:
    """The check before and the change after are apart: the database decides."""
    attachment = await uploaded(client)
    outcomes = await asyncio.gather(*(send(client, attachment) for _ in range(4)), return_exceptions=True)

    failures = [outcome for outcome in outcomes if isinstance(outcome, WidgetstreamError)]
    assert [failure.reason for failure in failures] == ["ATTACHMENT_NOT_FOUND"] * 3
    assert [item async for item in client.list_threads()][1:] == []


async def test_the_same_thread_may_send_it_again(client: AsyncClient) -> None:
    attachment = await uploaded(client)
    thread_id, _ = await send(client, attachment)
    await send(client, attachment, thread_id=thread_id)
    items = [item async for item in client.list_items(thread_id)]

    assert [item.user_message.attachments[0].id for item in items] == [attachment.id] * 2


async def test_a_message_may_be_an_image_alone(client: AsyncClient) -> None:
    image = await uploaded(client, PNG, "image/png")
    thread_id, _ = await send(client, image, text=" ")
    with pytest.raises(WidgetstreamError) as refused:
        await send(client, text=" ")

    assert (await anext(client.list_items(thread_id))).user_message.attachments[0].id == image.id
    assert refused.value.violations[0].field == "user_message.content"


async def test_a_repeated_announcement_is_one_attachment(client: AsyncClient) -> None:
    request = pb.CreateAttachmentRequest(name="a", size=len(TEXT), mime_type="text/plain", request_id="once")
    first = await client.call(client.chatkit.CreateAttachment, request)
    again = await client.call(client.chatkit.CreateAttachment, request)
    complete = await upload(client, again.attachment.id, [TEXT])

    assert first == again
    assert complete.id == first.attachment.id


async def test_a_person_has_so_many_unsent_attachments(client: AsyncClient) -> None:
    for _ in range(200):
        await announce(client, size=0, sha256=b"")
    with pytest.raises(WidgetstreamError) as refused:
        await announce(client)

    assert refused.value.reason == "TOO_MANY_REQUESTS"
