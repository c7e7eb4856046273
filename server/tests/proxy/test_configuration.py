"""Envoy's configuration: what it is made of, that Envoy accepts it, and that the committed one is the default."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.protobuf.descriptor_pb2 import FileDescriptorSet, ServiceDescriptorProto

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.cli.envoy import proxy_of
from widgetstream_server.proxy import Proxy, descriptor_set, render
from widgetstream_server.proxy.replies import replies
from widgetstream_server.proxy.schema import http_paths, service_names
from widgetstream_server.settings import Settings, load_settings, variable

REPOSITORY = Path(__file__).parents[3]
ENVOY = Path(sys.executable).with_name("envoy")


@pytest.fixture
def default_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Proxy:
    """Return what somebody gets who has set nothing."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    settings = load_settings()
    return proxy_of(settings, grpc_port=settings.grpc_port, descriptors=Path("envoy/descriptors.binpb"))


def services(serialized: bytes) -> dict[str, ServiceDescriptorProto]:
    return {
        f"{file.package}.{service.name}": service
        for file in FileDescriptorSet.FromString(serialized).file
        for service in file.service
    }


def test_the_committed_configuration_is_the_default(default_proxy: Proxy) -> None:
    committed = (REPOSITORY / "envoy" / "envoy.yaml").read_text()

    assert committed == render(default_proxy), "run `widgetstream envoy-config > envoy/envoy.yaml`"


def test_the_descriptors_are_those_that_generate_the_code() -> None:
    committed = services((REPOSITORY / "envoy" / "descriptors.binpb").read_bytes())
    derived = services(descriptor_set())

    ours = {name: service for name, service in committed.items() if name.startswith("widgetstream.")}
    assert derived == ours
    assert set(service_names()) == set(ours)


def test_the_descriptors_know_what_errors_carry() -> None:
    files = {file.name for file in FileDescriptorSet.FromString(descriptor_set()).file}

    assert "google/rpc/error_details.proto" in files


def test_imports_come_first() -> None:
    seen: set[str] = set()
    for file in FileDescriptorSet.FromString(descriptor_set()).file:
        assert set(file.dependency) <= seen
        seen.add(file.name)


def test_paths_have_all_their_verbs() -> None:
    paths = {path.regex: path for path in http_paths()}

    assert paths["/v1/tasks"].verbs == ("GET", "POST")
    assert paths["/v1/threads/[^/:]+"].verbs == ("DELETE", "GET", "PATCH")
    assert paths["/v1/threads/[^/:]+:respond"].verbs == ("POST",)
    assert paths["/chatkit"].verbs == ("POST",)
    assert [path.regex for path in http_paths() if path.streams_request] == ["/v1/attachments/[^/:]+/content"]


VARIANTS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "all origins": {"cors_origins": ("*",)},
    "no origins": {"cors_origins": ()},
    "a server with a name": {"grpc_host": "server.internal"},
    "IPv6": {"http_host": "::1", "grpc_host": "::1"},
    "an access log": {"access_log": True},
    "an admin interface": {"admin_socket": Path('/run/it\'s "quoted".sock')},
    "any port": {"http_port": 0},
    "a web page": {"web_port": 3000},
}


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_envoy_accepts_it(default_proxy: Proxy, tmp_path: Path, changes: dict[str, Any]) -> None:
    descriptors = tmp_path / "descriptors.binpb"
    descriptors.write_bytes(descriptor_set())
    file = tmp_path / "envoy.yaml"
    file.write_text(render(replace(default_proxy, descriptors=descriptors, **changes)))
    done = subprocess.run(
        [ENVOY, "--mode", "validate", "-c", file, "--log-level", "warning"], capture_output=True, check=False, text=True
    )

    assert done.returncode == 0, done.stderr
    # Neither deprecated nor unknown.
    assert "warning" not in done.stderr


def test_the_web_page_gets_what_the_api_does_not_know(default_proxy: Proxy) -> None:
    document = yaml.safe_load(render(replace(default_proxy, web_port=3000)))
    (listener,) = document["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    (doors,) = manager["route_config"]["virtual_hosts"]
    unknown, page = doors["routes"][-2:]

    assert unknown["match"] == {"path_separated_prefix": "/v1"}
    assert unknown["direct_response"] == {"status": 404}
    assert page["match"] == {"prefix": "/"}
    assert page["route"]["cluster"] == "web"
    # Whoever tries passwords cannot pass for somebody else.
    (address,) = page["request_headers_to_add"]
    assert address["header"]["key"] == "x-client-ip"
    assert address["append_action"] == "OVERWRITE_IF_EXISTS_OR_ADD"


def test_no_value_can_break_out_of_its_place(default_proxy: Proxy) -> None:
    odd = "http://a.example'\"\n- x: {{ 7 * 7 }} %REQ(authorization)%"
    document = yaml.safe_load(render(replace(default_proxy, cors_origins=(odd,))))

    (listener,) = document["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    cors = manager["route_config"]["virtual_hosts"][0]["typed_per_filter_config"]["envoy.filters.http.cors"]
    assert cors["allow_origin_string_match"] == [{"exact": odd}]


def test_the_access_log_holds_neither_query_nor_headers_with_tokens(default_proxy: Proxy) -> None:
    document = yaml.safe_load(render(replace(default_proxy, access_log=True)))
    manager = document["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    logged = manager["access_log"][0]["typed_config"]["log_format"]["json_format"]

    assert logged["path"] == "%PATH(NQ)%"
    assert not any("AUTHORIZATION" in operator.upper() or "PATH)" in operator for operator in logged.values())


def test_envoy_s_own_answers_have_reasons_of_the_schema() -> None:
    prefix = "ERROR_REASON_"
    for reply in replies():
        (info, *_) = reply.json["details"]

        assert prefix + info["reason"] in dict(ErrorReason.items())
        assert set(reply.json) == {"code", "message", "details"}
