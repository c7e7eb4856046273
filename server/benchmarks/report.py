"""Figures as a table, and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Measure

_WIDTH = 110
_WHAT = 70


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark gave.

    Attributes:
        name: The benchmark.
        how: How its figures were taken.
        measures: The figures.
        others: How many cores other processes kept busy meanwhile.
        seconds: How long it took.
        failure: Why it could not be run to its end. Empty: it was.
    """

    name: str
    how: str
    measures: Sequence[Measure]
    others: float
    seconds: float
    failure: str = ""


def print_machine(machine: Mapping[str, str]) -> None:
    """Print on what is measured."""
    text = " · ".join(f"{name} {value}" for name, value in machine.items())
    print(textwrap.fill(text, _WIDTH, break_on_hyphens=False))


def print_report(report: Report) -> None:
    """Print what one benchmark gave, as a table."""
    print()
    print(textwrap.fill(f"{report.name}: {report.how}", _WIDTH))
    print(f"Other processes kept {report.others:.1f} cores busy meanwhile.")
    print(f"  {'what':{_WHAT}} {'figure':>11} {'p99':>10} {'bar':>9}")
    for measure in report.measures:
        p99 = "" if measure.p99 is None else significant(measure.p99)
        verdict = {None: "", True: "ok", False: "miss"}[measure.ok]
        figure = f"{significant(measure.value)} {measure.unit:4}"
        lines = textwrap.wrap(measure.what, _WHAT, subsequent_indent="  ")
        print(f"  {lines[0]:{_WHAT}} {figure:>11} {p99:>10} {measure.stated_bar:>9} {verdict}".rstrip())
        for line in [*lines[1:], *textwrap.wrap(measure.note, _WIDTH - 6)]:
            print(f"    {line}")
    if report.failure:
        print(f"  failed: {report.failure}")


def print_summary(reports: Iterable[Report], written: Path) -> None:
    """Print how many figures keep their bars, and which do not."""
    every = list(reports)
    measures = [measure for report in every for measure in report.measures]
    missed = [measure for measure in measures if measure.ok is False]
    kept = sum(measure.ok is True for measure in measures)
    print()
    print(
        f"{len(measures)} figures in {sum(report.seconds for report in every):.0f} s: "
        f"{kept} keep their bars, {len(missed)} miss theirs. Written to {written}"
    )
    for measure in missed:
        print(f"  miss: {measure.what}: {significant(measure.value)} {measure.unit}, bar {measure.stated_bar}")
    for report in every:
        if report.failure:
            print(f"  failed: {report.name}: {report.failure}")


def write_json(machine: Mapping[str, str], reports: Iterable[Report], path: Path) -> None:
    """Write all figures, unrounded."""
    content = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": dict(machine),
        "benchmarks": [
            {
                "name": report.name,
                "how": report.how,
                "others_cores": round(report.others, 2),
                "seconds": round(report.seconds, 1),
                "failure": report.failure or None,
                "measures": [
                    {
                        "what": measure.what,
                        "value": measure.value,
                        "unit": measure.unit,
                        "p99": measure.p99,
                        "bar": measure.bar,
                        "at_least": measure.at_least,
                        "ok": measure.ok,
                        "samples": measure.samples,
                        "note": measure.note or None,
                    }
                    for measure in report.measures
                ],
            }
            for report in reports
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def significant(value: float) -> str:
    """Return a figure with three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"
