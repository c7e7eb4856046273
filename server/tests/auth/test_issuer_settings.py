"""Issuers from the text of a setting: see issuers.yaml for what is refused."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.arbitrary import JSON, PATIENT
from tests.auth.keyring import signer
from widgetstream_server.auth import JwksIssuer, PublicKeyIssuer, SharedSecretIssuer, parse_issuers

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("issuers.yaml").read_text("utf-8"))
SECRET = "0123456789abcdef0123456789abcdef"
GOOD = {
    "name": "main",
    "issuer": "https://issuer.example",
    "audience": "https://widgetstream.example",
    "jwks_url": "https://issuer.example/api/auth/jwks",
}
KEYS = {
    "{pem}": signer().pem(),
    "{jwk}": json.dumps(signer().jwk()),
    "{private pem}": signer().private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
}


def setting(changes: dict[str, Any]) -> str:
    entry = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return json.dumps([{k: KEYS.get(v, v) if isinstance(v, str) else v for k, v in entry.items()}])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_cannot_be_used(case: dict[str, Any]) -> None:
    text = case["text"] if "text" in case else setting(case["entry"])
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared below
        parse_issuers(text)
    assert str(caught.value) == case["message"]
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("text", ["", "  \n", "[]"])
def test_nobody(text: str) -> None:
    assert parse_issuers(text) == []


def test_a_key_set() -> None:
    assert parse_issuers(setting({})) == [
        JwksIssuer(
            name="main",
            issuer="https://issuer.example",
            audiences=("https://widgetstream.example",),
            jwks_url="https://issuer.example/api/auth/jwks",
            algorithms=frozenset({"EdDSA"}),
        )
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8080/api/auth/jwks",
        "http://app.localhost/jwks",
        "http://127.0.0.1:3000/jwks",
        "http://[::1]:3000/jwks",
    ],
)
def test_plain_http_on_loopback(url: str) -> None:
    (issuer,) = parse_issuers(setting({"jwks_url": url}))
    assert isinstance(issuer, JwksIssuer)
    assert issuer.jwks_url == url


def test_plain_http_elsewhere_by_consent() -> None:
    (issuer,) = parse_issuers(setting({"jwks_url": "http://web:3000/jwks", "allow_http": True}))
    assert isinstance(issuer, JwksIssuer)
    assert issuer.allow_http


def test_several_audiences_and_algorithms() -> None:
    (issuer,) = parse_issuers(setting({"audience": ["a", "b"], "algorithms": ["RS256", "PS256"]}))
    assert issuer.audiences == ("a", "b")
    assert issuer.algorithms == {"RS256", "PS256"}


@pytest.mark.parametrize("key", [signer("ES512").pem(), signer("ES512").jwk()], ids=["PEM", "JWK"])
def test_a_fixed_key(key: object) -> None:
    (issuer,) = parse_issuers(setting({"jwks_url": None, "public_key": key}))
    assert isinstance(issuer, PublicKeyIssuer)
    assert issuer.algorithms == {"ES512"}


def test_a_secret_is_not_shown() -> None:
    (issuer,) = parse_issuers(setting({"jwks_url": None, "secret": SECRET}))
    assert isinstance(issuer, SharedSecretIssuer)
    assert issuer.secret == SECRET.encode()
    assert SECRET not in repr(issuer)


def test_a_secret_is_not_quoted_from_a_broken_setting() -> None:
    broken = setting({"jwks_url": None, "secret": SECRET})[:-1]
    with pytest.raises(ValueError, match="not valid JSON") as caught:
        parse_issuers(broken)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("field", ["name", "issuer"])
def test_two_of_the_same(field: str) -> None:
    other = {**GOOD, "name": "other", "issuer": "https://other.example"}
    entries = [GOOD, {**other, field: GOOD[field]}]
    with pytest.raises(ValueError, match="already used") as caught:
        parse_issuers(json.dumps(entries))
    assert str(caught.value) == f"issuers[1].{field}: {GOOD[field]!r} is already used by issuers[0]"


@PATIENT
@given(st.dictionaries(st.sampled_from([*GOOD, "algorithms", "public_key", "secret", "allow_http"]), JSON))
def test_a_setting_is_used_or_refused_in_words(changes: dict[str, Any]) -> None:
    for text in (json.dumps([{**GOOD, **changes}]), json.dumps([changes]), json.dumps(changes)):
        with contextlib.suppress(ValueError):
            assert len(parse_issuers(text)) <= 1
