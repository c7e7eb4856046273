"""``widgetstream up``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from widgetstream_server.cli.addresses import refuse_taken_port
from widgetstream_server.cli.failures import settings_or_fail

if TYPE_CHECKING:
    from widgetstream_server.cli.web import WebPage


def up(
    no_web: bool = typer.Option(False, "--no-web", help="Leave out the web page: the server and Envoy alone."),
) -> None:
    """Start the server, the web page and Envoy, with all doors on one port.

    Prints one line when all doors answer, and what to try next. Ctrl-C, or
    SIGTERM, ends all of it; runs under way have some seconds to come to an end.

    With WIDGETSTREAM_WORKERS there are several server processes, about one for each
    core. One that dies is started again while the others go on.

    For example:

      widgetstream up

      WIDGETSTREAM_WORKERS=2 widgetstream up

      WIDGETSTREAM_HTTP_PORT=9000 widgetstream up --no-web
    """
    settings = settings_or_fail()
    refuse_taken_port(settings.grpc_host, settings.grpc_port, "grpc_port")
    refuse_taken_port(settings.http_host, settings.http_port, "http_port")

    import asyncio

    from widgetstream_server.cli.stack import run_stack

    page: WebPage | None = None
    if not no_web:
        refuse_taken_port("127.0.0.1", settings.web_port, "web_port")
        from widgetstream_server.cli.web import find_web_page, free_port
        from widgetstream_server.settings import variable

        if not settings.http_port:
            # The page's tokens name it, so it has to be known before anything starts.
            settings = settings.model_copy(update={"http_port": free_port(settings.http_host)})
        found = find_web_page(settings)
        if isinstance(found, str):
            typer.echo(f"widgetstream: going on without the web page: {found}", err=True)
        else:
            page = found
            if not page.is_trusted:
                typer.echo(
                    f"widgetstream: {variable('issuers')} does not name {page.public_url}: "
                    "people can sign in on the web page, and are refused all else",
                    err=True,
                )
    sys.exit(asyncio.run(run_stack(settings, page)))
