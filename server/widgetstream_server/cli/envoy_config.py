"""``widgetstream envoy-config``."""

from __future__ import annotations

from pathlib import Path

import typer

from widgetstream_server.cli.failures import CommandFailed, settings_or_fail


def envoy_config(
    descriptors: Path = typer.Option(
        Path("envoy/descriptors.binpb"), metavar="FILE", help="Where Envoy will find the schema's descriptors."
    ),
    write_descriptors: bool = typer.Option(False, "--write-descriptors", help="Write that file too."),
) -> None:
    """Print Envoy's configuration, for those who run Envoy themselves.

    `widgetstream up` makes its own and needs none of this. With WIDGETSTREAM_WEB_PORT
    it has the way to the web page too.

    For example:

      widgetstream envoy-config > envoy/envoy.yaml

      envoy --config-path envoy/envoy.yaml
    """
    settings = settings_or_fail()

    from widgetstream_server.cli.envoy import proxy_of
    from widgetstream_server.proxy import descriptor_set, render

    if write_descriptors:
        try:
            descriptors.write_bytes(descriptor_set())
        except OSError as error:
            raise CommandFailed(f"cannot write {descriptors}: {error.strerror}") from None
    proxy = proxy_of(
        settings, grpc_port=settings.grpc_port, descriptors=descriptors, web_port=settings.web_port or None
    )
    typer.echo(render(proxy), nl=False)
