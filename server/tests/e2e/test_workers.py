"""Several server processes behind one Envoy: balanced, each reaching all runs, started again when one dies."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from .processes import children_of, is_alive, running, token_in, wait_until, widgetstream
from .sse import events, kind

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WORKERS = 2
STREAMS = 12


class Workers:
    """A stack of several server processes that is up."""

    def __init__(self, pid: int, url: str, token: str, folder: Path) -> None:
        self.pid = pid
        self.url = url
        self.headers = {"authorization": f"Bearer {token}"}
        self._database = folder / "data" / "widgetstream.db"
        # A stream that nobody keeps is closed.
        self._streams: list[Iterator[dict[str, Any]]] = []

    def respond(self, stack: ExitStack, text: str) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
        """Begin a run, and return its first event, and those that follow."""
        answer = stack.enter_context(
            httpx.stream(
                "POST", f"{self.url}/v1/threads:respond", json={"text": text}, headers=self.headers, timeout=60
            )
        )
        received = events(answer)
        self._streams.append(received)
        return next(received), received

    def follow(self, run_id: str) -> list[dict[str, Any]]:
        """Read a run to its end. Asks again when the server that was asked first has just died."""
        path = f"{self.url}/v1/runs/{run_id}:subscribe"
        while True:
            with httpx.stream("GET", path, headers=self.headers, timeout=60) as answer:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return list(events(answer))

    def cancel(self, run_id: str) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/v1/runs/{run_id}:cancel", headers=self.headers, json={}, timeout=60)
        answer.raise_for_status()
        run: dict[str, Any] = answer.json()["run"]
        return run

    def holders(self) -> dict[str, list[str]]:
        """Return the runs under way of each process."""
        with closing(sqlite3.connect(self._database)) as connection:
            found: dict[str, list[str]] = {process: [] for (process,) in connection.execute("SELECT id FROM processes")}
            rows = connection.execute("SELECT lease_holder, id FROM runs WHERE state <= 2")
            for process, run_id in rows:
                found.setdefault(process, []).append(run_id)
            return found

    def servers(self) -> list[int]:
        return [
            child for child in children_of(self.pid) if Path(f"/proc/{child}/comm").read_text().startswith("python")
        ]


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    settings = {
        "WIDGETSTREAM_GRPC_PORT": "0",
        "WIDGETSTREAM_HTTP_PORT": "0",
        "WIDGETSTREAM_APP": "tests.faults.talking_app:create",
        "WIDGETSTREAM_WORKERS": str(WORKERS),
        "WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS": "0.1",
    }
    # Before: what is asked right after the first line is balanced too.
    token = token_in(tmp_path)
    with running(widgetstream("up", "--no-web"), tmp_path, **settings) as program:
        word, url = program.first_line().split()
        assert word == "ready"
        stack = Workers(program.process.pid, url, token, tmp_path)
        yield stack
        children = children_of(program.process.pid)
        program.signal(signal.SIGTERM)

        assert program.ended() == 0
        assert not any(is_alive(child) for child in children)


def test_streams_are_balanced_and_every_run_is_reached_from_anywhere(workers: Workers) -> None:
    with ExitStack() as stack:
        begun = [workers.respond(stack, "wait")[0] for _ in range(STREAMS)]
        holders = workers.holders()
        # Calls end at once, and come to both by turns.
        ended = [workers.cancel(first["run_id"]) for first in begun for _ in range(2)]
        first, rest = workers.respond(stack, "talk")
        said = [first, *rest]
        followed = [workers.follow(first["run_id"]) for _ in range(4)]

    assert sorted(len(runs) for runs in holders.values()) == [STREAMS // WORKERS] * WORKERS
    assert {run["state"] for run in ended} == {"RUN_STATE_CANCELED"}
    assert kind(said[-1]) == "run_completed"
    assert all(received == said for received in followed)


def test_one_that_is_killed_is_started_again_and_the_others_go_on(workers: Workers) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(STREAMS) as threads:
        begun = [workers.respond(stack, "wait")[0]["run_id"] for _ in range(STREAMS)]
        before = workers.holders()
        followed = [threads.submit(workers.follow, run_id) for run_id in begun]
        victim = workers.servers()[-1]
        subprocess.run(["kill", "-KILL", str(victim)], check=True)
        try:
            wait_until(lambda: sum(bool(runs) for runs in workers.holders().values()) == 1)
        except AssertionError:
            # Who follows would wait for ever.
            for run_id in begun:
                workers.cancel(run_id)
            raise
        (survivor,) = [process for process, runs in workers.holders().items() if runs]
        (dead,) = set(before) - {survivor}
        ends = {run_id: workers.follow(run_id)[-1] for run_id in before[dead]}
        wait_until(lambda: len(workers.holders()) == WORKERS and len(workers.servers()) == WORKERS)
        for run_id in before[survivor]:
            workers.cancel(run_id)
        for following in followed:
            following.exception()

    assert {end["run_failed"]["reason"] for end in ends.values()} == {"ERROR_REASON_RUN_INTERRUPTED"}
    assert dead not in workers.holders()
    assert victim not in workers.servers()
