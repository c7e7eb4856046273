"""How a run ends: its last items, its record and its last events in one transaction; then its readers hear of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from widgetstream.chatkit.v1 import error_reason_pb2, event_pb2, item_pb2
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import RunState, Usage
from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import (
    ConversationError,
    DependencyUnavailableError,
    ModelUnavailableError,
    RunNotFoundError,
)
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.languages import in_language
from widgetstream_server.conversation.ports import StoredItem
from widgetstream_server.conversation.run_items import is_hidden

if TYPE_CHECKING:
    from widgetstream_server.conversation.run import Run

RETRYABLE = frozenset(
    {
        error_reason_pb2.ERROR_REASON_MODEL_UNAVAILABLE,
        error_reason_pb2.ERROR_REASON_DEPENDENCY_UNAVAILABLE,
        error_reason_pb2.ERROR_REASON_RUN_LIMIT_EXCEEDED,
        error_reason_pb2.ERROR_REASON_TOO_MANY_REQUESTS,
        error_reason_pb2.ERROR_REASON_RUN_INTERRUPTED,
    }
)
_CANCEL_NOTE = "The person stopped this answer. Do not go on with it unless asked."
_INTERNAL_MESSAGE = "Something went wrong while answering. Please try again."
_NOTICE_SECONDS = 10.0

_log = structlog.get_logger(__name__)


async def finish(run: Run, ending: Callable[[], Awaitable[None]]) -> None:
    """End a run one way or another, and its log."""
    try:
        await ending()
    except DependencyUnavailableError:
        # The server stops, and the database does not answer. The streams are cut; the next start ends the run.
        _log.error("run_end_not_stored")
    except Exception as error:  # noqa: BLE001 — the run's end must reach its readers whatever happens
        _log.error("run_end_failed", error_type=type(error).__name__, places=places_of(error))
        failed = _failed(run, error_reason_pb2.ERROR_REASON_INTERNAL, _INTERNAL_MESSAGE, allow_retry=True)
        run.emit(WidgetEvent(run_failed=failed))
    finally:
        run.log.end()


async def complete(run: Run) -> None:
    """End a run whose application has said all it had to say."""
    completed = event_pb2.RunCompletedEvent(pending_item_id=run.items.waits_for, usage=_usage(run))
    kept, blank = run.items.unfinished()
    frames = await _store(run, RunState.RUN_STATE_COMPLETED, kept, blank, WidgetEvent(run_completed=completed))
    run.log.publish(frames)


async def fail(run: Run, error: Exception) -> None:
    """End a run whose application has raised an error."""
    if isinstance(error, ConversationError):
        failed = _failed(run, error.reason, error.message, allow_retry=_may_help(error))
        if error.retry_after is not None and failed.allow_retry:
            failed.retry_after.FromMilliseconds(round(error.retry_after * 1000))
        _log.warning("run_failed", reason=error_reason_pb2.ErrorReason.Name(error.reason))
    else:
        failed = _failed(run, error_reason_pb2.ERROR_REASON_INTERNAL, _INTERNAL_MESSAGE, allow_retry=True)
        failed.correlation_id = run.context.ids.new("err")
        _log.error(
            "run_failed", correlation_id=failed.correlation_id, error_type=type(error).__name__, places=places_of(error)
        )
    run.emit(events.error(failed.message, allow_retry=failed.allow_retry))
    kept, blank = run.items.unfinished()
    last = WidgetEvent(run_failed=failed)
    run.log.publish(await _store(run, RunState.RUN_STATE_FAILED, kept, blank, last))


async def cancel(run: Run) -> None:
    """End a run that was canceled: what it has said stays, unless it is rolled back."""
    cause = run.cause or CancelCause.CANCEL_CAUSE_SHUTDOWN
    pending = run.pending_items()
    last = WidgetEvent(run_canceled=event_pb2.RunCanceledEvent(cause=cause, usage=_usage(run)))
    if cause == CancelCause.CANCEL_CAUSE_ROLLED_BACK:
        run.rolled_back = run.items.made(hidden=False)
        frames = await _store_rolled_back(run, last)
    else:
        kept, blank = run.items.unfinished()
        note = ThreadItem(id=run.context.ids.new("shcx"))
        note.sdk_hidden_context.CopyFrom(item_pb2.SdkHiddenContextItem(content=_CANCEL_NOTE))
        noted = StoredItem(run.items.own(note), run.items.take_position())
        # A run that had not begun has nothing to leave a note about.
        begun = run.record.state == RunState.RUN_STATE_RUNNING
        frames = await _store(run, RunState.RUN_STATE_CANCELED, [*kept, noted] if begun else kept, blank, last)
    await _tell(run, pending)
    run.log.publish(frames)


async def _tell(run: Run, pending: Sequence[ThreadItem]) -> None:
    try:
        async with asyncio.timeout(_NOTICE_SECONDS):
            await run.server.handle_canceled(run.context.thread, pending, run.context)
    except Exception as error:  # noqa: BLE001 — the run has ended, whatever the application makes of it
        _log.error("handle_canceled_failed", error_type=type(error).__name__, places=places_of(error))


async def _store(
    run: Run,
    state: RunState.ValueType,
    stored: Sequence[StoredItem],
    blank: Sequence[ThreadItem],
    last: WidgetEvent,
) -> list[bytes]:
    """Store items, record and last events, and return these, to be published."""
    told = [events.item_done(entry.item) for entry in stored if not is_hidden(entry.item)]
    told += [events.item_removed(item.id) for item in blank if not is_hidden(item)]
    return await _store_end(run, state, [*told, last], items=stored)


async def _store_rolled_back(run: Run, last: WidgetEvent) -> list[bytes]:
    told = [events.item_removed(item_id) for item_id in run.rolled_back]
    removed = run.items.made(hidden=True)
    return await _store_end(run, RunState.RUN_STATE_CANCELED, [*told, last], remove=removed)


async def _store_end(
    run: Run,
    state: RunState.ValueType,
    told: Sequence[WidgetEvent],
    *,
    items: Sequence[StoredItem] = (),
    remove: Sequence[str] = (),
) -> list[bytes]:
    now = run.context.clock.now()
    told[-1].event_time.FromDatetime(now)
    frames = run.log.prepare(told)
    record = run.record
    record.state = state
    record.end_time.FromDatetime(now)
    record.last_sequence = run.log.last_sequence + len(frames)
    entry, expiry = run.log.entry(frames), _expiry(now, run.limits.retention_seconds)
    store = run.context.store
    try:
        await run.stored(
            lambda: store.end_run(run.owner, record, items=items, remove=remove, entry=entry, events_expire_at=expiry)
        )
    except RunNotFoundError:
        _log.info("run_of_deleted_thread_ended")
    run.items.clear()
    return frames


def _expiry(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)


def _may_help(error: ConversationError) -> bool:
    return error.reason in RETRYABLE and not (isinstance(error, ModelUnavailableError) and error.final)


def _failed(
    run: Run, reason: error_reason_pb2.ErrorReason.ValueType, message: str, *, allow_retry: bool
) -> event_pb2.RunFailedEvent:
    told = in_language(message, run.context.request.locale)
    return event_pb2.RunFailedEvent(reason=reason, message=told, allow_retry=allow_retry, usage=_usage(run))


def _usage(run: Run) -> Usage | None:
    return run.context.usage if run.context.usage.requests else None
