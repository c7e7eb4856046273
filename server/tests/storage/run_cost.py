"""What the store costs a run: in `server/`, `python -m tests.storage.run_cost [URL of a migrated database]`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time

from tests.storage.samples import ended, idle, message, run
from widgetstream_server.storage import Database, ThreadRepository


async def run_cost(url: str, runs: int = 500) -> float:
    """Return the milliseconds that a run takes to begin with a message, to store an answer, and to end."""
    database = await Database.open(url)
    store = ThreadRepository(database)
    mark = time.time_ns()
    home = f"thr_{mark}"
    await idle(store, thread_id=home)
    started = 0.0
    for number in range(-20, runs):  # the first ones prepare the statements
        if number == 0:
            started = time.perf_counter()
        name = f"{mark}_{number}"
        own = run(f"run_{name}", thread_id=home)
        question, answer = message(f"msg_{name}", thread_id=home), message(f"ans_{name}", "x" * 500, thread_id=home)
        opening = await store.begin_run("ann", own, items=[question])
        await store.put_item("ann", answer, opening.next_position)
        await store.end_run("ann", ended(own))
    cost = (time.perf_counter() - started) / runs * 1000
    await store.delete_thread("ann", home)
    await database.close()
    return cost


def main() -> None:
    """Print the cost on the database of the command line, else on a SQLite file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/store.db"
        sys.stdout.write(f"begin_run + put_item + end_run: {asyncio.run(run_cost(url)):.2f} ms\n")


if __name__ == "__main__":
    main()
