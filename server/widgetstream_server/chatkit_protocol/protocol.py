"""Serves ChatKit's own protocol: requests in, one document or a stream of events out. It knows no transport."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from functools import partial

import structlog

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.chatkit_service_pb2 import ListOrder
from widgetstream_server.chatkit_json import JsonInvalidError
from widgetstream_server.chatkit_protocol import documents
from widgetstream_server.chatkit_protocol.event_stream import EventStream, may_be_stopped
from widgetstream_server.chatkit_protocol.places import relocate
from widgetstream_server.chatkit_protocol.requests import Request, read_request
from widgetstream_server.conversation import rules
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.entries import EntryStore
from widgetstream_server.conversation.errors import (
    ConversationError,
    InvalidArgumentError,
    RequestTooLargeError,
)
from widgetstream_server.conversation.ports import Order
from widgetstream_server.conversation.run_log import RunReader
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.conversation.threads import Threads, page_size
from widgetstream_server.conversation.transcription import transcribe

_RECORDING = b'"input.transcribe"'
_LARGEST_SEQUENCE = 2**32 - 1

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Headers:
    """What a request says beside its body.

    Attributes:
        last_event_id: The id of the last event that the client has: the request's run is followed, none is started.
        idempotency_key: Makes a request that starts a run safe to repeat. Empty: every one counts.
        event_ids: Whether events have ids.
        end_mark: Whether a comment tells that the run has ended.
        stop_when_lost: Whether a client that goes away has stopped its run.
    """

    last_event_id: str = ""
    idempotency_key: str = ""
    event_ids: bool = True
    end_mark: bool = False
    stop_when_lost: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A reply of one JSON document.

    Attributes:
        data: The document.
        run_id: The run under way in the thread that was asked for. Empty: there is none.
    """

    data: bytes
    run_id: str = ""


