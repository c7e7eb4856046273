"""Turns every exception into a status that tells callers what they may know, and nothing else."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, NoReturn

import grpc
import structlog

from widgetstream_server.conversation.errors import ConversationError, ReaderTooSlowError, UnsupportedError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.rpc.interceptors.base import Handler, Interceptor
from widgetstream_server.rpc.methods import Behavior, Context
from widgetstream_server.rpc.status import to_status

_log = structlog.get_logger(__name__)


class ErrorsInterceptor(Interceptor):
    """The outermost: ends the call with a status of ours whatever happens."""

    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior with its exceptions translated."""

        async def serve(request: Any, context: Context) -> Any:
            try:
                return await behavior(request, context)
            except ReaderTooSlowError as error:
                await _cut_off(error, context)
            except ConversationError as error:
                await context.abort_with_status(to_status(error))
            except (asyncio.CancelledError, grpc.aio.AbortError):
                raise
            except Exception as error:  # noqa: BLE001 — nothing may reach grpc, which would send its text
                await _abort_internal(error, path, context)

        return serve

    def wrap_unknown(self, path: str) -> Handler:
        """Return a handler that answers UNIMPLEMENTED as the service's own methods would."""

        async def refuse(_: Any, context: Context) -> None:
            await context.abort_with_status(to_status(UnsupportedError("This method")))

        return grpc.unary_unary_rpc_method_handler(refuse)


class _InternalError(ConversationError):
    """A fault of the server."""


async def _cut_off(error: ReaderTooSlowError, context: Context) -> NoReturn:
    """End a stream that takes nothing: mostly not even a status, and then it is reset."""
    try:
        await context.abort_with_status(to_status(error))
    except grpc.aio.AbortError:
        raise
    except Exception:  # noqa: BLE001 — grpc's own, which has no public name: a message is still on its way
        raise asyncio.CancelledError from None


async def _abort_internal(error: Exception, path: str, context: Context) -> NoReturn:
    correlation_id = f"err_{secrets.token_urlsafe(12)}"
    _log.error(
        "internal_error",
        rpc=path,
        correlation_id=correlation_id,
        error_type=type(error).__name__,
        places=places_of(error),
    )
    fault = _InternalError(
        "A fault of the server; its log has the correlation id.", metadata={"correlation_id": correlation_id}
    )
    await context.abort_with_status(to_status(fault))
