"""What the engine needs from outside: a clock, ids, and a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.journal import JournalEntry
from widgetstream_server.conversation.requests import RequestKey

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


class ThreadReader(Protocol):
    """Reads a thread inside of the transaction that is about to change it. Blocking; not to be kept."""

    def get(self, item_id: str) -> StoredItem:
        """Return an item. Raises ``ItemNotFoundError``."""

    def newest(self, limit: int) -> Sequence[StoredItem]:
        """Return the newest items, hidden ones included, oldest of them first."""


@dataclass(frozen=True, slots=True)
class ThreadEdit:
    """What happens to a thread's items when a run begins, before the run's own items are added.

    Attributes:
        replace: New values of items that exist.
        remove: Items to remove.
        remove_after: All items after this place are removed. None: none for their place.
    """

    replace: Sequence[ThreadItem] = ()
    remove: Sequence[str] = ()
    remove_after: int | None = None


@dataclass(frozen=True, slots=True)
class RunOpening:
    """What the store answers when a run has begun.

    Attributes:
        thread: The thread as stored.
        next_position: The first free place for the run's items.
        removed: The items that were removed and that people could see, in the order of their places.
        replaced: The items that have new values.
    """

    thread: Thread
    next_position: int
    removed: Sequence[str] = ()
    replaced: Sequence[ThreadItem] = ()


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that has no end.

    Attributes:
        owner: Whose it is.
        run: The run, queued or running.
        queued_input: The items with which it would have begun; none when it had.
    """

    owner: str
    run: Run
    queued_input: Sequence[ThreadItem]


Edit = Callable[[ThreadReader], ThreadEdit]
"""Decides what happens to items. Called inside of a transaction, perhaps in another thread, perhaps more than once."""

Announce = Callable[[RunOpening], JournalEntry]
"""Returns the first events of a run for the journal. Called as ``Edit`` is; the same opening gives the same events."""


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

    async def change_thread(self, owner: str, thread_id: str, edit: Callable[[Thread], None]) -> Thread:
        """Change the title, status, image domains, metadata or update time of a thread, and return it as it is then.

        Args:
            owner: Whose it is.
            thread_id: The thread.
            edit: Changes the thread that it gets, which nobody else changes meanwhile. Called as ``Edit`` is.

        Raises:
            ThreadNotFoundError: There is no such thread.
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

    async def put_feedback(
        self, owner: str, thread_id: str, item_ids: Sequence[str], kind: FeedbackKind.ValueType, now: datetime
    ) -> None:
        """Store feedback on items in place of what was stored before, on all or none.

        Raises ``ThreadNotFoundError``, or ``ItemNotFoundError`` for an item that does not exist or is hidden.
        """

    async def get_feedback(
        self, owner: str, thread_id: str, item_ids: Sequence[str]
    ) -> Mapping[str, FeedbackKind.ValueType]:
        """Return the feedback on items, of those that have any. Raises ``ThreadNotFoundError``."""

    async def begin_run(
        self,
        owner: str,
        run: Run,
        *,
        new_thread: Thread | None = None,
        items: Sequence[ThreadItem] = (),
        edit: Edit | None = None,
        announce: Announce | None = None,
        request: RequestKey | None = None,
        holder: str = "",
    ) -> RunOpening:
        """Store a running run, its thread if that is new, and the items it starts with; take the thread's lease.

        A run that was queued goes from its queue. The thread's update time becomes the run's create time.

        Args:
            owner: Whose it is.
            run: The run.
            new_thread: The thread, if it does not exist yet.
            items: Items to add.
            edit: Decides what happens to items before. What it raises is raised here; nothing is stored then.
            announce: Returns the run's first events.
            request: The request that the run answers, so that it can be found by it.
            holder: The process that serves the run. Empty: none, and whoever looks for abandoned runs ends it.

        Raises:
            ThreadNotFoundError: There is no such thread.
            ThreadBusyError: Another run of the thread is under way: the database itself allows one (a unique partial
                index). Or one waits for its turn in another process.
            RequestRepeated: The request has a run already.
            RequestIdReusedError: Another request had its id.
            RunNotFoundError: The run was queued, and is gone.
        """

    async def queue_run(
        self,
        owner: str,
        run: Run,
        *,
        items: Sequence[ThreadItem] = (),
        entry: JournalEntry | None = None,
        request: RequestKey | None = None,
        holder: str = "",
    ) -> None:
        """Store a run that waits for its turn, with the items that it will begin with and its first events.

        Raises ``ThreadNotFoundError``, ``RequestRepeated`` or ``RequestIdReusedError``.
        """

    async def end_run(
        self,
        owner: str,
        run: Run,
        *,
        items: Sequence[StoredItem] = (),
        remove: Sequence[str] = (),
        entry: JournalEntry | None = None,
        events_expire_at: datetime | None = None,
    ) -> None:
        """Store how a run ended, with the items that were not done, and release the thread's lease.

        A run that has ended already stays as it is.

        Args:
            owner: Whose it is.
            run: The run, with its state, end time and last number.
            items: Items to store.
            remove: Items to remove.
            entry: The run's last events.
            events_expire_at: Until when its events are kept.

        Raises:
            RunNotFoundError: There is no such run; its thread may have been deleted meanwhile.
        """

    async def get_run(self, owner: str, run_id: str) -> Run:
        """Return a run. Raises ``RunNotFoundError``."""

    async def active_run(self, owner: str, thread_id: str) -> Run | None:
        """Return the run of a thread that is under way, if there is one. Raises ``ThreadNotFoundError``."""

    async def run_holders(self, owner: str, thread_id: str) -> Mapping[str, str]:
        """Return the runs of a thread that are under way by their ids, with the processes that serve them.

        The one that is running comes first, then those that wait, in their order. Raises ``ThreadNotFoundError``.
        """

    async def abandoned_runs(self) -> Sequence[UnfinishedRun]:
        """Return everybody's runs that are queued or running and whose process is gone, the oldest first."""
