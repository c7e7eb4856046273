"""Client of Widgetstream: generated messages and stubs, synchronous and asynchronous clients.

    from widgetstream import AsyncClient

    async with AsyncClient("localhost:50051", token=token) as client:
        async for event in client.respond("add a task to buy milk tomorrow"):
            print(event.WhichOneof("event"))

A stream that breaks is picked up where it was. Failures are ``WidgetstreamError`` and its subclasses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgetstream.client.asynchronous import AsyncClient
    from widgetstream.client.errors import (
        InvalidArgumentError,
        NotFoundError,
        RunCutError,
        UnauthenticatedError,
        UnavailableError,
        WidgetstreamError,
    )
    from widgetstream.client.synchronous import Client

__all__ = [
    "AsyncClient",
    "Client",
    "InvalidArgumentError",
    "NotFoundError",
    "RunCutError",
    "UnauthenticatedError",
    "UnavailableError",
    "WidgetstreamError",
]

_MODULES = {"AsyncClient": "asynchronous", "Client": "synchronous"}


def __getattr__(name: str) -> object:
    # On demand: who needs the generated messages alone does not load gRPC.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"widgetstream.client.{_MODULES.get(name, 'errors')}"), name)
