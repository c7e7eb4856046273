"""Who asks, and what an application gets to work with during a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Usage
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.ports import Clock, Ids, ThreadStore
from widgetstream_server.conversation.principal import Principal


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Who asks, and how that person reads.

    Attributes:
        principal: The caller, verified.
        time_zone: The caller's time zone: days and hours are meant in it.
        locale: The caller's preferred language as a BCP 47 tag, such as ``en``.
        metadata: What the request of a page says beside its parameters, as JSON: for the application alone.
        base_url: Where the caller reaches the service over HTTP, such as ``https://example.com``. Empty: not known.
        relayed: Whether another server process asks for the caller, because what is asked for should be in this one. It
            is not handed on again.
    """

    principal: Principal
    time_zone: ZoneInfo
    locale: str = "en"
    base_url: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    relayed: bool = False


@dataclass(frozen=True, slots=True)
class RunContext:
    """What an application gets for one run.

    Attributes:
        run_id: The run.
        thread: The thread. The application may change its title, status, image domains and metadata: the engine stores
            the change and sends ``thread_updated``.
        request: Who asks.
        clock: The time.
        ids: Ids for the items that the application makes.
        store: The store. Use ``history`` for what was said; all else is for applications that need more.
        usage: What the run has taken from models so far; whoever calls a model adds to it.
    """

    run_id: str
    thread: Thread
    request: RequestContext
    clock: Clock
    ids: Ids
    store: ThreadStore
    usage: Usage = field(default_factory=Usage)

    @property
    def owner(self) -> str:
        """The caller's id: the owner of every row that the run makes."""
        return self.request.principal.id

    def local_now(self) -> datetime:
        """Return the time in the caller's time zone."""
        return self.clock.now().astimezone(self.request.time_zone)

    async def history(self, limit: int = 20) -> Sequence[ThreadItem]:
        """Return the last items of the thread, hidden ones included, oldest first."""
        last = await self.store.list_items(self.owner, self.thread.id, limit=limit, order="desc", include_hidden=True)
        return [stored.item for stored in reversed(last.entries)]
