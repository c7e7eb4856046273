"""Every way in which a token can be wrong, and some in which it may look so: see tokens.yaml."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.auth.keyring import (
    AUDIENCE,
    ISSUER,
    NOW,
    ManualClock,
    compact,
    hs256,
    key_set,
    signer,
    standard_claims,
)
from widgetstream_server.auth import (
    IssuerConfig,
    JwksIssuer,
    PublicKeyIssuer,
    TokenFailure,
    TokenRejected,
    TokenVerifier,
)

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("tokens.yaml").read_text("utf-8"))

JWK = signer().jwk(kid="k1")
ISSUERS: dict[str, IssuerConfig] = {
    "fixed key": PublicKeyIssuer(name="main", issuer=ISSUER, audiences=(AUDIENCE, "other"), public_key=JWK),
    "key set": JwksIssuer(
        name="main", issuer=ISSUER, audiences=(AUDIENCE, "other"), jwks_url="https://issuer.example/jwks"
    ),
}

SIGNATURES: dict[str, Callable[[bytes], bytes]] = {
    "key": signer().sign,
    "another key": signer(name="second").sign,
    "hmac with pem": hs256(signer().pem().encode()),
    "hmac with jwk": hs256(json.dumps(JWK).encode()),
    "hmac with x": hs256(signer().private_key.public_key().public_bytes_raw()),  # type: ignore[union-attr]
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("kind", ISSUERS)
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_what_becomes_of_a_token(kind: str, case: dict[str, Any]) -> None:
    answer = httpx.MockTransport(lambda _: httpx.Response(200, content=key_set(JWK)))
    async with httpx.AsyncClient(transport=answer) as http:
        verifier = TokenVerifier([ISSUERS[kind]], clock=ManualClock(), http=http)
        outcome = await outcome_of(verifier, token_for(case))
        again = await outcome_of(verifier, token_for(case))
    assert outcome == case["expect"]
    assert again == outcome, "remembering a token changed what becomes of it"


async def outcome_of(verifier: TokenVerifier, token: str) -> str:
    try:
        principal = await verifier.verify(token)
    except TokenRejected as error:
        rejected = error
    else:
        assert principal.id == f"main:{principal.subject}"
        assert principal.issuer == ISSUER
        return "accepted"
    assert str(rejected) == rejected.failure.message
    return rejected.failure


def token_for(case: dict[str, Any]) -> str:
    if "token" in case:
        return str(case["token"])
    header = changed({"alg": "EdDSA", "typ": "JWT", "kid": "k1"}, case.get("header", {}))
    times = {name: NOW.timestamp() + offset for name, offset in case.get("times", {}).items()}
    claims = changed(standard_claims(), {**case.get("claims", {}), **times})
    return compact(
        text_of(case["header_text"]) if "header_text" in case else header,
        text_of(case["claims_text"]) if "claims_text" in case else claims,
        SIGNATURES[case.get("sign", "key")],
    )


def changed(members: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    result = dict(members)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        elif value == "null":
            result[name] = None
        elif isinstance(value, str) and value[:1] == "x" and value[1:].isdigit():
            result[name] = "x" * int(value[1:])
        else:
            result[name] = value
    return result


def text_of(template: str) -> str:
    claims = standard_claims()
    return template.format(
        iss=claims["iss"],
        aud=claims["aud"],
        exp=claims["exp"],
        digits="9" * 1000,
        deep="[" * 2000 + "]" * 2000,
    )


async def test_a_token_over_8_kib_is_refused_unread() -> None:
    verifier = TokenVerifier([ISSUERS["fixed key"]], clock=ManualClock())
    limit = 8192
    largest = padded_to(limit)
    with pytest.raises(TokenRejected) as rejected:
        await verifier.verify(largest + "A")
    assert rejected.value.failure is TokenFailure.TOO_LARGE
    assert (await verifier.verify(largest)).subject == "alice"


async def test_a_token_can_be_written_in_one_way_only() -> None:
    verifier = TokenVerifier([ISSUERS["fixed key"]], clock=ManualClock())
    token = signer().token(kid="k1")
    # The last of 86 characters of base64 carries two bits of the signature and four that mean nothing.
    same_signature = token[:-1] + chr(ord(token[-1]) + 1)
    outcomes = [await outcome_of(verifier, text) for text in (token, same_signature)]
    assert outcomes == ["accepted", TokenFailure.MALFORMED]


def padded_to(length: int) -> str:
    """A valid token of exactly so many characters."""
    # No text of base64 has a length of 4n + 1: two paddings together reach every total.
    for in_header in range(4):
        for in_claims in range(length * 3 // 4 - 400, length):
            header = {"alg": "EdDSA", "kid": "k1", "p": "x" * in_header}
            token = compact(header, {**standard_claims(), "p": "x" * in_claims}, signer().sign)
            if len(token) == length:
                return token
            if len(token) > length:
                break
    raise AssertionError("no padding fits")


def test_messages_are_fixed_and_say_whether_to_try_again() -> None:
    messages = {failure.message for failure in TokenFailure}
    assert len(messages) == len(TokenFailure)
    assert [failure for failure in TokenFailure if failure.temporary] == [TokenFailure.KEYS_UNAVAILABLE]
    assert all(failure.value == failure.name for failure in TokenFailure)
