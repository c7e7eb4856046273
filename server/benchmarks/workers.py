"""What a second server process brings, behind one Envoy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.http_load import load, post
from benchmarks.measure import Measure
from benchmarks.programs import SCRIPTED_APP, Server, serving_behind_envoy

HOW = (
    "16 people who say `progress 500` at /chatkit, in a new thread each time, again and again for 8 seconds: with one "
    "server process, and with two, on SQLite. Each answer is 500 events made at once, none of them merged. Envoy and "
    "the load share the machine's cores with the servers, so that a second process gets what they leave. CPU time is "
    "that of the server processes."
)

_EVENTS = 500
_PEOPLE = 16
_WARM_UP_SECONDS = 2.0
_SECONDS = 8.0


def run(folder: Path) -> Iterator[Measure]:
    """Measure one server process, and two."""
    rates = []
    for workers in (1, 2):
        own = folder / str(workers)
        own.mkdir()
        with serving_behind_envoy(own, app=SCRIPTED_APP, WIDGETSTREAM_WORKERS=str(workers)) as server:
            rate, busy = _measure(server)
        name = "one server process" if workers == 1 else f"{workers} server processes"
        yield Measure(what=f"{name}: events a second through Envoy at /chatkit", value=rate, unit="")
        yield Measure(what=f"{name}: cores that servers keep busy", value=busy, unit="")
        yield Measure(what=f"{name}: CPU of servers an event", value=busy / rate * 1e6, unit="µs")
        rates.append(rate)
    yield Measure(what="two server processes: times the events of one", value=rates[1] / rates[0], unit="")


def _measure(server: Server) -> tuple[float, float]:
    """Return how many events a second came, and how many cores the servers kept busy."""
    message = {
        "content": [{"type": "input_text", "text": f"progress {_EVENTS}"}],
        "attachments": [],
        "inference_options": {},
    }
    body = json.dumps({"type": "threads.create", "params": {"input": message}}).encode()
    request = post("/chatkit", body, {"authorization": f"Bearer {server.token()}"})
    parent = server.process.parent()
    children = parent.children() if parent is not None else []
    servers = [child for child in children if "serve" in child.cmdline()]
    before = _cpu_seconds(servers)
    came = uvloop.run(load(server.http_port, request, connections=_PEOPLE, warm_up=_WARM_UP_SECONDS, seconds=_SECONDS))
    return came.rate * _EVENTS, (_cpu_seconds(servers) - before) / (_WARM_UP_SECONDS + came.seconds)


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    return sum(cpu_seconds(process) for process in processes)
