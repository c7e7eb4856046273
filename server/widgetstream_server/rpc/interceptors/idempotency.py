"""Serves a request that is repeated under the id of its first time once, and answers all with the same response.

Calls that start runs are not answered here: the run itself is kept with the id, in the transaction in which it begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from weakref import WeakValueDictionary

import structlog

from widgetstream_server.conversation.errors import (
    ConversationError,
    InvalidArgumentError,
    RequestIdReusedError,
    RequestInProgressError,
)
from widgetstream_server.conversation.ports import Clock
from widgetstream_server.conversation.requests import RequestKey, RequestStore
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.interceptors.base import Interceptor
from widgetstream_server.rpc.methods import Behavior, Context, Method

_HEADER = "idempotency-key"
_MAX_LENGTH = 128

_log = structlog.get_logger(__name__)


class IdempotencyInterceptor(Interceptor):
    """The innermost but for the method: it needs requests that keep their rules.

    The id is the request's ``request_id``, or where that is empty the metadata ``idempotency-key``.
    """

    def __init__(self, methods: Mapping[str, Method], requests: RequestStore, clock: Clock) -> None:
        """Take the service's methods by path, and where the ids of requests are kept."""
        self._methods = methods
        self._requests = requests
        self._clock = clock
        self._served: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior, once for each id."""
        method = self._methods.get(path)
        if (
            method is None
            or method.client_streaming
            or "request_id" not in method.request_type.DESCRIPTOR.fields_by_name
        ):
            return behavior
        if method.server_streaming:

            async def serve_stream(request: Any, context: Context) -> Any:
                _take_header(request)
                return await behavior(request, context)

            return serve_stream

        async def serve(request: Any, context: Context) -> Any:
            _take_header(request)
            if not request.request_id:
                return await behavior(request, context)
            owner = current_call.get().context.principal.id
            key = RequestKey.of(path, request, request.request_id)
            lock = self._served.get((owner, key.request_id))
            if lock is None:
                self._served[owner, key.request_id] = lock = asyncio.Lock()
            async with lock:
                return await self._once(owner, key, behavior, request, context)

        return serve

    async def _once(self, owner: str, key: RequestKey, behavior: Behavior, request: Any, context: Context) -> Any:
        known = await self._requests.claim(owner, key, self._clock.now())
        if known is not None:
            if known.run_id is not None:
                raise RequestIdReusedError
            if known.response is None:
                raise RequestInProgressError
            return known.response
        try:
            response = await behavior(request, context)
        except BaseException:
            await self._noted(self._requests.release(owner, key))
            raise
        await self._noted(self._requests.finish(owner, key, response))
        return response

    async def _noted(self, note: Any) -> None:
        """Store what became of a request. What was done stays done when that fails; the claim lapses by itself."""
        try:
            await note
        except ConversationError as error:
            _log.warning("request_not_noted", error_type=type(error).__name__)


def _take_header(request: Any) -> None:
    if request.request_id:
        return
    given = current_call.get().metadata.get(_HEADER)
    if given is None:
        return
    if not 0 < len(given) <= _MAX_LENGTH:
        raise InvalidArgumentError.of(_HEADER, f"must have 1 to {_MAX_LENGTH} characters")
    request.request_id = given
