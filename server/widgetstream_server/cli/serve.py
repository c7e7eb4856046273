"""``widgetstream serve``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from widgetstream_server.cli.addresses import refuse_taken_port, shown_address
from widgetstream_server.cli.failures import USAGE, CommandFailed, settings_or_fail

if TYPE_CHECKING:
    from widgetstream_server.settings import Settings


def serve(
    ready_fd: int = typer.Option(-1, hidden=True, help="Write the port to this file descriptor when it is open."),
    socket: Path | None = typer.Option(None, hidden=True, help="Listen on this Unix socket too."),
    no_port: bool = typer.Option(False, "--no-port", hidden=True, help="Listen on the socket alone."),
) -> None:
    """Start the gRPC server alone.

    Prints one line when it answers. Ctrl-C, or SIGTERM, ends it; runs under way
    have some seconds to come to an end.

    It is one process, whatever WIDGETSTREAM_WORKERS says. Several of them may share
    a database, also on several machines: each reaches the runs of all others.

    For example:

      widgetstream serve

      grpcurl -plaintext localhost:50051 list

      WIDGETSTREAM_GRPC_PORT=50052 widgetstream serve
    """
    settings = settings_or_fail()
    addresses = [f"unix:{socket.absolute()}"] if socket is not None else []
    if not no_port:
        refuse_taken_port(settings.grpc_host, settings.grpc_port, "grpc_port")
        addresses.insert(0, f"{settings.grpc_host}:{settings.grpc_port}")
    _serve(settings, addresses, ready_fd)


def _serve(settings: Settings, addresses: Sequence[str], ready_fd: int) -> None:
    import uvloop

    from widgetstream_server.app import serve
    from widgetstream_server.app_loading import AppNotFoundError
    from widgetstream_server.auth import DevelopmentKeyError
    from widgetstream_server.conversation.errors import ConversationError
    from widgetstream_server.settings import SettingsError
    from widgetstream_server.storage import SchemaError

    started = False

    def report(port: int) -> None:
        nonlocal started
        started = True
        if ready_fd >= 0:
            os.write(ready_fd, f"{port}\n".encode())
            os.close(ready_fd)
            return
        address = shown_address(settings.grpc_host, port)
        typer.echo(f"ready grpc://{address}")
        typer.echo(f"Try: grpcurl -plaintext {address} list")

    try:
        uvloop.run(serve(settings, addresses, on_ready=report))
    except (AppNotFoundError, SettingsError) as error:
        raise CommandFailed(str(error), USAGE) from error
    except (ConversationError, DevelopmentKeyError, OSError, SchemaError, ValueError) as error:
        # Once it serves, these are faults of the server, whose place in the code matters.
        if started:
            raise
        raise CommandFailed(f"the server cannot start: {error}") from error
