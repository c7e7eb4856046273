"""A run as server-sent events of ChatKit's protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from widgetstream.chatkit.v1.event_pb2 import ErrorEvent, RunFailedEvent, WidgetEvent
from widgetstream_server.chatkit_json import encode
from widgetstream_server.chatkit_protocol.documents import to_bytes
from widgetstream_server.conversation.run_log import RunLog, RunReader

KEEP_ALIVE: Final = b": keep-alive\n\n"
"""A comment, which readers pass over."""

END: Final = b": end\n\n"
"""A comment after the last event of a run, for those who ask for it."""

_LAST: Final = frozenset({"run_completed", "run_failed", "run_canceled"})

# What ChatKit has no word for: the stream itself begins and ends.
_UNSAID: Final = frozenset({"run_started", "run_completed", "run_canceled"})
_SPECIAL: Final = _UNSAID | {"heartbeat", "run_failed"}
_OF_THREADS: Final = frozenset({"thread_created", "thread_updated"})


class EventStream:
    """The reply to a request that streams: frames of server-sent events, in UTF-8.

    To be closed when all is read, or nobody reads on.

    Attributes:
        run_id: The run.
        thread_id: Its thread.
    """

    def __init__(
        self, reader: RunReader, *, with_ids: bool, on_lost: Callable[[], None], with_end: bool = False
    ) -> None:
        """Begin with a reader of the run's events.

        Args:
            reader: The reader.
            with_ids: Whether each frame says its id.
            with_end: Whether a comment tells that the run has ended: a stream without it was cut.
            on_lost: Called when the client goes away before the end.
        """
        self.run_id = reader.log.run_id
        self.thread_id = reader.log.thread_id
        self._run = self.run_id.encode()
        self._reader = reader
        self._with_ids = with_ids
        self._with_end = with_end
        self._on_lost = on_lost
        self._begun = False
        self._told_error = False

    async def read(self) -> bytes:
        """Wait for events, and return the frames of all there are. Empty: the run has ended.

        The first time it returns at once, with a comment when there is nothing to say yet: headers go out with it.
        """
        while True:
            events = await self._reader.read()
            if self._with_end and not events:
                self._with_end = False
                if has_ended(self._reader.log):
                    self._begun = True
                    return END
            frames = b"".join([self._frame(event) for event in events])
            first, self._begun = not self._begun, True
            if frames or not (events or first):
                return frames
            if first:
                return KEEP_ALIVE

    def lost(self) -> None:
        """Say that the client has gone away."""
        self._on_lost()

    def close(self) -> None:
        """Give up what the stream holds."""
        self._reader.close()

    def _frame(self, serialized: bytes) -> bytes:
        event = WidgetEvent.FromString(serialized)
        kind = event.WhichOneof("event")
        if kind in _SPECIAL:
            if kind == "heartbeat":
                return KEEP_ALIVE
            if kind in _UNSAID or self._told_error:
                return b""
            event.error.CopyFrom(_error(event.run_failed))
        self._told_error = kind == "error"
        json = encode(event)
        del json["sequence"]
        if kind in _OF_THREADS:
            json["thread"]["metadata"] = {}
        if not self._with_ids:
            return b"data: %b\n\n" % to_bytes(json)
        return b"id: %b:%d\ndata: %b\n\n" % (self._run, event.sequence, to_bytes(json))


def _error(failed: RunFailedEvent) -> ErrorEvent:
    """Return how a run has failed that has not said so itself, such as one whose process died."""
    return ErrorEvent(code="custom", message=failed.message, allow_retry=failed.allow_retry)


def has_ended(log: RunLog) -> bool:
    """Return whether a log that has ended has the run's last event: not when it could not be stored."""
    for frame in log.since(log.last_sequence - 1):
        return WidgetEvent.FromString(frame).WhichOneof("event") in _LAST
    return True  # of a run that had ended before, and has nothing more to tell


def may_be_stopped(log: RunLog) -> bool:
    """Return whether the person may stop a run: what its last stream options say; yes, before there are any."""
    allowed = True
    for frame in log.since(0) if not log.ended else ():
        event = WidgetEvent.FromString(frame)
        if event.HasField("stream_options"):
            allowed = event.stream_options.stream_options.allow_cancel
    return allowed and not log.ended
