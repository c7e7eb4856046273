"""One line for each call: what was called, by whom, how it ended, and how long it took. Never what was said."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from widgetstream_server.conversation.errors import ConversationError
from widgetstream_server.conversation.ports import Clock
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.interceptors.base import Interceptor
from widgetstream_server.rpc.methods import Behavior, Context
from widgetstream_server.rpc.status import reason_name, status_code

_log = structlog.get_logger("widgetstream.access")

_QUIET = ("/grpc.health.v1.Health/", "/grpc.reflection.")


class AccessLogInterceptor(Interceptor):
    """Writes the access log. Health checks and reflection are logged at level debug."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock that measures durations."""
        self._clock = clock

    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior with a line at its end."""
        write = _log.debug if path.startswith(_QUIET) else _log.info

        async def serve(request: Any, context: Context) -> Any:
            call = current_call.get()
            began = self._clock.monotonic()
            code, reason = "OK", None
            try:
                return await behavior(request, context)
            except ConversationError as error:
                code, reason = status_code(error).name, reason_name(error)
                raise
            except asyncio.CancelledError:
                code = "CANCELLED"
                raise
            except Exception:
                code = "INTERNAL"
                raise
            finally:
                fields: dict[str, Any] = {
                    "rpc": path,
                    "code": code,
                    "milliseconds": round((self._clock.monotonic() - began) * 1000, 1),
                }
                if call.request:
                    fields["principal"] = call.request.principal.id
                if call.thread_id:
                    fields["thread_id"] = call.thread_id
                if call.run_id:
                    fields["run_id"] = call.run_id
                if reason:
                    fields["reason"] = reason
                write("rpc", **fields)

        return serve
