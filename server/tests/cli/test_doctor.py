"""What ``widgetstream doctor`` finds."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from widgetstream_server.cli.local_checks import ports
from widgetstream_server.cli.remote_checks import clock, remote_findings
from widgetstream_server.settings import Settings

from .test_program import run

KEY = "sk-not-to-be-shown"


class Api(BaseHTTPRequestHandler):
    """A models' API with one model and one key."""

    def do_GET(self) -> None:
        allowed = self.headers["authorization"] == f"Bearer {KEY}"
        body = json.dumps({"data": [{"id": "small"}]}).encode() if allowed else b"{}"
        self.send_response(200 if allowed else 401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class Envoy(BaseHTTPRequestHandler):
    """What the port of a stack looks like; without a server behind it, it answers 503."""

    status = 200

    def version_string(self) -> str:
        return "widgetstream"

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class EnvoyAlone(Envoy):
    status = 503


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a file `.env`."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def api() -> Iterator[str]:
    with serving(Api) as port:
        yield f"http://127.0.0.1:{port}/v1"


def findings(output: str) -> dict[str, tuple[str, str]]:
    """Return status and text of each finding by its subject."""
    rows = [line for line in output.splitlines() if not line.startswith(" ")]
    found = {}
    for row in rows:
        status, rest = row[:4].strip(), row[6:]
        subject, _, text = rest.partition("  ")
        found[subject] = (status, text.strip())
    return found


def test_all_is_well_on_a_new_machine(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", WIDGETSTREAM_GRPC_PORT="0", WIDGETSTREAM_HTTP_PORT="0")

    assert done.returncode == 0
    assert {status for status, _ in findings(done.stdout).values()} == {"ok"}
    assert set(findings(done.stdout)) == {
        "Python",
        "packages",
        "generated code",
        "settings",
        "gRPC port",
        "HTTP port",
        "workers",
        "data folder",
        "database",
        "Envoy",
        "issuers",
        "models",
        "clock",
    }
    assert not (tmp_path / "data").exists(), "a look changes nothing"


def test_server_processes_are_compared_with_the_cores_and_need_an_address(tmp_path: Path) -> None:
    many = run(tmp_path, "doctor", WIDGETSTREAM_WORKERS="64")
    nowhere = run(tmp_path, "doctor", WIDGETSTREAM_PEER_HOST="192.0.2.1")

    status, text = findings(many.stdout)["workers"]
    assert (status, "64 on" in text, "WIDGETSTREAM_WORKERS" in text) == ("warn", True, True)
    status, text = findings(nowhere.stdout)["workers"]
    assert (status, "WIDGETSTREAM_PEER_HOST" in text) == ("fail", True)


def test_what_is_amiss_is_named_with_what_to_do(tmp_path: Path) -> None:
    issuer = {"name": "web", "issuer": "i", "audience": "a", "jwks_url": "http://127.0.0.1:9/jwks"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(
            tmp_path,
            "doctor",
            WIDGETSTREAM_GRPC_PORT="0",
            WIDGETSTREAM_HTTP_PORT=str(taken.getsockname()[1]),
            WIDGETSTREAM_HTPP_PORT="1",
            WIDGETSTREAM_DATABASE_URL="postgresql://me:hidden@127.0.0.1:9/none",
            WIDGETSTREAM_ENVOY_BINARY="/nowhere/envoy",
            WIDGETSTREAM_ISSUERS=json.dumps([issuer]),
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        )
    found = findings(done.stdout)

    assert done.returncode == 1
    assert found["settings"][0] == "warn"
    assert "WIDGETSTREAM_HTPP_PORT" in found["settings"][1]
    for subject, hint in {
        "HTTP port": "WIDGETSTREAM_HTTP_PORT",
        "database": "does not answer",
        "Envoy": "WIDGETSTREAM_ENVOY_BINARY",
        "issuer web": "http://127.0.0.1:9/jwks",
        "models": "OPENAI_BASE_URL",
    }.items():
        assert found[subject][0] == "fail"
        assert hint in found[subject][1]
    assert KEY not in done.stdout + done.stderr
    assert "hidden" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("handler, status", [(Envoy, "ok"), (EnvoyAlone, "warn")])
async def test_a_stack_that_is_up_is_recognized(handler: type[BaseHTTPRequestHandler], status: str) -> None:
    with serving(handler) as http_port, socket.create_server(("127.0.0.1", 0)) as server:
        found = await ports(Settings(grpc_port=server.getsockname()[1], http_port=http_port))

    assert [(finding.subject, finding.status) for finding in found] == [("gRPC port", status), ("HTTP port", status)]


def test_bad_settings_end_the_examination(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", WIDGETSTREAM_GRPC_PORT="x", WIDGETSTREAM_LOG_LEVEL="x")

    assert done.returncode == 1
    assert findings(done.stdout)["settings"][0] == "fail"
    assert "WIDGETSTREAM_GRPC_PORT" in done.stdout
    assert "WIDGETSTREAM_LOG_LEVEL" in done.stdout


@pytest.mark.parametrize(
    "key, model, status", [(KEY, "small", "ok"), (KEY, "small,huge", "warn"), ("sk-wrong", "small", "fail")]
)
async def test_the_models_api_is_asked(api: str, key: str, model: str, status: str) -> None:
    settings = Settings(openai_api_key=SecretStr(key), openai_base_url=api, model=tuple(model.split(",")))
    found = {finding.subject: finding for finding in await remote_findings(settings)}

    assert found["models"].status == status
    assert key not in found["models"].text
    # The API's clock is looked at on the way.
    assert "compared with nobody" not in found["clock"].text


def test_a_clock_that_is_off_is_a_failure() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)

    assert clock(now, [now - timedelta(seconds=3)]).status == "ok"
    assert clock(now, [now + timedelta(minutes=3)]).status == "fail"
    # One of them is wrong, and it is not this one.
    assert clock(now, [now + timedelta(minutes=3), now]).status == "ok"
