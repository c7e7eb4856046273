"""One HTTP request for a key set, bounded in time and size."""

from __future__ import annotations

import asyncio

import httpx

FETCH_TIMEOUT_SECONDS = 5.0
MAX_KEY_SET_BYTES = 256 * 1024


class KeySetUnavailable(Exception):
    """The key set could not be had. The message is fit for the log: it holds no part of the answer."""


async def fetch_key_set(http: httpx.AsyncClient, url: str) -> bytes:
    """The body of the key set, at most 256 KiB.

    Takes at most 5 s in all, however slowly the answer trickles. Redirects are not followed and the answer
    must not be compressed, so that what is read is what was checked: this address, these bytes.

    Raises:
        KeySetUnavailable: no answer in time, not status 200, or too large.
    """
    try:
        async with asyncio.timeout(FETCH_TIMEOUT_SECONDS):
            return await _fetch(http, url)
    except TimeoutError:
        raise KeySetUnavailable(f"no complete answer within {FETCH_TIMEOUT_SECONDS:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise KeySetUnavailable(f"the request failed ({type(error).__name__})") from None


async def _fetch(http: httpx.AsyncClient, url: str) -> bytes:
    async with http.stream(
        "GET",
        url,
        headers={"accept": "application/jwk-set+json, application/json", "accept-encoding": "identity"},
        auth=None,
        follow_redirects=False,
        timeout=FETCH_TIMEOUT_SECONDS,
    ) as response:
        if response.status_code != httpx.codes.OK:
            raise KeySetUnavailable(f"the answer has status {response.status_code}")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise KeySetUnavailable("the answer is compressed, which was not asked for")
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MAX_KEY_SET_BYTES:
                raise KeySetUnavailable(f"the answer is over {MAX_KEY_SET_BYTES} bytes")
        return bytes(body)
