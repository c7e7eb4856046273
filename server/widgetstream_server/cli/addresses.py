"""Addresses: whether they are free, and how they are written."""

from __future__ import annotations

import errno
import ipaddress
import socket

from widgetstream_server.cli.failures import CommandFailed


def refuse_taken_port(host: str, port: int, field: str) -> None:
    """Raise ``CommandFailed``, with the setting to change, when nobody can listen on a port. 0 is always free."""
    problem = port_problem(host, port)
    if problem:
        from widgetstream_server.settings import variable

        raise CommandFailed(f"cannot listen on {shown_address(host, port)}: {problem}; see {variable(field)}")


def port_problem(host: str, port: int) -> str | None:
    """Return why nobody can listen on a port, or None."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # What servers do too: connections that have just ended do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        return "there is no such address"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "something else listens there"
        return (error.strerror or "it is not to be had").lower()
    return None


def shown_address(host: str, port: int) -> str:
    """Return host and port as a client on this machine writes them."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"{host}:{port}"
    if address.is_loopback or address.is_unspecified:
        return f"localhost:{port}"
    return f"[{host}]:{port}" if address.version == 6 else f"{host}:{port}"


def reachable_host(host: str) -> str:
    """Return the address at which a server that listens on a host is found on the same machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # looked for, not listened on


def url_host(host: str) -> str:
    """Return a host as URLs have it: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host
