"""The verifier's own rules, its memory of verified tokens, and texts that nobody thought of."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.auth.arbitrary import JSON, PATIENT
from tests.auth.keyring import (
    AUDIENCE,
    ISSUER,
    NOW,
    ManualClock,
    base64url,
    compact,
    hs256,
    signer,
    standard_claims,
)
from widgetstream_server.auth import (
    PublicKeyIssuer,
    SharedSecretIssuer,
    TokenFailure,
    TokenRejected,
    TokenVerifier,
    bearer_token,
)
from widgetstream_server.auth.claims import VerifiedClaims
from widgetstream_server.auth.key_source import FixedKey
from widgetstream_server.auth.token_cache import TokenCache
from widgetstream_server.conversation.principal import Principal

MAIN = PublicKeyIssuer(name="main", issuer=ISSUER, audiences=(AUDIENCE,), public_key=signer().jwk(kid="k1"))


async def failure_of(verifier: TokenVerifier, token: str) -> TokenFailure | None:
    try:
        await verifier.verify(token)
    except TokenRejected as rejected:
        return rejected.failure
    return None


# -- Rules of the verifier


def test_somebody_must_be_believed(clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="no issuer is configured"):
        TokenVerifier([], clock=clock)


def test_issuers_must_differ(clock: ManualClock) -> None:
    with pytest.raises(ValueError, match=r"issuers\[1\].name: 'main' is already used by issuers\[0\]"):
        TokenVerifier([MAIN, MAIN], clock=clock)


@pytest.mark.parametrize("seconds", [-1, 31])
def test_the_leeway_has_limits(clock: ManualClock, seconds: int) -> None:
    with pytest.raises(ValueError, match=f"the leeway is 0 to 30 s, not {seconds} s"):
        TokenVerifier([MAIN], clock=clock, leeway=timedelta(seconds=seconds))


@pytest.mark.parametrize("leeway", [0, 30])
async def test_the_leeway_is_granted_to_the_second(clock: ManualClock, leeway: int) -> None:
    verifier = TokenVerifier([MAIN], clock=clock, leeway=timedelta(seconds=leeway))
    end = int(NOW.timestamp()) - leeway
    assert await failure_of(verifier, signer().token(exp=end)) is TokenFailure.EXPIRED
    assert await failure_of(verifier, signer().token(exp=end + 1)) is None


async def test_a_refusal_names_nothing_of_the_token(clock: ManualClock) -> None:
    verifier = TokenVerifier([MAIN], clock=clock)
    token = signer(name="second").token(sub="a-secret-name")
    with pytest.raises(TokenRejected) as caught:
        await verifier.verify(token)
    assert caught.value.args == ("The access token's signature is not valid.",)
    assert vars(caught.value) == {"failure": TokenFailure.BAD_SIGNATURE}
    assert caught.value.__cause__ is None


# -- Headers


@pytest.mark.parametrize(
    "header,token",
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("BEARER  abc ", "abc"),
        (" Bearer abc", "abc"),
        ("Bearer", ""),
    ],
)
def test_a_bearer_token_is_found(header: str, token: str) -> None:
    assert bearer_token(header) == token


@pytest.mark.parametrize(
    "header,failure",
    [
        (None, TokenFailure.MISSING),
        ("", TokenFailure.MISSING),
        ("  ", TokenFailure.MISSING),
        ("Basic YTpi", TokenFailure.MALFORMED),
        ("abc", TokenFailure.MALFORMED),
        ("Bearerabc", TokenFailure.MALFORMED),
    ],
)
def test_what_is_no_bearer_token(header: str | None, failure: TokenFailure) -> None:
    with pytest.raises(TokenRejected) as caught:
        bearer_token(header)
    assert caught.value.failure is failure


# -- Verified tokens


async def test_a_remembered_token_ends_in_time(clock: ManualClock) -> None:
    verifier = TokenVerifier([MAIN], clock=clock, leeway=timedelta(0))
    token = signer().token(exp=int(NOW.timestamp()) + 30)
    outcomes = []
    for _ in range(3):
        outcomes.append(await failure_of(verifier, token))
        clock.advance(15)
    assert outcomes == [None, None, TokenFailure.EXPIRED]


async def test_a_remembered_token_gets_no_second_leeway(clock: ManualClock) -> None:
    verifier = TokenVerifier([MAIN], clock=clock, leeway=timedelta(seconds=10))
    token = signer().token(exp=int(NOW.timestamp()) + 5)
    outcomes = []
    for seconds in (0, 14, 1):
        clock.advance(seconds)
        outcomes.append(await failure_of(verifier, token))
    assert outcomes == [None, None, TokenFailure.EXPIRED]


async def test_a_remembered_token_differs_from_a_forgery(clock: ManualClock) -> None:
    verifier = TokenVerifier([MAIN], clock=clock)
    token = signer().token()
    assert await failure_of(verifier, token) is None
    header, claims, signature = token.split(".")
    forged = ".".join(
        [header, base64url(json.dumps(standard_claims() | {"sub": "admin"}).encode()).decode(), signature]
    )
    assert await failure_of(verifier, forged) is TokenFailure.BAD_SIGNATURE
    assert await failure_of(verifier, f"{header}.{claims}.") is TokenFailure.BAD_SIGNATURE


VERIFIED = VerifiedClaims(Principal(id="main:alice", subject="alice", issuer=ISSUER), expires_at=2000.0)


@pytest.mark.parametrize(
    "now,monotonic,remembered",
    [(0, 0, True), (1999.9, 59.9, True), (2000, 59.9, False), (0, 60, False), (-5000, 60, False)],
)
def test_how_long_a_token_is_remembered(now: float, monotonic: float, remembered: bool) -> None:
    cache = TokenCache()
    cache.put(b"digest", VERIFIED, FixedKey(MAIN), monotonic=0)
    found = cache.get(b"digest", now=now, monotonic=monotonic)
    assert found is (VERIFIED if remembered else None)
    assert len(cache) == remembered


def test_the_least_recently_used_token_is_forgotten_first() -> None:
    cache = TokenCache(max_entries=2)
    keys = FixedKey(MAIN)
    cache.put(b"a", VERIFIED, keys, monotonic=0)
    cache.put(b"b", VERIFIED, keys, monotonic=0)
    cache.get(b"a", now=0, monotonic=0)
    cache.put(b"c", VERIFIED, keys, monotonic=0)
    found = {digest for digest in (b"a", b"b", b"c") if cache.get(digest, now=0, monotonic=0)}
    assert found == {b"a", b"c"}
    assert len(cache) == 2


def test_what_a_withdrawn_key_vouched_for_is_forgotten() -> None:
    class Changing(FixedKey):
        revision = 0

    keys = Changing(MAIN)
    cache = TokenCache()
    cache.put(b"a", VERIFIED, keys, monotonic=0)
    keys.revision = 1
    assert cache.get(b"a", now=0, monotonic=0) is None


# -- Texts that nobody thought of

SECRET = b"0123456789abcdef0123456789abcdef"
SECRET_ISSUER = SharedSecretIssuer(name="secret", issuer="https://secret.example", audiences=(AUDIENCE,), secret=SECRET)
SIGNATURES: list[Callable[[bytes], bytes]] = [
    signer().sign,
    hs256(SECRET),
    lambda _: b"",
    lambda _: b"\0" * 64,
]

HEADERS = st.dictionaries(st.sampled_from(["typ", "crit", "jku", "cty", "x"]), JSON, max_size=2).flatmap(
    lambda extra: st.fixed_dictionaries(
        {},
        optional={
            "alg": st.sampled_from(["EdDSA", "Ed25519", "HS256", "none", "RS256"]) | JSON,
            "kid": st.sampled_from(["k1", "k2"]) | JSON,
        },
    ).map(lambda header: {**extra, **header})
)
TIMES = st.integers(int(NOW.timestamp()) - 60, int(NOW.timestamp()) + 60) | JSON
CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "iss": st.sampled_from([ISSUER, "https://secret.example"]) | JSON,
        "aud": st.sampled_from([AUDIENCE, [AUDIENCE]]) | JSON,
        "sub": st.text(max_size=250) | JSON,
        "exp": TIMES,
        "nbf": TIMES,
        "iat": TIMES,
        "name": JSON,
        "zoneinfo": st.sampled_from(["UTC", "Europe/Oslo"]) | JSON,
        "locale": JSON,
    },
)


async def check_outcome(token: str) -> bool:
    """Whether the token is accepted; anything but a principal or a refusal fails the test."""
    verifier = TokenVerifier([MAIN, SECRET_ISSUER], clock=ManualClock())
    try:
        principal = await verifier.verify(token)
    except TokenRejected as rejected:
        assert rejected.failure in TokenFailure  # noqa: PT017
        return False
    assert principal.id in (f"main:{principal.subject}", f"secret:{principal.subject}")
    assert len(principal.id) <= 255
    return True


@PATIENT
@given(st.text())
async def test_any_text(token: str) -> None:
    assert not await check_outcome(token)


@PATIENT
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
async def test_any_segments(segments: list[bytes]) -> None:
    assert not await check_outcome(b".".join(base64url(segment) for segment in segments).decode())


@settings(PATIENT, max_examples=300)
@given(HEADERS | JSON.map(json.dumps), CLAIMS | JSON.map(json.dumps), st.sampled_from(SIGNATURES))
async def test_any_parts_with_any_signature(
    header: dict[str, object] | str, claims: dict[str, object] | str, sign: Callable[[bytes], bytes]
) -> None:
    accepted = await check_outcome(compact(header, claims, sign))
    if accepted:
        assert isinstance(header, dict)
        assert header["alg"] in ("EdDSA", "Ed25519", "HS256")
        assert isinstance(claims, dict)
        assert {"iss", "aud", "sub", "exp"} <= claims.keys()


@PATIENT
@given(st.integers(0, 10_000), st.characters())
async def test_a_good_token_with_one_character_changed(position: int, character: str) -> None:
    token = signer().token(kid="k1")
    place = position % len(token)
    changed = token[:place] + character + token[place + 1 :]
    assert await check_outcome(changed) == (changed == token)


@PATIENT
@given(st.integers(0, 10_000), st.text(min_size=1, max_size=3))
async def test_a_good_token_with_something_in_between(position: int, text: str) -> None:
    token = signer().token(kid="k1")
    place = position % (len(token) + 1)
    assert not await check_outcome(token[:place] + text + token[place:])
