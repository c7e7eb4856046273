"""What the streams of both APIs have in common: from bytes to events, a network read at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar

import httpx2
import msgspec
from openai import APIConnectionError, APIError, APITimeoutError, AsyncStream

from widgetstream_server.agents.models.streams.ear import EAR
from widgetstream_server.agents.models.streams.event_stream import EventStream, EventTooLargeError
from widgetstream_server.agents.models.transport import Body, body_of

EventT = TypeVar("EventT")

_DONE = b"[DONE]"


class UnusableStreamError(APIError):
    """The server sent what is no stream of a response."""


class LeanStream(AsyncStream[EventT], Generic[EventT]):
    """A response as a stream of the client of ``openai``, decoded leanly.

    Texts that came with one network read are one event. With an ``Ear``, the rest of a text after its first
    piece does not become events at all.

    Raises while it is read:
        openai.APITimeoutError: The server fell silent.
        openai.APIConnectionError: The connection broke.
        openai.APIError: The server told of a failure; ``code`` and ``body`` say which.
        UnusableStreamError: What came is no response.

    When its reader is canceled, the connection is closed at once.
    """

    def __init__(self, **given: Any) -> None:
        """Take what ``openai.AsyncStream`` takes."""
        # The options and the request would keep all that was asked, the tools' schemas too, for as long as the stream.
        super().__init__(**given | {"options": None})
        self._body: Body | None = body_of(self.response)
        if self._body is not None:
            self.response.request = self._body.request
        self._request = self.response.request
        self._raw: AsyncIterator[bytes] | None = None
        self._events = EventStream()
        self._over = False
        self._failure: APIError | None = None
        # A few at most: smaller than a deque.
        self.ready: list[EventT] = []
        self.ear = EAR.get()

    def __aiter__(self) -> AsyncIterator[EventT]:
        """Return the stream."""
        return self

    async def __anext__(self) -> EventT:
        """Return the next event."""
        ready, ear = self.ready, self.ear
        while not ready:
            if self._failure is not None:
                raise self._failure
            if self._over:
                raise StopAsyncIteration
            data = await self._read()
            try:
                self._feed(data)
            except APIError as error:
                # What came before it is put out first.
                self._failure = error
                self.pause()
            if ear is not None and ear.full:
                await ear.room()
        return ready.pop(0)

    def _feed(self, data: bytes) -> None:
        try:
            for payload in self._events.feed(data) if data else (self._events.rest(),):
                if payload == _DONE:
                    self._end(marked=True)
                    return
                if payload:
                    self.take(payload)
        except EventTooLargeError:
            raise self.unusable("An event of the stream is too large.") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self.unusable("An event of the stream is no JSON.") from None
        if data:
            self.pause()
        else:
            self._end(marked=False)

    async def _read(self) -> bytes:
        try:
            if self._body is not None:
                return await self._body.read()
            if self._raw is None:
                self._raw = self.response.aiter_bytes()
            return await anext(self._raw, b"")
        except httpx2.TimeoutException as error:
            raise APITimeoutError(request=self._request) from error
        except httpx2.RequestError as error:
            raise APIConnectionError(request=self._request) from error

    def _end(self, *, marked: bool) -> None:
        self.pause()
        self.finish(whole=marked or self._body is None or self._body.framed)
        self.over()

    def over(self) -> None:
        """Say that nothing of interest follows. The connection is kept when the response ends soon."""
        self._over = True
        if self._body is not None:
            self._body.leave()

    def failed(self, error: object) -> APIError:
        """Return the exception for a failure that the server told of in the stream."""
        body = error if isinstance(error, dict) else {"message": error}
        message = body.get("message")
        text = message if isinstance(message, str) and message else "The server failed in the middle of its response."
        return APIError(text, self._request, body=body)

    def unusable(self, why: str) -> UnusableStreamError:
        """Return the exception for a stream that is none."""
        return UnusableStreamError(why, self._request, body=None)

    @abstractmethod
    def take(self, payload: bytes) -> None:
        """Take the data of an event, which is JSON.

        Raises:
            msgspec.DecodeError: It is not.
            openai.APIError: It tells of a failure.
        """

    @abstractmethod
    def pause(self) -> None:
        """All that came with a network read was taken: put out what waits."""

    @abstractmethod
    def finish(self, *, whole: bool) -> None:
        """The stream has ended: put out what was left to its end.

        Args:
            whole: Whether the server said that it is the end. Otherwise the connection has ended, and the event
                that should be the last tells whether all came.

        Raises:
            openai.APIError: It is not the end of a response.
        """
