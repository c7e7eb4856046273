"""Addresses that the clients take."""

from __future__ import annotations

import pytest

from widgetstream.client.connection import Target, call_metadata


@pytest.mark.parametrize(
    "text, address, secure",
    [
        ("localhost:50051", "localhost:50051", False),
        ("http://localhost:8080", "localhost:8080", False),
        ("http://example.org", "example.org:80", False),
        ("https://example.org", "example.org:443", True),
        ("https://[::1]:8443/", "[::1]:8443", True),
    ],
)
def test_addresses(text: str, address: str, secure: bool) -> None:
    assert Target.parse(text) == Target(address, secure)


@pytest.mark.parametrize("text", ["ftp://example.org", "http://"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        Target.parse(text)


def test_metadata_holds_what_is_known() -> None:
    assert call_metadata("", None) == ()
    assert call_metadata("t", "Europe/Berlin") == (("authorization", "Bearer t"), ("x-time-zone", "Europe/Berlin"))
