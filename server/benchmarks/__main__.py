"""The program: ``python -m benchmarks``, which is ``make bench``."""

from __future__ import annotations

import argparse
import gc
import importlib
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import grpc
import psutil

from benchmarks import machine, report
from benchmarks.measure import Benchmark, BenchmarkFailed, Measure

BENCHMARKS: Mapping[str, str] = {
    "start": "how long `widgetstream serve` takes to start",
    "latency": "how long a person waits for the first event and the first text",
    "events": "CPU per event at 100 streams, and how long a word is under way",
    "memory": "an idle server, and an open stream",
    "deltas": "scripted streams through /chatkit, beside openai-chatkit",
    "calls": "CPU of calls without a stream",
    "model": "a word from a model's bytes to the person's",
    "engine": "a word through the engine",
    "grpc_floor": "a message by gRPC alone",
    "requests": "tokens, and the schema's rules",
    "widgets": "building widgets, and their differences",
    "store": "the transactions of a run",
    "workers": "what a second server process brings, through Envoy",
    "codec": "writing and reading ChatKit's JSON, beside openai-chatkit",
    "native_lists": "lists through ChatKit's protocol, beside openai-chatkit",
}

ON_REQUEST: Mapping[str, str] = {
    "sweep": "how many streams one core holds, beside openai-chatkit (7 minutes)",
    "soak": "what conversations leave behind in memory (30 minutes, or --minutes)",
}
"""Too long for every time: they are run when they are named."""

_EPILOG = """\
for example:
  make bench                              all but the long ones, in some five minutes
  make bench BENCH=latency                one
  make bench BENCH="engine widgets"       some
  make bench BENCH="--repeat 3 events"    on a machine that others use, too
  make bench BENCH=--strict               fail when a bar is missed
  make bench BENCH="--minutes 10 soak"    a shorter soak

A figure is a median; "p99" is what 99 of 100 samples do not exceed. A figure with
a bar is to keep it. Servers under test run in processes of their own, on
loopback, with databases that are removed in the end. All that others do on the
machine shows in wall times, and less in CPU times: each table says how much that
was.

Exit codes: 0 done, 1 a benchmark could not be run, or, with --strict, a bar was
missed; 2 wrong usage.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run benchmarks, and return the exit code."""
    options = _parse(arguments)
    found = machine.describe()
    report.print_machine(found)
    reports: list[report.Report] = []
    for name in options.names or BENCHMARKS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        # Of several runs the one counts that others have disturbed least; one that failed only when all did.
        runs = [_run(name, options) for _ in range(options.repeat)]
        reports.append(min(runs, key=lambda each: (bool(each.failure), each.others)))
        report.print_report(reports[-1])
    report.write_json(found, reports, options.output)
    report.print_summary(reports, options.output)
    missed = any(measure.ok is False for each in reports for measure in each.measures)
    return 1 if any(each.failure for each in reports) or (options.strict and missed) else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    every = {**BENCHMARKS, **ON_REQUEST}
    names = "\n".join(f"  {name:12} {summary}" for name, summary in every.items())
    parser = argparse.ArgumentParser(
        prog="make bench",
        usage='make bench [BENCH="[--strict] [--repeat N] [--output FILE] [NAME ...]"]',
        description=f"Measures the server, and compares with the bars that it has to keep.\n\nbenchmarks:\n{names}",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="a benchmark; without any, all but the long ones are run"
    )
    parser.add_argument(
        "--repeat", metavar="N", type=int, default=1, help="run each N times, and keep the run that was disturbed least"
    )
    parser.add_argument("--minutes", metavar="N", type=float, default=30.0, help="how long `soak` lasts; 30 by default")
    parser.add_argument(
        "--rate", metavar="N", type=float, default=50.0, help="new conversations a second of `soak`; 50 by default"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument(
        "--output",
        metavar="FILE",
        type=Path,
        default=Path(__file__).parents[2] / "build" / "bench.json",
        help="where the figures go as JSON; build/bench.json when not given",
    )
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error("--repeat takes a whole number from 1")
    for name in options.names:
        if name not in every:
            parser.error(f"there is no benchmark {name!r}; there are {', '.join(every)}")
    return options


def _run(name: str, options: argparse.Namespace) -> report.Report:
    benchmark = cast("Benchmark", importlib.import_module(f"benchmarks.{name}"))
    prepare = getattr(benchmark, "prepare", None)
    if prepare is not None:
        prepare(options)
    # As the server does when it has started: full collections are not to walk all that was imported.
    gc.collect()
    gc.freeze()
    company, began = machine.Company(), time.monotonic()
    measures: list[Measure] = []
    failure = ""
    with tempfile.TemporaryDirectory(prefix="widgetstream-bench-") as folder:
        try:
            measures.extend(benchmark.run(Path(folder)))
        except BenchmarkFailed as error:
            failure = str(error)
        except (grpc.RpcError, psutil.Error, OSError) as error:
            failure = f"{type(error).__name__}: {error}"
    return report.Report(name, benchmark.HOW, measures, company.cores(), time.monotonic() - began, failure)


if __name__ == "__main__":
    sys.exit(main())
