"""Lists for ChatKit's own protocol: pages of entries that are JSON already, so that nothing is read to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.ports import Order

MessageT = TypeVar("MessageT", ThreadItem, Thread)


@dataclass(frozen=True, slots=True)
class EntryPage(Generic[MessageT]):
    """A page.

    Attributes:
        entries: The entries, in the order asked for: as ChatKit's JSON; as messages where none is kept, or where it
            has to be made for each reader.
        messages: Those of them that are messages.
        last_id: The id of the last entry, where more follow.
        has_more: Whether more follow.
    """

    entries: Sequence[bytes | MessageT]
    messages: Sequence[MessageT]
    last_id: str
    has_more: bool


class EntryStore(Protocol):
    """Reads pages of a person's threads and items; see ``ThreadStore`` for what holds of owners and errors."""

    async def list_threads(self, owner: str, *, limit: int, order: Order, after: str) -> EntryPage[Thread]:
        """List threads without items by update time, ties by id.

        Args:
            owner: Whose they are.
            limit: How many entries a page has.
            order: ``desc``: the last changed first.
            after: The thread after which the page begins. Empty: the first page.

        Raises:
            ThreadNotFoundError: There is no thread ``after``.
        """

    async def list_items(
        self, owner: str, thread_id: str, *, limit: int, order: Order, after: str
    ) -> EntryPage[ThreadItem]:
        """List a thread's items, those that people can see, by place.

        Args:
            owner: Whose the thread is.
            thread_id: The thread.
            limit: How many entries a page has.
            order: ``asc``: the oldest first.
            after: The item after which the page begins. Empty: the first page.

        Raises:
            ThreadNotFoundError: There is no such thread.
            ItemNotFoundError: There is no item ``after`` that people can see.
        """
