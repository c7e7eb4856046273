"""``widgetstream doctor``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from widgetstream_server.cli.failures import FAILED

if TYPE_CHECKING:
    from widgetstream_server.cli.findings import Finding

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor() -> None:
    """Check what a server needs, and say what to do where something is amiss.

    Looks at Python, packages, settings, ports, the data folder, the database,
    Envoy, issuers, the models' API and the clock. Asks issuers and the API over
    the network. Prints no secrets. The exit code is 1 when a check fails.

    For example:

      widgetstream doctor
    """
    import asyncio

    findings = asyncio.run(_examine())
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        status = typer.style(f"{finding.status:4}", fg=_COLOURS[finding.status], bold=True)
        first, *rest = finding.text.splitlines()
        typer.echo(f"{status}  {finding.subject:{width}}  {first}")
        for line in rest:
            typer.echo(f"      {'':{width}}  {line}")
    if any(finding.status == "fail" for finding in findings):
        sys.exit(FAILED)


async def _examine() -> list[Finding]:
    from widgetstream_server.cli import local_checks, remote_checks
    from widgetstream_server.cli.findings import Finding
    from widgetstream_server.settings import SettingsError, load_settings, unknown_variables

    findings = [local_checks.python(), local_checks.packages(), local_checks.generated_code()]
    try:
        settings = load_settings()
    except SettingsError as error:
        return [*findings, Finding("fail", "settings", str(error))]
    unknown = unknown_variables()
    if unknown:
        findings.append(Finding("warn", "settings", f"there are no settings {', '.join(unknown)}: misspelt?"))
    else:
        findings.append(Finding("ok", "settings", "all can be used"))
    return [
        *findings,
        *await local_checks.ports(settings),
        local_checks.workers(settings),
        local_checks.data_dir(settings),
        await local_checks.database(settings),
        await local_checks.envoy(settings),
        *await remote_checks.remote_findings(settings),
    ]
