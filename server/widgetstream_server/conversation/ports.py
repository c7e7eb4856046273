"""What the engine needs from outside: a clock, ids, and a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream.chatkit.v1.thread_pb2 import Thread

Order = Literal["asc", "desc"]
EntryT = TypeVar("EntryT")
CursorT = TypeVar("CursorT")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go back, for measuring durations."""


class Ids(Protocol):
    """Makes ids."""

    def new(self, prefix: str) -> str:
        """Return ``{prefix}_`` and at least 96 random bits in letters, digits, ``-`` and ``_``."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[EntryT, CursorT]):
    """A part of a list, and where it goes on.

    Attributes:
        entries: The entries, in the order asked for.
        next: Where the next part begins. None: there is none.
    """

    entries: Sequence[EntryT]
    next: CursorT | None


@dataclass(frozen=True, slots=True)
class ThreadCursor:
    """A place in a list of threads: after the thread with this update time and id."""

    update_time: datetime
    thread_id: str


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item and its place in its thread.

    Places are whole numbers from 1 that grow, with gaps where items were removed.
    """

    item: ThreadItem
    position: int


@dataclass(frozen=True, slots=True)
class RunOpening:
    """What the store answers when a run has begun.

    Attributes:
        thread: The thread as stored.
        next_position: The first free place for the run's items.
    """

    thread: Thread
    next_position: int


class ThreadStore(Protocol):
    """Keeps threads, items and runs, each for its owner.

    Every method takes the owner (``Principal.id``) and sees that owner's rows alone: what is another's raises the same
    not-found error as what does not exist. Each method is one transaction, which is not torn by a cancel of its caller.
    When the database does not answer, ``DependencyUnavailableError`` is raised.
    """

    async def get_thread(self, owner: str, thread_id: str) -> Thread:
        """Return a thread without items. Raises ``ThreadNotFoundError``."""

    async def list_threads(
        self, owner: str, *, limit: int, order: Order = "desc", after: ThreadCursor | None = None
    ) -> Slice[Thread, ThreadCursor]:
        """List threads by update time, ties by id, with keyset pages."""

    async def save_thread(self, owner: str, thread: Thread) -> None:
        """Store the title, status, image domains and metadata of a thread that exists.

        ``update_time`` is stored as given. Raises ``ThreadNotFoundError``.
        """

    async def delete_thread(self, owner: str, thread_id: str) -> None:
        """Delete a thread with its items and runs. Raises ``ThreadNotFoundError``."""

    async def get_item(self, owner: str, thread_id: str, item_id: str) -> ThreadItem:
        """Return an item. Raises ``ThreadNotFoundError`` or ``ItemNotFoundError``."""

    async def list_items(
        self,
        owner: str,
        thread_id: str,
        *,
        limit: int,
        order: Order = "asc",
        after: int | None = None,
        include_hidden: bool = False,
    ) -> Slice[StoredItem, int]:
        """List items by place, with keyset pages. Hidden items neither show nor count unless asked for.

        Raises ``ThreadNotFoundError``.
        """

    async def put_item(self, owner: str, item: ThreadItem, position: int) -> None:
        """Store an item at a place of its thread, or the new value of an item that exists, which keeps its place.

        Raises ``ThreadNotFoundError``.
        """

    async def delete_item(self, owner: str, thread_id: str, item_id: str) -> None:
        """Delete an item. One that does not exist is passed over. Raises ``ThreadNotFoundError``."""

    async def begin_run(
        self, owner: str, run: Run, *, new_thread: Thread | None = None, items: Sequence[ThreadItem] = ()
    ) -> RunOpening:
        """Store a running run, its thread if that is new, and the items it starts with; take the thread's lease.

        The thread's update time becomes the run's create time. Raises ``ThreadNotFoundError``, or ``ThreadBusyError``
        when another run of the thread is under way: the database itself allows one (a unique partial index).
        """

    async def end_run(self, owner: str, run: Run, *, items: Sequence[StoredItem] = ()) -> None:
        """Store how a run ended, with the items that were not done, and release the thread's lease.

        A run that has ended already stays as it is.
        """

    async def get_run(self, owner: str, run_id: str) -> Run:
        """Return a run. Raises ``RunNotFoundError``."""

    async def active_run(self, owner: str, thread_id: str) -> Run | None:
        """Return the run of a thread that is under way, if there is one. Raises ``ThreadNotFoundError``."""

    async def fail_abandoned_runs(self, now: datetime) -> int:
        """Mark all runs that are stored as under way as failed, and return how many there were.

        To be called at the start of the only process that serves the database.
        """
