"""Which keys are used for which algorithms, and which are left alone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from tests.auth.keyring import (
    AUDIENCE,
    ISSUER,
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
    SharedSecretIssuer,
    TokenFailure,
    TokenRejected,
    TokenVerifier,
)

PUBLIC_KEY_ALGORITHMS = [
    "EdDSA",
    "Ed25519",
    "ES256",
    "ES384",
    "ES512",
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
]
SECRET = b"0123456789abcdef0123456789abcdef"


async def outcome(issuer: IssuerConfig | list[IssuerConfig], token: str, *jwks: dict[str, Any]) -> str:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=key_set(*jwks)))
    issuers = issuer if isinstance(issuer, list) else [issuer]
    async with (
        httpx.AsyncClient(transport=transport) as http,
        TokenVerifier(issuers, clock=ManualClock(), http=http) as verifier,
    ):
        try:
            principal = await verifier.verify(token)
        except TokenRejected as rejected:
            return rejected.failure
        return principal.id


def jwks_issuer(*algorithms: str, name: str = "main", issuer: str = ISSUER) -> JwksIssuer:
    return JwksIssuer(
        name=name,
        issuer=issuer,
        audiences=(AUDIENCE,),
        algorithms=frozenset(algorithms),
        jwks_url="https://issuer.example/jwks",
    )


def fixed_issuer(public_key: str | dict[str, Any], *algorithms: str) -> PublicKeyIssuer:
    return PublicKeyIssuer(
        name="main",
        issuer=ISSUER,
        audiences=(AUDIENCE,),
        algorithms=frozenset(algorithms),
        public_key=public_key,
    )


@pytest.mark.parametrize("algorithm", PUBLIC_KEY_ALGORITHMS)
async def test_each_algorithm_through_each_kind_of_issuer(algorithm: str) -> None:
    key = signer(algorithm)
    token = key.token(kid="k1")
    outcomes = [
        await outcome(jwks_issuer(algorithm), token, key.jwk(kid="k1")),
        await outcome(jwks_issuer(algorithm), token, key.jwk(kid="k1", alg=algorithm, use="sig")),
        await outcome(fixed_issuer(key.pem(), algorithm), token),
        await outcome(fixed_issuer(key.jwk(), algorithm), token),
    ]
    assert outcomes == ["main:alice"] * 4


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384", "ES512", "RS256"])
async def test_a_fixed_key_says_its_algorithm_itself(algorithm: str) -> None:
    key = signer(algorithm)
    assert await outcome(fixed_issuer(key.pem()), key.token()) == "main:alice"


async def test_a_fixed_jwk_may_name_its_algorithm() -> None:
    key = signer("PS256")
    issuer = fixed_issuer(key.jwk(alg="PS256"))
    assert await outcome(issuer, key.token()) == "main:alice"
    other = signer("RS256")
    assert await outcome(issuer, other.token()) == TokenFailure.ALGORITHM_NOT_ALLOWED


async def test_an_rsa_key_for_everything_is_not_for_everything() -> None:
    key = signer("PS256")
    assert await outcome(fixed_issuer(key.pem()), key.token()) == TokenFailure.ALGORITHM_NOT_ALLOWED


async def test_any_id_is_right_for_a_pem_that_has_none() -> None:
    assert await outcome(fixed_issuer(signer().pem()), signer().token(kid="2026-01")) == "main:alice"


async def test_a_shared_secret() -> None:
    issuer = SharedSecretIssuer(name="main", issuer=ISSUER, audiences=(AUDIENCE,), secret=SECRET)
    good = compact({"alg": "HS256"}, standard_claims(), hs256(SECRET))
    forged = compact({"alg": "HS256"}, standard_claims(), hs256(SECRET[::-1]))
    shouted = compact({"alg": "HS512"}, standard_claims(), hs256(SECRET))
    assert await outcome(issuer, good) == "main:alice"
    assert await outcome(issuer, forged) == TokenFailure.BAD_SIGNATURE
    assert await outcome(issuer, shouted) == TokenFailure.ALGORITHM_NOT_ALLOWED
    assert await outcome(issuer, signer().token()) == TokenFailure.ALGORITHM_NOT_ALLOWED


async def test_a_secret_next_to_public_keys_does_not_let_them_sign() -> None:
    """Algorithm confusion between two issuers: HS256 is known here, but not for this one."""
    issuers: list[IssuerConfig] = [
        fixed_issuer(signer().pem()),
        SharedSecretIssuer(name="other", issuer="https://other.example", audiences=(AUDIENCE,), secret=SECRET),
    ]
    confused = compact({"alg": "HS256"}, standard_claims(), hs256(signer().pem().encode()))
    borrowed = compact({"alg": "HS256"}, standard_claims(), hs256(SECRET))
    assert await outcome(issuers, confused) == TokenFailure.ALGORITHM_NOT_ALLOWED
    assert await outcome(issuers, borrowed) == TokenFailure.ALGORITHM_NOT_ALLOWED


async def test_one_issuer_cannot_sign_for_another() -> None:
    issuers: list[IssuerConfig] = [
        fixed_issuer(signer().jwk(kid="k1")),
        PublicKeyIssuer(
            name="other",
            issuer="https://other.example",
            audiences=(AUDIENCE,),
            public_key=signer(name="second").jwk(kid="k1"),
        ),
    ]
    token = signer(name="second").token(kid="k1")
    own = signer(name="second").token(kid="k1", iss="https://other.example")
    assert await outcome(issuers, token) == TokenFailure.BAD_SIGNATURE
    assert await outcome(issuers, own) == "other:alice"


async def test_a_key_is_used_for_its_own_algorithm_only() -> None:
    issuer = jwks_issuer("RS256", "PS256")
    token = signer("RS256").token(kid="k1")
    jwk = signer("RS256").jwk(kid="k1", alg="PS256")
    assert await outcome(issuer, token, jwk) == TokenFailure.ALGORITHM_NOT_ALLOWED


async def test_a_signature_of_another_hash_or_curve_is_none() -> None:
    issuer = jwks_issuer("ES256", "ES512")
    wrong = compact({"alg": "ES512", "kid": "k1"}, standard_claims(), signer("ES256").sign)
    cut = compact({"alg": "ES256", "kid": "k1"}, standard_claims(), lambda content: signer("ES256").sign(content)[:-1])
    jwk = signer("ES256").jwk(kid="k1")
    assert await outcome(issuer, wrong, jwk) == TokenFailure.ALGORITHM_NOT_ALLOWED
    assert await outcome(issuer, cut, jwk) == TokenFailure.BAD_SIGNATURE


GOOD = signer().jwk(kid="k1")
BYSTANDERS: dict[str, Any] = {
    "for encryption": signer(name="second").jwk(kid="k1", use="enc"),
    "to encrypt with": signer(name="second").jwk(kid="k1", key_ops=["encrypt"]),
    "of an unknown type": {"kty": "AKP", "alg": "ML-DSA-44", "kid": "k1", "pub": "AAAA"},
    "of no type": {"kid": "k1"},
    "of a type that is no text": {"kty": ["OKP"], "kid": "k1"},
    "a shared secret": {"kty": "oct", "kid": "k1", "k": "AAAA"},
    "with its secret": signer(name="second").jwk(kid="k1", d="AAAA"),
    "for key agreement": {**signer("ES256").jwk(kid="k1"), "alg": "ECDH-ES"},
    "X25519": {"kty": "OKP", "crv": "X25519", "x": GOOD["x"], "kid": "k1"},
    "Ed448": OKPAlgorithm.to_jwk(Ed448PrivateKey.generate().public_key(), as_dict=True) | {"kid": "k1"},
    "of another family": signer("ES256").jwk(kid="k1"),
    "for an algorithm that is not allowed": signer(name="second").jwk(kid="k1", alg="ES256"),
    "too short": {**GOOD, "x": "AAAA"},
    "no base64": {**GOOD, "x": "!!!!"},
    "a number": {**GOOD, "x": 7},
    "without x": {"kty": "OKP", "crv": "Ed25519", "kid": "k1"},
    "huge": {**GOOD, "x": "A" * 4096},
    "whose id is a number": signer(name="second").jwk(kid=1),
    "whose id is empty": signer(name="second").jwk(kid=""),
    "whose id is too long": signer(name="second").jwk(kid="k" * 129),
    "whose operations are a text": signer(name="second").jwk(kid="k1", key_ops="verify"),
    "no object": "k1",
    "null": None,
}


@pytest.mark.parametrize("bystander", BYSTANDERS.values(), ids=BYSTANDERS.keys())
async def test_an_unusable_entry_harms_no_other(bystander: Any) -> None:
    token = signer().token(kid="k1")
    without_id = signer().token()
    assert await outcome(jwks_issuer(), token, bystander, GOOD) == "main:alice"
    assert await outcome(jwks_issuer(), without_id, bystander, GOOD) == "main:alice"


@pytest.mark.parametrize("bits", [1024, 1536])
async def test_a_weak_rsa_key_is_left_out(bits: int) -> None:
    public_key = generate_private_key(public_exponent=65537, key_size=bits).public_key()
    weak = RSAAlgorithm.to_jwk(public_key, as_dict=True)
    token = signer("RS256").token(kid="weak")
    assert await outcome(jwks_issuer("RS256"), token, weak | {"kid": "weak"}) == TokenFailure.UNKNOWN_KEY


async def test_the_first_entry_of_an_id_counts() -> None:
    others = [signer(name=f"other-{number}").jwk(kid="k1") for number in range(10)]
    token = signer().token(kid="k1")
    assert await outcome(jwks_issuer(), token, GOOD, *others) == "main:alice"
    assert await outcome(jwks_issuer(), token, *others, GOOD) == TokenFailure.BAD_SIGNATURE


async def test_without_an_id_exactly_one_key_must_fit() -> None:
    token = signer("ES256").token()
    es256, es512 = signer("ES256").jwk(kid="a"), signer("ES512").jwk()
    other = signer("ES256", "second").jwk()
    issuer = jwks_issuer("ES256", "ES512")
    assert await outcome(issuer, token, es256, es512) == "main:alice"
    assert await outcome(issuer, token, es256, es512, other) == TokenFailure.UNKNOWN_KEY
    assert await outcome(issuer, token, es512) == TokenFailure.UNKNOWN_KEY


async def test_an_id_does_not_match_a_key_without_one() -> None:
    assert await outcome(jwks_issuer(), signer().token(kid="k1"), signer().jwk()) == TokenFailure.UNKNOWN_KEY


async def test_a_curve_that_is_not_offered() -> None:
    public_key = ec.generate_private_key(ec.SECP256K1()).public_key()
    pem = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(ValueError, match="P-256, P-384 or P-521"):
        fixed_issuer(pem)
