"""Key sets over real HTTP: how often they are fetched, and what is not taken for one."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.auth.calling import BOTH_KEYS, FIRST, ONE_KEY, SECOND, ServeKeys, calling
from tests.auth.keyring import ManualClock, key_set, signer
from widgetstream_server.auth import (
    TokenFailure,
    key_set_fetch,
    remote_keys,
)


async def test_unknown_ids_cause_a_fetch_every_30_seconds_at_most(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        for number in range(100):
            assert await caller.send(f"unknown-{number}") == TokenFailure.UNKNOWN_KEY
            clock.advance(1)
    # At 0, 30, 60 and 90 seconds.
    assert len(server.requests) == 4


async def test_an_unknown_id_is_remembered_for_a_minute(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    requests: list[int] = []
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        for _ in range(5):
            clock.advance(30)
            assert await caller.send("k2", SECOND) == TokenFailure.UNKNOWN_KEY
            requests.append(len(server.requests))
        server.document = BOTH_KEYS
        clock.advance(30)
        found = await caller.send("k2", SECOND)
    assert requests == [2, 2, 3, 3, 4]
    assert found == TokenFailure.UNKNOWN_KEY, "still remembered, half a minute after the last fetch"


async def test_a_token_that_could_never_pass_causes_no_fetch(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        outcomes = [
            await caller.send(by=signer("RS256")),
            await caller.outcome(FIRST.token(iss="https://other.example")),
            await caller.outcome(FIRST.token(iss=None)),
            await caller.outcome("a.b.c"),
        ]
    assert outcomes == [
        TokenFailure.ALGORITHM_NOT_ALLOWED,
        TokenFailure.UNKNOWN_ISSUER,
        TokenFailure.MISSING_CLAIM,
        TokenFailure.MALFORMED,
    ]
    assert server.requests == []


@pytest.mark.parametrize("remembered,requests", [(1, 4), (2, 3)])
async def test_so_many_unknown_ids_are_remembered_and_no_more(
    clock: ManualClock,
    serve_keys: ServeKeys,
    monkeypatch: pytest.MonkeyPatch,
    remembered: int,
    requests: int,
) -> None:
    monkeypatch.setattr(remote_keys, "MAX_UNKNOWN_IDS", remembered)
    monkeypatch.setattr(remote_keys, "UNKNOWN_ID_SECONDS", 1000)
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        for kid in ("a", "b", "a"):
            clock.advance(30)
            assert await caller.send(kid) == TokenFailure.UNKNOWN_KEY
    assert len(server.requests) == requests


@pytest.mark.parametrize(
    "status,document,headers",
    [
        (200, b"", {}),
        (200, b"[]", {}),
        (200, b'{"keys": {}}', {}),
        (200, b'{"keys": [], "keys": []}', {}),
        (200, b"\xff\xfe", {}),
        (200, b"[" * 10_000, {}),
        (200, ONE_KEY + b" " * 256 * 1024, {}),
        (200, key_set(*[FIRST.jwk(kid=f"k{number}") for number in range(101)]), {}),
        (200, gzip.compress(ONE_KEY), {"content-encoding": "gzip"}),
        (404, ONE_KEY, {}),
        (500, ONE_KEY, {}),
        (302, ONE_KEY, {"location": "/elsewhere"}),
    ],
    ids=[
        "nothing",
        "a list",
        "an object of keys",
        "two sets",
        "not UTF-8",
        "nested too deeply",
        "over 256 KiB",
        "101 keys",
        "compressed",
        "status 404",
        "status 500",
        "a redirect",
    ],
)
async def test_an_answer_that_is_no_key_set(
    clock: ManualClock, serve_keys: ServeKeys, status: int, document: bytes, headers: dict[str, str]
) -> None:
    server = serve_keys(document)
    server.status = status
    server.headers = headers
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=True) as http,
        calling(clock, server.url, http=http) as caller,
    ):
        outcome = await caller.send()
    assert outcome == TokenFailure.KEYS_UNAVAILABLE
    assert server.requests == ["/api/auth/jwks"]


async def test_the_largest_key_set_is_accepted(clock: ManualClock, serve_keys: ServeKeys) -> None:
    document = key_set(*[FIRST.jwk(kid=f"k{number}") for number in range(100)])
    server = serve_keys(document + b" " * (256 * 1024 - len(document)))
    async with calling(clock, server.url) as caller:
        outcome = await caller.send("k99")
    assert outcome == "main:alice"


async def test_an_answer_that_never_comes_is_given_up(
    clock: ManualClock, serve_keys: ServeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_set_fetch, "FETCH_TIMEOUT_SECONDS", 0.02)
    server = serve_keys(ONE_KEY)
    server.may_answer.clear()
    async with calling(clock, server.url) as caller:
        outcome = await caller.send()
    assert outcome == TokenFailure.KEYS_UNAVAILABLE


async def test_an_answer_that_never_ends_is_given_up(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_set_fetch, "FETCH_TIMEOUT_SECONDS", 0.02)

    async def endless() -> AsyncIterator[bytes]:
        yield ONE_KEY
        await asyncio.Event().wait()

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    async with (
        httpx.AsyncClient(transport=transport) as http,
        calling(clock, "https://issuer.example/jwks", http=http) as caller,
    ):
        outcome = await caller.send()
    assert outcome == TokenFailure.KEYS_UNAVAILABLE


async def test_the_log_says_why_and_nothing_of_tokens_or_answers(
    clock: ManualClock, serve_keys: ServeKeys, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="widgetstream_server")
    server = serve_keys(b'{"keys": "tell nobody"}')
    async with calling(clock, server.url) as caller:
        token = caller.token()
        assert await caller.outcome(token) == TokenFailure.KEYS_UNAVAILABLE
        clock.advance(1)
        server.document = key_set(FIRST.jwk(kid="k1", alg="RS256"))
        assert await caller.outcome(token) == TokenFailure.UNKNOWN_KEY
    messages = [record.getMessage() for record in caplog.records if record.name.startswith("widgetstream")]
    assert messages == [
        "cannot get the keys of issuer main, no keys are held: the key set has no list of keys",
        "the key set of issuer main has no usable key",
    ]
