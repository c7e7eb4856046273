"""The disk is full for a while: what would change something is refused, reading goes on, and nothing said is lost."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.processes import Program, free_port, token_in, widgetstream
from tests.rpc.conftest import kinds, read
from widgetstream import AsyncClient, UnavailableError
from widgetstream.client.resuming import Backoff

ROOM = 8 * 1024
"""How large a file may be while the disk is full: less than the database's files are."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process that runs already"),
]


async def test_a_run_outlives_a_full_disk_and_loses_nothing(tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "WIDGETSTREAM_GRPC_PORT": str(port),
        "WIDGETSTREAM_APP": "tests.faults.talking_app:create",
        # Its log is a file, too.
        "WIDGETSTREAM_LOG_LEVEL": "error",
    }
    server = Program(widgetstream("serve"), tmp_path, settings, "serve")
    try:
        await asyncio.to_thread(server.first_line)
        token = await asyncio.to_thread(token_in, tmp_path)
        client = AsyncClient(f"127.0.0.1:{port}", token=token, backoff=Backoff(attempts=1))
        async with client:
            stream = client.respond("talk")
            events = aiter(stream)
            received = []
            async for event in events:
                received.append(event)
                if event.item_updated.update.text_delta.delta.startswith("1."):
                    break
            pid = server.process.pid
            before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, before[1]))
            with pytest.raises(UnavailableError) as refused:
                await client.update_thread(stream.thread_id, title="Never stored")
            with pytest.raises(UnavailableError) as not_begun:
                await read(client.respond("steps 1"))
            during = await client.get_thread(stream.thread_id)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
            received += [event async for event in events]
            items = [item async for item in client.list_items(stream.thread_id, page_size=100)]
            again = await read(client.respond("steps 1", thread_id=stream.thread_id))
        server.signal(signal.SIGTERM)
        code = await asyncio.to_thread(server.ended)
    finally:
        server.end()

    assert refused.value.reason == not_begun.value.reason == "DEPENDENCY_UNAVAILABLE"
    assert during.active_run.run_id == stream.run_id
    assert [event.sequence for event in received] == list(range(1, len(received) + 1))
    assert kinds(received)[-1] == "run_completed"
    done = [event.item_done.item for event in received if event.HasField("item_done")]
    assert items == done
    assert kinds(again)[-1] == "run_completed"
    assert code == 0