class ChatKitProtocol:
    """Answers ChatKit's requests with the engine behind the typed service."""

    def __init__(
        self,
        server: ChatKitServer,
        runs: Runs,
        threads: Threads,
        entries: EntryStore,
        attachments: Attachments,
        *,
        max_request_bytes: int = 4 * 1024 * 1024,
    ) -> None:
        """Serve an engine. Requests are that large at most, but for recordings."""
        self._max_request_bytes = max_request_bytes
        self._server = server
        self._runs = runs
        self._threads = threads
        self._entries = entries
        self._attachments = attachments
        self._tasks: set[asyncio.Task[None]] = set()

    async def process(self, body: bytes, headers: Headers, context: RequestContext) -> Document | EventStream:
        """Serve a request.

        When the caller is canceled before it has the stream, its run is stopped like one whose client went away.

        Args:
            body: The request as JSON.
            headers: What it says beside.
            context: Who asks.

        Raises:
            ConversationError: It cannot be served, and nothing was done. Fields are named by their places in the body.
        """
        is_large = len(body) > self._max_request_bytes
        if is_large and _RECORDING not in body:
            raise self._too_large()  # without reading it
        try:
            request = read_request(body)
        except JsonInvalidError as error:
            raise InvalidArgumentError.of(error.path, error.why) from None
        if is_large and not isinstance(request.message, pb.TranscribeAudioRequest):
            raise self._too_large()
        try:
            if request.metadata:
                context = replace(context, metadata=request.metadata)
            return await self._serve(request, headers, context)
        except ConversationError as error:
            relocate(error, request)
            raise

    def _too_large(self) -> RequestTooLargeError:
        return RequestTooLargeError(self._max_request_bytes, exceptions="; only recordings may have more")

    async def _serve(self, request: Request, headers: Headers, context: RequestContext) -> Document | EventStream:
        message = request.message
        rules.check(message)
        match message:
            case pb.ListItemsRequest():
                return Document(await self._list_items(message, request.after, context))
            case pb.ListThreadsRequest():
                return Document(await self._list_threads(message, request.after, context))
            case pb.RespondRequest() | pb.ActionRequest():
                return await self._stream(message, headers, context)
            case pb.GetThreadRequest():
                return await self._get(message.thread_id, context)
            case pb.UpdateThreadRequest():
                updated = await self._threads.update(message, context)
                return Document(documents.thread_document(updated.thread))
            case pb.DeleteThreadRequest():
                await self._threads.delete(message.thread_id, context)
            case pb.SubmitFeedbackRequest():
                await self._threads.submit_feedback(message, context)
            case pb.SyncActionRequest():
                return Document(documents.document(await self._threads.sync_action(message, context)))
            case pb.CreateAttachmentRequest():
                return Document(documents.document(await self._attachments.create(message, context)))
            case pb.DeleteAttachmentRequest():
                await self._attachments.delete(message.attachment_id, context)
            case pb.TranscribeAudioRequest():
                text = await transcribe(self._server, message, context)
                return Document(documents.document(pb.TranscribeAudioResponse(text=text)))
            case _:
                raise TypeError(f"no request is a {message.DESCRIPTOR.name}")
        return Document(documents.EMPTY)

    async def _stream(
        self, message: pb.RespondRequest | pb.ActionRequest, headers: Headers, context: RequestContext
    ) -> EventStream:
        if headers.last_event_id:
            opening = self._attach(headers.last_event_id, context)
        else:
            if headers.idempotency_key:
                message.request_id = headers.idempotency_key
                rules.check(message)
            opening = self._begin(message, context)
        reader = await self._opened(opening, headers, context)
        on_lost = partial(self._lost, reader, headers, context)
        return EventStream(reader, with_ids=headers.event_ids, with_end=headers.end_mark, on_lost=on_lost)

    async def _begin(self, message: pb.RespondRequest | pb.ActionRequest, context: RequestContext) -> RunReader:
        if isinstance(message, pb.ActionRequest):
            return await self._runs.action(message, context)
        return await self._runs.respond(message, context)

    async def _attach(self, event_id: str, context: RequestContext) -> RunReader:
        run_id, _, number = event_id.rpartition(":")
        if not run_id or not number.isascii() or not number.isdecimal() or len(number) > 10:
            raise InvalidArgumentError.of("last-event-id", "must be the id of an event: a run, a colon and a number")
        sequence = int(number)
        if sequence > _LARGEST_SEQUENCE:
            raise InvalidArgumentError.of("last-event-id", f"must not be of an event beyond {_LARGEST_SEQUENCE}")
        return await self._runs.subscribe(run_id, sequence, context)

    async def _opened(self, opening: Awaitable[RunReader], headers: Headers, context: RequestContext) -> RunReader:
        task = asyncio.ensure_future(opening)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._spawn(self._stop_when_opened(task, headers, context))
            raise

    async def _stop_when_opened(self, opening: Awaitable[RunReader], headers: Headers, context: RequestContext) -> None:
        try:
            reader = await opening
        except ConversationError:
            return
        self._lost(reader, headers, context)

    def _lost(self, reader: RunReader, headers: Headers, context: RequestContext) -> None:
        if headers.stop_when_lost and may_be_stopped(reader.log):
            self._spawn(self._stop(reader.log.run_id, context))

    async def _stop(self, run_id: str, context: RequestContext) -> None:
        try:
            await self._runs.cancel(run_id, context)
        except ConversationError as error:
            _log.warning("run_not_stopped", run_id=run_id, error_type=type(error).__name__)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _get(self, thread_id: str, context: RequestContext) -> Document:
        found = await self._threads.get(thread_id, context)
        thread = found.thread
        if thread.items.has_more:
            # The first page, not the last one: from there the frontend reads on.
            oldest = pb.ListItemsRequest(thread_id=thread_id, order=pb.LIST_ORDER_ASC)
            page = await self._threads.list_items(oldest, context)
            thread.items.Clear()
            thread.items.data.extend(page.items)
            if page.next_page_token:
                thread.items.has_more = True
                thread.items.after = page.items[-1].id
        return Document(documents.thread_document(thread), found.active_run.run_id)

    async def _list_threads(self, message: pb.ListThreadsRequest, after: str, context: RequestContext) -> bytes:
        order = _order(message.order)
        found = await self._entries.list_threads(
            context.principal.id, limit=page_size(message.page_size), order=order, after=after
        )
        return documents.page(found, documents.thread_document)

    async def _list_items(self, message: pb.ListItemsRequest, after: str, context: RequestContext) -> bytes:
        order = _order(message.order)
        found = await self._entries.list_items(
            context.principal.id, message.thread_id, limit=page_size(message.page_size), order=order, after=after
        )
        if found.messages:
            self._attachments.renew(found.messages, context)
        return documents.page(found, documents.document)


def _order(asked: ListOrder.ValueType) -> Order:
    return "asc" if asked == pb.LIST_ORDER_ASC else "desc"
