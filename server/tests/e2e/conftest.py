"""The whole stack, as ``widgetstream up`` starts it: the server and a real Envoy, on free ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
import pytest

from .processes import Program, running, token_in, widgetstream

PACED_APP = "tests.e2e.paced_app:create"


@dataclass(frozen=True)
class Stack:
    """A stack that is up.

    Attributes:
        program: ``widgetstream up``.
        url: Where the doors are, without a path.
        folder: The working folder.
    """

    program: Program
    url: str
    folder: Path

    @property
    def address(self) -> str:
        return self.url.removeprefix("http://")

    def token(self, user: str = "ada") -> str:
        return token_in(self.folder, user)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with running(
        widgetstream("up", "--no-web"),
        folder,
        WIDGETSTREAM_GRPC_PORT="0",
        WIDGETSTREAM_HTTP_PORT="0",
        WIDGETSTREAM_APP=PACED_APP,
        WIDGETSTREAM_CORS_ORIGINS="https://page.example, http://localhost:3000",
        WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS="0",
    ) as program:
        word, url = program.first_line().split()
        assert word == "ready"
        yield Stack(program, url, folder)


@pytest.fixture(scope="session")
def token(stack: Stack) -> str:
    return stack.token()


@pytest.fixture
def http(stack: Stack, token: str) -> Iterator[httpx.Client]:
    """Calls over HTTP/1.1 with a token."""
    with httpx.Client(
        base_url=stack.url, headers={"authorization": f"Bearer {token}"}, timeout=30, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def stranger(stack: Stack) -> Iterator[httpx.Client]:
    """Calls over HTTP/1.1 without a token."""
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def channel(stack: Stack) -> Iterator[grpc.Channel]:
    """A gRPC connection through Envoy."""
    with grpc.insecure_channel(stack.address) as channel:
        yield channel
