"""``widgetstream up``."""

from __future__ import annotations

import sys

import typer

from widgetstream_server.cli.addresses import refuse_taken_port
from widgetstream_server.cli.failures import settings_or_fail


def up(
    # There is no other web page yet than the one that tells where the doors are.
    no_web: bool = typer.Option(  # noqa: ARG001
        False, "--no-web", help="Leave out the web page: the server and Envoy alone."
    ),
) -> None:
    """Start the server and Envoy, with all doors on one port.

    Prints one line when all doors answer, and what to try next. Ctrl-C, or
    SIGTERM, ends all of it; runs under way have some seconds to come to an end.

    For example:

      widgetstream up

      WIDGETSTREAM_HTTP_PORT=9000 widgetstream up --no-web
    """
    settings = settings_or_fail()
    refuse_taken_port(settings.grpc_host, settings.grpc_port, "grpc_port")
    refuse_taken_port(settings.http_host, settings.http_port, "http_port")

    import asyncio

    from widgetstream_server.cli.stack import run_stack

    sys.exit(asyncio.run(run_stack(settings)))
