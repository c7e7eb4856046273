"""Decodes requests, and checks them against the rules that the schema states beside each field."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from google.protobuf.message import DecodeError, Message

from widgetstream_server.conversation import rules
from widgetstream_server.conversation.errors import MalformedRequestError, RequestTooLargeError
from widgetstream_server.rpc.interceptors.base import Interceptor
from widgetstream_server.rpc.methods import Behavior, Context, Method


class ValidationInterceptor(Interceptor):
    """The innermost: behind it, a request is a message that keeps its rules."""

    def __init__(self, methods: Mapping[str, Method], *, max_request_bytes: int) -> None:
        """Take the methods whose requests are checked, and the size that a message may have where none is stated."""
        self._methods = methods
        self._max_request_bytes = max_request_bytes

    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior behind decoding and checks."""
        method = self._methods.get(path)
        if method is None:
            return behavior
        request_type = method.request_type
        limit = max(self._max_request_bytes, method.max_request_bytes)
        check = rules.check if rules.has_rules(request_type) else _nothing
        if method.client_streaming:

            async def serve_stream(requests: AsyncIterator[bytes], context: Context) -> Any:
                async def decoded() -> AsyncIterator[Message]:
                    async for request in requests:
                        yield _decode(request_type, request, limit, check)

                return await behavior(decoded(), context)

            return serve_stream

        async def serve(request: bytes, context: Context) -> Any:
            return await behavior(_decode(request_type, request, limit, check), context)

        return serve


def _decode(request_type: type[Message], request: bytes, limit: int, check: Callable[[Message], None]) -> Message:
    if len(request) > limit:
        raise RequestTooLargeError(limit)
    try:
        message = request_type.FromString(request)
    except DecodeError:
        raise MalformedRequestError from None
    check(message)
    return message


def _nothing(_: Message) -> None:
    return
