"""Bounds how much is served at once, in all and for each caller.

grpc's own ``maximum_concurrent_rpcs`` counts calls only until their handler is found (grpc issue 41531), and answers
without details.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from widgetstream_server.conversation.errors import TooManyRequestsError
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.interceptors.base import Interceptor
from widgetstream_server.rpc.methods import Behavior, Context, Method


class AdmissionInterceptor(Interceptor):
    """Counts calls while they are served."""

    def __init__(self, methods: Mapping[str, Method], *, max_calls: int, max_calls_per_caller: int) -> None:
        """Set the bounds.

        Args:
            methods: The service's methods by path. Others are not counted.
            max_calls: How many calls are served at once; a stream is one call.
            max_calls_per_caller: How many of them may be one caller's.
        """
        self._methods = methods
        self._max_calls = max_calls
        self._max_calls_per_caller = max_calls_per_caller
        self._total = 0
        self._by_caller: dict[str, int] = {}

    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior, counted."""
        if path not in self._methods:
            return behavior

        async def serve(request: Any, context: Context) -> Any:
            call = current_call.get()
            caller = call.request.principal.id if call.request else ""
            if self._total >= self._max_calls:
                raise TooManyRequestsError("The server is serving too many calls.", retry_after=1.0)
            others = self._by_caller.get(caller, 0)
            if others >= self._max_calls_per_caller:
                raise TooManyRequestsError("You have too many calls under way.", retry_after=1.0)
            self._total += 1
            self._by_caller[caller] = others + 1
            try:
                return await behavior(request, context)
            finally:
                self._total -= 1
                others = self._by_caller[caller] - 1
                if others:
                    self._by_caller[caller] = others
                else:
                    del self._by_caller[caller]

        return serve
