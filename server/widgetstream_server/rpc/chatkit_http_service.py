"""``ChatKitHttpService``: ChatKit's own HTTP protocol, carried to it and back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from google.api.httpbody_pb2 import HttpBody

from widgetstream_server.chatkit_protocol import ChatKitProtocol, Document, EventStream, Headers
from widgetstream_server.conversation.errors import InvalidArgumentError
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.http_body import with_data
from widgetstream_server.rpc.methods import Context, returns_last_message
from widgetstream_server.rpc.pace import Pace

_RUN_ID = "x-run-id"
_EVENT_IDS = "x-event-ids"
_END_MARK = "x-end-mark"
_WHEN_LOST = "x-when-lost"
_ENCODING = "content-encoding"
_LAST_EVENT_ID = "last-event-id"
_IDEMPOTENCY_KEY = "idempotency-key"
_NAMES = frozenset({_ENCODING, _LAST_EVENT_ID, _IDEMPOTENCY_KEY, _EVENT_IDS, _END_MARK, _WHEN_LOST})
_NONE_GIVEN = Headers()
_JSON = HttpBody(content_type="application/json").SerializeToString()
_EVENTS = HttpBody(content_type="text/event-stream").SerializeToString()
# The last message of a stream, whose end is known only when all events are sent.
_EMPTY = HttpBody().SerializeToString()
_MAX_HEADER_LENGTH = 256
_BARE = "identity"


class ChatKitHttpServicer:
    """Serves ChatKit's stock frontend."""

    def __init__(self, protocol: ChatKitProtocol, *, reader_timeout: float = 60.0) -> None:
        """Serve the protocol. A stream waits so many seconds for its reader."""
        self._protocol = protocol
        self._reader_timeout = reader_timeout

    @returns_last_message
    async def Process(self, request: HttpBody, context: Context) -> bytes:
        """Serve one request."""
        call = current_call.get()
        reply = await self._protocol.process(request.data, _headers(call.metadata), call.context)
        call.run_id = reply.run_id
        if isinstance(reply, Document):
            await _send_run_id(reply.run_id, context)
            return with_data(reply.data, after=_JSON)
        call.thread_id = reply.thread_id
        await self._send(reply, context)
        return _EMPTY

    async def _send(self, stream: EventStream, context: Context) -> None:
        pace = Pace(self._reader_timeout)
        start = _EVENTS
        try:
            await _send_run_id(stream.run_id, context)
            while data := await stream.read():
                await pace.write(context, with_data(data, after=start))
                start = b""  # the first one's content type counts
        except asyncio.CancelledError:
            stream.lost()
            raise
        finally:
            pace.close()
            stream.close()


async def _send_run_id(run_id: str, context: Context) -> None:
    if run_id:
        await context.send_initial_metadata(((_RUN_ID, run_id),))


def _headers(given: Mapping[str, str]) -> Headers:
    if _NAMES.isdisjoint(given):
        return _NONE_GIVEN
    for name in (_LAST_EVENT_ID, _IDEMPOTENCY_KEY):
        if len(given.get(name, "")) > _MAX_HEADER_LENGTH:
            raise InvalidArgumentError.of(name, f"must have at most {_MAX_HEADER_LENGTH} characters")
    if given.get(_ENCODING, _BARE).strip().lower() not in ("", _BARE):
        raise InvalidArgumentError.of(_ENCODING, f"must be {_BARE}: requests are taken as they are")
    return Headers(
        last_event_id=given.get(_LAST_EVENT_ID, "").strip(),
        idempotency_key=given.get(_IDEMPOTENCY_KEY, "").strip(),
        event_ids=_choice(given, _EVENT_IDS, yes="on", no="off"),
        end_mark=not _choice(given, _END_MARK, yes="off", no="on"),
        stop_when_lost=_choice(given, _WHEN_LOST, yes="stop", no="go-on"),
    )


def _choice(given: Mapping[str, str], name: str, *, yes: str, no: str) -> bool:
    """Return whether a header says yes, which it does when it is not there."""
    chosen = given.get(name, yes).strip().lower()
    if chosen not in (yes, no):
        raise InvalidArgumentError.of(name, f"must be {yes} or {no}")
    return chosen == yes
