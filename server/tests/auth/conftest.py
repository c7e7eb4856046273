from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.auth.jwks_server import JwksServer
from tests.auth.keyring import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def serve_keys() -> Iterator[Callable[[bytes], JwksServer]]:
    """Starts servers for key sets, and ends them."""
    servers: list[JwksServer] = []

    def start(document: bytes) -> JwksServer:
        servers.append(JwksServer(document))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
