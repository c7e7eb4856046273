"""``widgetstream conformance``."""

from __future__ import annotations

from pathlib import Path

import typer

from widgetstream_server.cli.failures import FAILED, USAGE, CommandFailed

_CASES = Path(__file__).parents[3] / "specs" / "conformance" / "chatkit"
"""Wherever the command is run."""


def conformance(
    url: str = typer.Argument(
        metavar="URL", help="Where the backend takes requests, such as http://localhost:8080/chatkit."
    ),
    token: str = typer.Option("", "--token", metavar="TOKEN", help="A bearer token for it."),
    cases: Path = typer.Option(
        _CASES,
        metavar="FOLDER",
        help="The cases, in files that end in .yaml.",
        show_default="specs/conformance/chatkit of the repository",
    ),
) -> None:
    """Check any ChatKit backend, ours or not, with requests and the replies that are expected.

    Its application has to give the answers in specs/conformance/chatkit_answers.yaml. What is to be refused without a
    valid token is checked with --token alone, and left out otherwise.

    Exits with 0 when all cases pass, 1 when one does not, 2 when there is nothing to check.

    For example:

      widgetstream conformance http://localhost:8080/chatkit --token "$(widgetstream token)"
    """
    import httpx
    from rich.console import Console
    from rich.table import Table

    from widgetstream_server.cli.conformance_cases import Different, load, run

    if not url.startswith(("http://", "https://")):
        raise CommandFailed(f"{url} is no address: it begins with http:// or https://", USAGE)
    try:
        loaded = load(cases)
    except ImportError:
        raise CommandFailed("the cases are YAML: install PyYAML beside this program") from None
    except (OSError, ValueError) as error:
        raise CommandFailed(str(error), USAGE) from None
    if not loaded:
        raise CommandFailed(f"there are no cases in {cases}", USAGE)
    table = Table("", "case", "difference")
    failed = left_out = locked_out = 0
    with httpx.Client(headers={"authorization": f"Bearer {token}"} if token else {}, timeout=30) as client:
        for case in loaded:
            if case.is_of_tokens and not token:
                left_out += 1
                table.add_row("–", case.name, "left out without --token")
                continue
            try:
                run(case, client, url)
            except Different as different:
                failed += 1
                locked_out += "status 401" in str(different)
                table.add_row("[red]✗[/red]", case.name, str(different))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failed += 1
                table.add_row("[red]✗[/red]", case.name, f"no reply ({type(error).__name__})")
            else:
                table.add_row("[green]✓[/green]", case.name, "")
    console = Console()
    console.print(table)
    tried = len(loaded) - left_out
    console.print(f"{tried - failed} of {tried} cases pass{f', {left_out} are left out' if left_out else ''}.")
    if tried and locked_out == tried:
        console.print("It answers everything with 401: --token takes a token that is good there.")
    if failed:
        raise typer.Exit(FAILED)
