"""What is kept of a token, and what is not told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auth.keyring import AUDIENCE, ISSUER, ManualClock, signer
from widgetstream_server.auth import PublicKeyIssuer, TokenVerifier
from widgetstream_server.conversation.principal import Principal

ISSUERS = [PublicKeyIssuer(name="main", issuer=ISSUER, audiences=(AUDIENCE,), public_key=signer().pem())]


async def principal_of(**claims: Any) -> Principal:
    verifier = TokenVerifier(ISSUERS, clock=ManualClock())
    return await verifier.verify(signer().token(**claims))


async def test_all_that_is_kept() -> None:
    principal = await principal_of(
        name="Alice Liddell", zoneinfo="Europe/Oslo", locale="nb_NO", email="a@example.org", admin=True
    )
    assert principal == Principal(
        id="main:alice",
        subject="alice",
        issuer=ISSUER,
        name="Alice Liddell",
        time_zone="Europe/Oslo",
        locale="nb-NO",
    )


async def test_a_token_that_says_little() -> None:
    assert await principal_of() == Principal(id="main:alice", subject="alice", issuer=ISSUER)


async def test_what_a_log_sees() -> None:
    principal = await principal_of(name="Alice Liddell", zoneinfo="Europe/Oslo", locale="nb-NO")
    assert repr(principal) == f"Principal(id='main:alice', subject='alice', issuer='{ISSUER}')"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
async def test_a_time_zone(zone: str) -> None:
    assert (await principal_of(zoneinfo=zone)).time_zone == zone


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "Europe",
        "Europe/",
        "Europe/Atlantis",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe/../Europe/Oslo",
        "Europe/Oslo\0",
        "zone.tab",
        "+02:00",
        "Europe/Oslo\n",
        "X" * 500,
        "Zürich",
        7,
        ["Europe/Oslo"],
        None,
    ],
)
async def test_what_is_no_time_zone_is_left_out(zone: object) -> None:
    assert (await principal_of(zoneinfo=zone)).time_zone is None


@pytest.mark.parametrize(
    "claim,locale",
    [
        ("en", "en"),
        ("en-GB", "en-GB"),
        ("zh_Hant_TW", "zh-Hant-TW"),
        ("", None),
        ("e", None),
        ("en-", None),
        ("en;q=0.5", None),
        ("<b>", None),
        (1, None),
        ({}, None),
    ],
)
async def test_a_locale(claim: object, locale: str | None) -> None:
    assert (await principal_of(locale=claim)).locale == locale


@pytest.mark.parametrize(
    "claim,name",
    [("  Alice ", "Alice"), ("", None), ("  ", None), ("A\nB", None), ("A" * 201, None), (["A"], None)],
)
async def test_a_name(claim: object, name: str | None) -> None:
    assert (await principal_of(name=claim)).name == name


async def test_the_longest_owner_key_there_is() -> None:
    issuer = PublicKeyIssuer(name="n" * 50, issuer=ISSUER, audiences=(AUDIENCE,), public_key=signer().pem())
    verifier = TokenVerifier([issuer], clock=ManualClock())
    principal = await verifier.verify(signer().token(sub="s" * 200))
    assert len(principal.id) == 251


@pytest.mark.parametrize("owner", ["", "x" * 256])
def test_an_owner_key_fits_its_column(owner: str) -> None:
    with pytest.raises(ValueError, match="1 to 255 characters"):
        Principal(id=owner, subject="alice", issuer=ISSUER)
