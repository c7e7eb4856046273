"""What the store of attachments promises, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.storage.plans import Caught, catching, steps_of
from tests.storage.samples import NOON, begun, ended, message, run, thread
from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.attachment_ports import StoredAttachment
from widgetstream_server.conversation.errors import AttachmentNotFoundError
from widgetstream_server.storage import AttachmentRepository, Database, ThreadRepository
from widgetstream_server.storage import tables as t

LATER = NOON + timedelta(hours=24)
HASH = b"#" * 32


@pytest.fixture
def attachments(database: Database) -> AttachmentRepository:
    return AttachmentRepository(database)


def entry(attachment_id: str, owner: str = "ann") -> StoredAttachment:
    attachment = Attachment(id=attachment_id, name="a.txt", mime_type="text/plain", size=3)
    attachment.create_time.FromDatetime(NOON)
    attachment.file.SetInParent()
    return StoredAttachment(attachment, owner, b"", "")


async def added(attachments: AttachmentRepository, attachment_id: str, *, complete: bool = True) -> None:
    assert await attachments.add(entry(attachment_id), now=NOON, expire_time=LATER, max_loose=100)
    if complete:
        assert await attachments.complete(
            attachment_id, content=f"{attachment_id}/cnt", sha256=HASH, now=NOON, expire_time=LATER
        )


def carrying(attachment_id: str, thread_id: str = "thr_1") -> ThreadItem:
    item = message("msg_1", thread_id=thread_id)
    item.user_message.attachments.add(id=attachment_id)
    return item


async def test_what_is_stored_comes_back(attachments: AttachmentRepository) -> None:
    await added(attachments, "atc_1", complete=False)
    before = await attachments.get("ann", "atc_1", now=NOON)
    await attachments.complete("atc_1", content="atc_1/cnt", sha256=HASH, now=NOON, expire_time=LATER)
    after = await attachments.find("atc_1", now=NOON)

    assert before == entry("atc_1")
    assert (after.attachment, after.owner) == (before.attachment, "ann")
    assert (after.content, after.sha256) == ("atc_1/cnt", HASH)


async def test_content_is_given_once(attachments: AttachmentRepository) -> None:
    await added(attachments, "atc_1")
    again = await attachments.complete("atc_1", content="other", sha256=b"!" * 32, now=NOON, expire_time=LATER)

    assert not again
    assert (await attachments.find("atc_1", now=NOON)).sha256 == HASH


async def test_what_is_anothers_is_not_there(attachments: AttachmentRepository) -> None:
    await added(attachments, "atc_1")
    for attempt in (attachments.get("bob", "atc_1", now=NOON), attachments.expire("bob", "atc_1", now=NOON)):
        with pytest.raises(AttachmentNotFoundError):
            await attempt

    assert (await attachments.get("ann", "atc_1", now=NOON)).owner == "ann"


async def test_loose_ones_are_counted_and_expire(attachments: AttachmentRepository) -> None:
    await added(attachments, "atc_1")
    refused = await attachments.add(entry("atc_2"), now=NOON, expire_time=LATER, max_loose=1)
    with pytest.raises(AttachmentNotFoundError):
        await attachments.get("ann", "atc_1", now=LATER)
    too_late = await attachments.complete("atc_1", content="x", sha256=HASH, now=LATER, expire_time=LATER)
    room = await attachments.add(entry("atc_2"), now=LATER, expire_time=LATER + timedelta(hours=1), max_loose=1)

    assert (refused, too_late, room) == (False, False, True)
    assert await attachments.expired(now=NOON, limit=10) == []
    assert await attachments.expired(now=LATER, limit=10) == ["atc_1"]


async def test_only_what_has_expired_is_removed(attachments: AttachmentRepository) -> None:
    await added(attachments, "atc_1")
    await attachments.remove("atc_1", now=NOON)
    assert (await attachments.get("ann", "atc_1", now=NOON)).owner == "ann"
    await attachments.expire("ann", "atc_1", now=NOON)
    with pytest.raises(AttachmentNotFoundError):
        await attachments.get("ann", "atc_1", now=NOON)
    assert await attachments.expired(now=NOON, limit=10) == ["atc_1"]
    await attachments.remove("atc_1", now=NOON)

    assert await attachments.expired(now=LATER, limit=10) == []


async def test_a_thread_has_its_messages_attachments_until_it_is_deleted(
    attachments: AttachmentRepository, threads: ThreadRepository
) -> None:
    await added(attachments, "atc_1")
    await begun(threads, items=[carrying("atc_1")])
    bound = await attachments.get("ann", "atc_1", now=LATER)
    before = await attachments.expired(now=LATER, limit=10)
    await threads.delete_thread("ann", "thr_1")
    after = await attachments.expired(now=NOON, limit=10)

    assert bound.attachment.thread_id == "thr_1"
    assert (before, after) == ([], ["atc_1"])


@pytest.mark.parametrize("what", ["unknown", "incomplete", "expired", "another thread's", "somebody else's"])
async def test_a_message_whose_attachment_cannot_be_had_is_not_stored(
    attachments: AttachmentRepository, threads: ThreadRepository, what: str
) -> None:
    owner, time = "ann", NOON
    match what:
        case "incomplete":
            await added(attachments, "atc_1", complete=False)
        case "expired":
            await added(attachments, "atc_1")
            time = LATER
        case "another thread's":
            await added(attachments, "atc_1")
            await begun(threads, thread_id="thr_0", items=[carrying("atc_1", "thr_0")])
        case "somebody else's":
            await added(attachments, "atc_1")
            owner = "bob"
        case _:
            assert what == "unknown"
    item = carrying("atc_1")
    item.id = "msg_2"
    with pytest.raises(AttachmentNotFoundError):
        await threads.begin_run(owner, run(time=time), new_thread=thread(), items=[item])

    assert "thr_1" not in [found.id for found in (await threads.list_threads(owner, limit=10)).entries]


async def test_a_queued_message_has_its_attachments(
    attachments: AttachmentRepository, threads: ThreadRepository
) -> None:
    await added(attachments, "atc_1")
    first = await begun(threads)
    await threads.queue_run("ann", run("run_2"), items=[carrying("atc_1")])
    bound = await attachments.get("ann", "atc_1", now=LATER)
    await threads.end_run("ann", ended(first))

    assert bound.attachment.thread_id == "thr_1"


async def test_every_statement_goes_through_an_index(
    attachments: AttachmentRepository, threads: ThreadRepository, database: Database
) -> None:
    await begun(threads, thread_id="thr_0")
    await begun(threads)
    await database.write(_fill)
    caught: list[Caught] = []
    for method, call in _calls(attachments, threads):
        before = len(caught)
        with catching(method, caught):
            await call
        assert len(caught) > before, method
    deleting = "UPDATE attachments SET thread_id = NULL WHERE thread_id = {}"  # what deleting a thread does by itself
    caught.append(Caught("cascade", deleting.format("?" if database.dialect == "sqlite" else "$1"), ["thr_0"]))
    for statement in (each for each in caught if "attachments" in each.sql):
        steps = await steps_of(database, statement)
        found = "\n".join([statement.method, statement.sql, *steps])
        assert not any(step.startswith(("whole table", "sort")) for step in steps), found


def _fill(connection: sa.Connection) -> None:
    data = entry("atc").attachment.SerializeToString()
    rows = [
        {
            "id": f"atc_{number}",
            "owner": f"own_{number % 10}",
            "thread_id": "thr_0" if number % 3 else None,
            "data": data,
            "content": "x",
            "expires_at": LATER + timedelta(seconds=number),
        }
        for number in range(2000)
    ]
    connection.execute(sa.insert(t.attachments), rows)


def _calls(attachments: AttachmentRepository, threads: ThreadRepository) -> Iterator[tuple[str, Awaitable[Any]]]:
    yield "add", attachments.add(entry("atc_new"), now=NOON, expire_time=LATER, max_loose=100)
    yield "get", attachments.get("ann", "atc_new", now=NOON)
    yield "find", attachments.find("atc_new", now=NOON)
    yield "complete", attachments.complete("atc_new", content="x", sha256=HASH, now=NOON, expire_time=LATER)
    yield "bind", threads.queue_run("ann", run("run_2"), items=[carrying("atc_new")])
    yield "expire", attachments.expire("ann", "atc_new", now=NOON)
    yield "expired", attachments.expired(now=NOON, limit=100)
    yield "remove", attachments.remove("atc_new", now=NOON)
    yield "delete thread", threads.delete_thread("ann", "thr_0")
