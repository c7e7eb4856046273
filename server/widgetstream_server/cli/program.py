"""The program: its commands, and what its failures look like.

The commands import what they need when they run: asking for help, or for a token, must not load a server.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer

from widgetstream_server.cli import chat, conformance, db, doctor, envoy_config, serve, token, up
from widgetstream_server.cli.failures import CommandFailed

# In the order of the help. One line here makes a function a command.
COMMANDS: tuple[Callable[..., Any], ...] = (
    up.up,
    serve.serve,
    token.token,
    chat.chat,
    doctor.doctor,
    conformance.conformance,
    envoy_config.envoy_config,
)

program = typer.Typer(
    name="widgetstream",
    # Lines of help end where they shall end in a terminal of 80 columns.
    help="""A ChatKit backend: a gRPC server for conversations that answer with widgets,
    and Envoy in front of it.

    Begin with [bold]widgetstream up[/bold]. Settings are environment variables, or lines of
    the file .env; the file .env.example lists them all.
    """,
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage or settings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    # A traceback with the values of variables would show tokens and keys.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in COMMANDS:
    program.command(no_args_is_help=False)(_command)
program.add_typer(db.db, name="db")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        typer.echo(metadata.version("widgetstream-server"))
        raise typer.Exit


@program.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the program with the arguments of the process."""
    try:
        program(prog_name="widgetstream")
    except CommandFailed as failure:
        typer.echo(f"{typer.style('error:', fg='red', bold=True)} {failure}", err=True)
        sys.exit(failure.exit_code)
