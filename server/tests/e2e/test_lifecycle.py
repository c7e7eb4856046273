"""How the stack starts, drains, fails and ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import httpx
import pytest

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.chatkit_service_pb2_grpc import ChatKitServiceStub

from .conftest import PACED_APP, Stack
from .processes import children_of, environment, free_port, is_alive, running, wait_until, widgetstream
from .sse import events, kind

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@contextmanager
def stack_in(folder: Path, **settings: str) -> Iterator[Stack]:
    own = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0", "WIDGETSTREAM_APP": PACED_APP}
    with running(widgetstream("up", "--no-web"), folder, **{**own, **settings}) as program:
        word, url = program.first_line().split()
        assert word == "ready"
        yield Stack(program, url, folder)


def connects(stack: Stack) -> bool:
    host, _, port = stack.address.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_runs_under_way_come_to_their_end(tmp_path: Path) -> None:
    port = free_port()
    with stack_in(tmp_path, WIDGETSTREAM_GRPC_PORT=str(port), WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS="60") as stack:
        bearer = f"Bearer {stack.token()}"
        with httpx.stream(
            "POST",
            f"{stack.url}/v1/threads:respond",
            json={"text": "steps 1"},
            headers={"authorization": bearer},
            timeout=60,
        ) as answer:
            received = events(answer)
            first = next(received)
            stack.program.signal(signal.SIGTERM)
            # Envoy takes no more connections; those that it has go on.
            wait_until(lambda: not connects(stack))
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                ChatKitServiceStub(channel).SyncAction(
                    pb.SyncActionRequest(thread_id=first["thread_id"], action=Action(type="go")),
                    metadata=(("authorization", bearer),),
                    timeout=30,
                )
            rest = list(received)

        assert kind(rest[-1]) == "run_completed"
        assert stack.program.ended() == 0


def test_what_does_not_end_in_time_is_canceled_and_told_so(tmp_path: Path) -> None:
    with stack_in(tmp_path, WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS="0.1") as stack:
        children = children_of(stack.program.process.pid)
        with httpx.stream(
            "POST",
            f"{stack.url}/v1/threads:respond",
            json={"text": "steps 1"},
            headers={"authorization": f"Bearer {stack.token()}"},
            timeout=60,
        ) as answer:
            received = events(answer)
            next(received)
            # As Ctrl-C does.
            stack.program.signal(signal.SIGINT)
            last = list(received)[-1]

        assert last["run_canceled"]["cause"] == "CANCEL_CAUSE_SHUTDOWN"
        assert stack.program.ended() == 0
        assert len(children) == 2
        assert not any(is_alive(child) for child in children)


def test_a_second_signal_ends_all_at_once(tmp_path: Path) -> None:
    with stack_in(tmp_path, WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS="600") as stack:
        children = children_of(stack.program.process.pid)
        with httpx.stream(
            "POST",
            f"{stack.url}/v1/threads:respond",
            json={"text": "steps 1"},
            headers={"authorization": f"Bearer {stack.token()}"},
            timeout=60,
        ) as answer:
            next(events(answer))
            stack.program.signal(signal.SIGTERM)
            wait_until(lambda: not connects(stack))
            stack.program.signal(signal.SIGTERM)
            stack.program.ended()

        assert not any(is_alive(child) for child in children)


@pytest.mark.parametrize("name", ["envoy", "python"])
def test_when_one_dies_the_rest_ends_too(tmp_path: Path, name: str) -> None:
    with stack_in(tmp_path) as stack:
        children = children_of(stack.program.process.pid)
        (victim,) = [child for child in children if command_of(child).startswith(name)]
        subprocess.run(["kill", "-KILL", str(victim)], check=True)

        assert stack.program.ended() == 128 + signal.SIGKILL
        assert "was ended by SIGKILL" in stack.program.log.read_text()
        assert not any(is_alive(child) for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    with stack_in(tmp_path) as stack:
        children = children_of(stack.program.process.pid)
        stack.program.signal(signal.SIGKILL)
        stack.program.ended()

        wait_until(lambda: not any(is_alive(child) for child in children))


def test_envoy_follows_the_server_s_health(tmp_path: Path) -> None:
    settings = {
        "WIDGETSTREAM_GRPC_PORT": str(free_port()),
        "WIDGETSTREAM_HTTP_PORT": str(free_port()),
        "WIDGETSTREAM_APP": PACED_APP,
    }
    rendered = subprocess.run(
        widgetstream("envoy-config", "--descriptors", "descriptors.binpb", "--write-descriptors"),
        cwd=tmp_path,
        env=environment(tmp_path, **settings),
        capture_output=True,
        check=True,
    )
    (tmp_path / "envoy.yaml").write_bytes(rendered.stdout)
    envoy = Path(sys.executable).with_name("envoy")
    url = f"http://127.0.0.1:{settings['WIDGETSTREAM_HTTP_PORT']}"

    def status(path: str = "/healthz") -> int:
        try:
            return httpx.get(url + path, timeout=30, trust_env=False).status_code
        except httpx.ConnectError:
            return 0

    with running([str(envoy), "-c", "envoy.yaml", "--disable-hot-restart"], tmp_path, name="envoy"):
        wait_until(lambda: status() == 503)
        assert status("/v1/threads") == 503

        with running(widgetstream("serve"), tmp_path, name="server", **settings) as server:
            assert server.first_line().startswith("ready grpc://")
            wait_until(lambda: status() == 200)
            assert status("/v1/threads") == 401

        wait_until(lambda: status() == 503)


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for name in ("WIDGETSTREAM_GRPC_PORT", "WIDGETSTREAM_HTTP_PORT"):
            settings = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0", name: port}
            done = subprocess.run(
                widgetstream("up"),
                cwd=tmp_path,
                env=environment(tmp_path, **settings),
                capture_output=True,
                check=False,
                text=True,
            )

            assert done.returncode == 1
            assert done.stdout == ""
            assert f"localhost:{port}" in done.stderr
            assert name in done.stderr
            assert "Traceback" not in done.stderr


def test_an_application_that_is_not_there_is_named(tmp_path: Path) -> None:
    own = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0", "WIDGETSTREAM_APP": "nowhere:create"}
    done = subprocess.run(
        widgetstream("up"),
        cwd=tmp_path,
        env=environment(tmp_path, **own),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert "WIDGETSTREAM_APP" in done.stderr
    assert "Traceback" not in done.stderr


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()
