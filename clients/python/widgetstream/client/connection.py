"""Where a service is, and how to connect to it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

OPTIONS: list[tuple[str, int]] = [
    # The server allows pings from 10 seconds on; a dead connection is noticed within half a minute.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
]


@dataclass(frozen=True, slots=True)
class Target:
    """The address of a service.

    Attributes:
        address: Host and port.
        secure: Whether it speaks TLS.
    """

    address: str
    secure: bool

    @classmethod
    def parse(cls, target: str) -> Target:
        """Read an address: ``localhost:50051`` and ``http://…`` without TLS, ``https://…`` with it.

        Raises:
            ValueError: The scheme is another one, or the host is missing.
        """
        if "://" not in target:
            return cls(target, secure=False)
        parts = urlsplit(target)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an address: {target!r}; use host:port, http://… or https://…")
        secure = parts.scheme == "https"
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(f"{host}:{parts.port or (443 if secure else 80)}", secure)


def call_metadata(token: str, time_zone: str | None) -> tuple[tuple[str, str], ...]:
    """Return what goes with each call: who asks, and in which time zone."""
    metadata: list[tuple[str, str]] = []
    if token:
        metadata.append(("authorization", f"Bearer {token}"))
    if time_zone:
        metadata.append(("x-time-zone", time_zone))
    return tuple(metadata)
