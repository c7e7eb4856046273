"""Key sets over real HTTP: rotation, withdrawal, outages, slowness."""

from __future__ import annotations

import asyncio

import httpx

from tests.auth.calling import BOTH_KEYS, ONE_KEY, OTHER_KEY, SECOND, ServeKeys, calling
from tests.auth.keyring import AUDIENCE, ManualClock, key_set
from widgetstream_server.auth import (
    PublicKeyIssuer,
    TokenFailure,
)


async def test_one_fetch_serves_many_tokens(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        outcomes = [await caller.send() for _ in range(10)]
    assert outcomes == ["main:alice"] * 10
    assert server.requests == ["/api/auth/jwks"]


async def test_warming_up_fetches_before_the_first_token(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        await caller.verifier.warm_up()
        fetched = len(server.requests)
        outcome = await caller.send()
    assert (fetched, outcome, len(server.requests)) == (1, "main:alice", 1)


async def test_a_rotated_key_is_found_once_a_fetch_is_due(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        server.document = BOTH_KEYS
        clock.advance(29.9)
        too_early = await caller.send("k2", SECOND)
        clock.advance(0.1)
        in_time = await caller.send("k2", SECOND)
        old_key = await caller.send()
    assert (too_early, in_time, old_key) == (TokenFailure.UNKNOWN_KEY, "main:alice", "main:alice")
    assert len(server.requests) == 2


async def test_a_withdrawn_key_ends_with_the_fetch_that_lacks_it(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        token = caller.token()
        assert await caller.outcome(token) == "main:alice"
        server.document = OTHER_KEY
        clock.advance(30)
        not_seen_yet = await caller.outcome(token)
        assert await caller.send("k2", SECOND) == "main:alice"
        seen = await caller.outcome(token)
    assert not_seen_yet == "main:alice"
    assert seen == TokenFailure.UNKNOWN_KEY, "the cache outlived the key"


async def test_a_key_replaced_under_its_id_is_a_withdrawn_key(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        token = caller.token()
        assert await caller.outcome(token) == "main:alice"
        server.document = key_set(SECOND.jwk(kid="k1"))
        clock.advance(30)
        assert await caller.send("k2") == TokenFailure.UNKNOWN_KEY
        outcome = await caller.outcome(token)
    assert outcome == TokenFailure.BAD_SIGNATURE


async def test_keys_that_come_up_after_the_server(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    server.close()
    async with calling(clock, server.url) as caller:
        away = await caller.send()
        server.start()
        too_early = await caller.send()
        clock.advance(1)
        up = await caller.send()
    assert (away, too_early, up) == (
        TokenFailure.KEYS_UNAVAILABLE,
        TokenFailure.KEYS_UNAVAILABLE,
        "main:alice",
    )
    assert len(server.requests) == 1


async def test_an_issuer_without_keys_yet_is_asked_again_soon(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(key_set())
    async with calling(clock, server.url) as caller:
        empty = await caller.send()
        server.document = ONE_KEY
        clock.advance(1)
        filled = await caller.send()
    assert (empty, filled) == (TokenFailure.UNKNOWN_KEY, "main:alice")


async def test_keys_keep_serving_while_the_issuer_is_away(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        server.close()
        for seconds in (599, 2, 31, 3600, 86_400):
            clock.advance(seconds)
            assert await caller.send() == "main:alice", seconds
            assert await caller.send("k2", SECOND) == TokenFailure.UNKNOWN_KEY


async def test_keys_keep_serving_while_the_issuer_talks_nonsense(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        server.document = b"<html>Bad gateway</html>"
        clock.advance(30)
        assert await caller.send("k2", SECOND) == TokenFailure.UNKNOWN_KEY
        outcome = await caller.send()
    assert outcome == "main:alice"
    assert len(server.requests) == 2


async def test_keys_of_a_certain_age_are_renewed_behind_the_callers_back(
    clock: ManualClock, serve_keys: ServeKeys
) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        server.document = BOTH_KEYS
        server.may_answer.clear()
        clock.advance(601)
        meanwhile = [await caller.send() for _ in range(5)]
        await asyncio.to_thread(server.wait_for_requests, 2)
        server.may_answer.set()
        new_key = await caller.send("k2", SECOND)
    assert meanwhile == ["main:alice"] * 5
    assert new_key == "main:alice"
    assert len(server.requests) == 2


async def test_after_a_long_silence_tokens_wait_for_fresh_keys(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    async with calling(clock, server.url) as caller:
        assert await caller.send() == "main:alice"
        server.document = OTHER_KEY
        server.may_answer.clear()
        clock.advance(1200)
        leaving, *staying = [asyncio.create_task(caller.send()) for _ in range(3)]
        await asyncio.to_thread(server.wait_for_requests, 2)
        leaving.cancel()
        await asyncio.wait([leaving])
        server.may_answer.set()
        outcomes = await asyncio.gather(*staying)
    assert leaving.cancelled()
    assert outcomes == [TokenFailure.UNKNOWN_KEY] * 2
    assert len(server.requests) == 2


async def test_concurrent_needs_share_one_fetch(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(BOTH_KEYS)
    async with calling(clock, server.url) as caller:
        outcomes = await asyncio.gather(
            *(caller.send() for _ in range(25)), *(caller.send("k2", SECOND) for _ in range(25))
        )
    assert outcomes == ["main:alice"] * 50
    assert len(server.requests) == 1


async def test_a_caller_who_leaves_does_not_take_the_fetch_along(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    server.may_answer.clear()
    async with calling(clock, server.url) as caller:
        leaving = asyncio.create_task(caller.send())
        staying = asyncio.create_task(caller.send())
        await asyncio.to_thread(server.wait_for_requests, 1)
        leaving.cancel()
        await asyncio.wait([leaving])
        server.may_answer.set()
        outcome = await staying
    assert leaving.cancelled()
    assert outcome == "main:alice"
    assert len(server.requests) == 1


async def test_a_slow_issuer_delays_nobody_elses_callers(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    server.may_answer.clear()
    also = PublicKeyIssuer(name="fast", issuer="https://fast.example", audiences=(AUDIENCE,), public_key=SECOND.pem())
    async with calling(clock, server.url, also=also) as caller:
        slow = asyncio.create_task(caller.send())
        await asyncio.to_thread(server.wait_for_requests, 1)
        token = SECOND.token(iss="https://fast.example")
        fast = await caller.outcome(token)
        still_waiting = not slow.done()
        server.may_answer.set()
        outcome = await slow
    assert (fast, still_waiting, outcome) == ("fast:alice", True, "main:alice")


async def test_closing_ends_a_fetch_under_way(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    server.may_answer.clear()
    async with calling(clock, server.url) as caller:
        waiting = asyncio.create_task(caller.send())
        await asyncio.to_thread(server.wait_for_requests, 1)
    await asyncio.wait([waiting], timeout=5)
    assert waiting.cancelled()


async def test_a_client_closed_too_early_is_an_outage(clock: ManualClock, serve_keys: ServeKeys) -> None:
    server = serve_keys(ONE_KEY)
    http = httpx.AsyncClient(trust_env=False)
    async with calling(clock, server.url, http=http) as caller:
        assert await caller.send() == "main:alice"
        await http.aclose()
        clock.advance(1200)
        outcome = await caller.send()
    assert outcome == "main:alice"
