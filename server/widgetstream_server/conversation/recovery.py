"""What is done for runs whose process is gone: each gets the end that it has not had.

What such a run had said is in the journal. The items that it was building are stored as far as they had come, and the
journal goes on with them and with `run_failed`, as if the run had failed in that moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from widgetstream.chatkit.v1 import error_reason_pb2, event_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import (
    DependencyUnavailableError,
    RunNotFoundError,
    ThreadNotFoundError,
)
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.journal import JournalEntry, JournalStore, frames_after
from widgetstream_server.conversation.ports import Clock, StoredItem, ThreadStore, UnfinishedRun
from widgetstream_server.conversation.retelling import Told, retell

_MESSAGE = "The answer was interrupted by a restart of the server. Please try again."
_PAGE = 200
_ENDS = {
    "run_completed": RunState.RUN_STATE_COMPLETED,
    "run_failed": RunState.RUN_STATE_FAILED,
    "run_canceled": RunState.RUN_STATE_CANCELED,
}

_log = structlog.get_logger(__name__)


class Recovery:
    """Ends runs that processes have left behind. Several may do so at the same time: each run ends once."""

    def __init__(
        self,
        store: ThreadStore,
        journal: JournalStore,
        *,
        clock: Clock,
        apply_widget_update: ApplyWidgetUpdate,
        retention_seconds: float,
    ) -> None:
        """Make it over a store and a journal.

        Args:
            store: Where the runs are.
            journal: What they have said.
            clock: The time.
            apply_widget_update: How an update changes a widget's tree.
            retention_seconds: How long their events are kept from now on.
        """
        self._store = store
        self._journal = journal
        self._clock = clock
        self._apply_widget_update = apply_widget_update
        self._retention = timedelta(seconds=retention_seconds)

    async def run(self) -> int:
        """End all runs whose process is gone, and return how many there were.

        Raises:
            DependencyUnavailableError: The database does not answer.
        """
        abandoned = await self._store.abandoned_runs()
        for left in abandoned:
            await self._end_unless_gone(left)
        if abandoned:
            _log.warning("interrupted_runs_ended", count=len(abandoned))
        return len(abandoned)

    async def _end_unless_gone(self, left: UnfinishedRun) -> None:
        try:
            await self._end(left)
        except (RunNotFoundError, ThreadNotFoundError):  # deleted meanwhile, with its thread
            return
        except DependencyUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 — one run must not keep the others from their ends
            run_id = left.run.run_id
            _log.error("run_not_ended", run_id=run_id, error_type=type(error).__name__, places=places_of(error))

    async def _end(self, left: UnfinishedRun) -> None:
        recorded = await self._journal.read(left.owner, left.run.run_id, 0)
        frames = frames_after(recorded.entries, 0)
        told = retell(frames, self._apply_widget_update, left.queued_input)
        now, record = self._clock.now(), left.run
        record.end_time.FromDatetime(now)
        if told.last.WhichOneof("event") in _ENDS:
            # All was said, and only the record is missing.
            record.state = _ENDS[told.last.WhichOneof("event") or ""]
            record.last_sequence = told.last_sequence
            await self._store.end_run(left.owner, record, events_expire_at=now + self._retention)
            return
        items = await self._places(left, told)
        kept = {entry.item.id for entry in items}
        ends = [events.error(_MESSAGE, allow_retry=True)]
        ends += [events.item_done(entry.item) for entry in items]
        ends += [events.item_removed(item_id) for item_id in told.pending if item_id not in kept]
        ends.append(_failed(now))
        for number, event in enumerate(ends, told.last_sequence + 1):
            event.sequence = number
        entry = JournalEntry.of(record.run_id, told.last_sequence + 1, [event.SerializeToString() for event in ends])
        record.state = RunState.RUN_STATE_FAILED
        record.last_sequence = entry.last_sequence
        await self._store.end_run(left.owner, record, items=items, entry=entry, events_expire_at=now + self._retention)

    async def _places(self, left: UnfinishedRun, told: Told) -> list[StoredItem]:
        """Return the items to store, each in the gap that the run had left for it."""
        places = await self._taken(left)
        by_id = {item.id: position for position, item in places.items()}
        stored = []
        for item_id, pending in told.pending.items():
            if pending.is_blank() or item_id in by_id:
                continue
            position = by_id.get(told.before[item_id], max(places, default=0)) + 1
            while position in places:
                position += 1
            item = pending.value()
            by_id[item_id] = position
            places[position] = item
            stored.append(StoredItem(item, position))
        return stored

    async def _taken(self, left: UnfinishedRun) -> dict[int, ThreadItem]:
        """Return the newest items of the thread by their places. A run whose items are not among them has said much."""
        page = await self._store.list_items(
            left.owner, left.run.thread_id, limit=_PAGE, order="desc", include_hidden=True
        )
        return {entry.position: entry.item for entry in page.entries}


def _failed(now: datetime) -> WidgetEvent:
    failed = event_pb2.RunFailedEvent(
        reason=error_reason_pb2.ERROR_REASON_RUN_INTERRUPTED, message=_MESSAGE, allow_retry=True
    )
    event = WidgetEvent(run_failed=failed)
    event.event_time.FromDatetime(now)
    return event
