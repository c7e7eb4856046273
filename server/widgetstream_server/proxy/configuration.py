"""Renders Envoy's configuration."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from widgetstream_server.proxy.replies import replies
from widgetstream_server.proxy.schema import HttpPath, http_paths, service_names
from widgetstream_server.rpc.status import STATUS_HEADER

_TEMPLATE = "envoy.yaml.j2"
_LANDING_PAGE = "landing.html"
_AWAY_PAGE = "away.html"

MAX_HEADER_KB = 32
MAX_CONNECTION_STREAMS = 1000
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
PIECE_BYTES = 2 * 1024 * 1024
MAX_HEAP_BYTES = 2 * 1024 * 1024 * 1024
MIN_IDLE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """What Envoy's configuration depends on.

    Attributes:
        http_host: The address to listen on.
        http_port: The port to listen on. 0: any that is free.
        grpc_host: The server's address or name.
        grpc_port: The server's port.
        descriptors: The file with the descriptor set.
        grpc_sockets: The Unix sockets of several server processes on this machine, in place of host and port.
        cors_origins: Origins of pages that may call, such as ``https://example.com``; ``*`` for all.
        heartbeat_seconds: How long a healthy stream is silent at most.
        max_request_bytes: The largest request.
        max_streams: How many calls the server takes at a time.
        access_log: Whether a line is logged for each request.
        admin_socket: The Unix socket of the admin interface. None: there is no such interface.
        web_port: The port on loopback of the web page. None: there is none, and the root tells where the doors are.
    """

    http_host: str
    http_port: int
    grpc_host: str
    grpc_port: int
    descriptors: Path
    grpc_sockets: tuple[Path, ...] = ()
    cors_origins: tuple[str, ...] = ()
    heartbeat_seconds: float = 15.0
    max_request_bytes: int = 4 * 1024 * 1024
    max_streams: int = 1000
    access_log: bool = False
    admin_socket: Path | None = None
    web_port: int | None = None


def render(proxy: Proxy) -> str:
    """Return Envoy's configuration as YAML."""
    environment = jinja2.Environment(  # noqa: S701  # not HTML: values are written as JSON
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    # JSON is YAML; jinja2's own filter escapes for HTML.
    environment.filters["json"] = _json
    files = resources.files(__package__)
    template = environment.from_string(files.joinpath(_TEMPLATE).read_text("utf-8"))
    return template.render(
        proxy=proxy,
        server_is_address=_is_address(proxy.grpc_host),
        services=service_names(),
        paths=http_paths(),
        piece_bytes=PIECE_BYTES,
        replies=list(replies()),
        status_header=STATUS_HEADER,
        too_large=partial(_too_large, proxy),
        cors_origins=[_origin_match(origin) for origin in proxy.cors_origins],
        landing_html=files.joinpath(_LANDING_PAGE).read_text("utf-8"),
        # Envoy reads a format here, in which this sign begins a placeholder.
        away_html=files.joinpath(_AWAY_PAGE).read_text("utf-8").replace("%", "%%"),
        idle_seconds=max(MIN_IDLE_SECONDS, round(4 * proxy.heartbeat_seconds)),
        max_header_kb=MAX_HEADER_KB,
        max_connection_streams=MAX_CONNECTION_STREAMS,
        # So that the server refuses first, with the reason.
        max_requests=proxy.max_streams + 1024,
        max_connections=2 * proxy.max_streams + 1024,
        max_response_bytes=MAX_RESPONSE_BYTES,
        max_heap_bytes=MAX_HEAP_BYTES,
    )


def _too_large(proxy: Proxy, path: HttpPath, body_bytes: int) -> str:
    if path.is_bare and body_bytes > proxy.max_request_bytes:
        return f"must have at most {proxy.max_request_bytes} bytes, with a recording {body_bytes}"
    return f"must have at most {body_bytes} bytes"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _origin_match(origin: str) -> dict[str, Any]:
    return {"safe_regex": {"regex": ".*"}} if origin == "*" else {"exact": origin}
