"""What ``widgetstream doctor`` finds by asking others over the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from widgetstream_server.cli.findings import Finding
from widgetstream_server.settings import variable

if TYPE_CHECKING:
    from widgetstream_server.auth import IssuerConfig
    from widgetstream_server.settings import Settings

MAX_CLOCK_SKEW_SECONDS = 30
"""How far off the clocks of issuer and server may be."""

_HTTP_SECONDS = 5.0
_OPENAI = "https://api.openai.com/v1"


async def remote_findings(settings: Settings) -> list[Finding]:
    """Ask the issuers and the models' API, and compare the clock with theirs."""
    times: list[datetime] = []

    async def note_time(response: httpx.Response) -> None:
        times.append(parsedate_to_datetime(response.headers["date"]))

    async with httpx.AsyncClient(timeout=_HTTP_SECONDS, event_hooks={"response": [note_time]}) as http:
        issuers = [finding async for finding in _issuers(settings, http)]
        models = await _models(settings, http)
    return [*issuers, models, clock(datetime.now(UTC), times)]


def clock(now: datetime, others: Sequence[datetime]) -> Finding:
    """Compare the time with that of others."""
    shown = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if not others:
        return Finding("ok", "clock", f"{shown}, compared with nobody")
    skew = min((abs(now - other) for other in others), default=now - now)
    if skew.total_seconds() > MAX_CLOCK_SKEW_SECONDS:
        return Finding("fail", "clock", f"{shown}, {skew.total_seconds():.0f} s off: tokens would be refused; set it")
    return Finding("ok", "clock", shown)


async def _issuers(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    from widgetstream_server.auth import development_key_is_accepted

    issuers = settings.issuer_configs
    for issuer in issuers:
        yield await _issuer(issuer, http)
    accepted = development_key_is_accepted(issuers, settings.allow_development_tokens)
    if accepted and issuers:
        yield Finding("warn", "issuers", f"tokens for development are accepted too; see {_allow()}")
    elif accepted:
        yield Finding("ok", "issuers", "none: the tokens of `widgetstream token` are accepted")
    elif not issuers:
        yield Finding("fail", "issuers", f"none, and nobody could sign in; see {variable('issuers')} and {_allow()}")


def _allow() -> str:
    return variable("allow_development_tokens")


async def _issuer(issuer: IssuerConfig, http: httpx.AsyncClient) -> Finding:
    from widgetstream_server.auth import JwksIssuer, PublicKeyIssuer, SharedSecretIssuer
    from widgetstream_server.auth.key_set_fetch import KeySetUnavailable, fetch_key_set
    from widgetstream_server.auth.keys import parse_key_set

    subject = f"issuer {issuer.name}"
    match issuer:
        case PublicKeyIssuer():
            return Finding("ok", subject, "has a public key")
        case SharedSecretIssuer():
            return Finding("ok", subject, "shares a secret")
        case JwksIssuer():
            where = f"its keys at {issuer.jwks_url}"
            try:
                keys = parse_key_set(await fetch_key_set(http, issuer.jwks_url), issuer.algorithms)
            except (KeySetUnavailable, ValueError) as error:
                return Finding("fail", subject, f"{where} cannot be used: {error}")
            if not keys:
                return Finding("fail", subject, f"{where} are none for {', '.join(sorted(issuer.algorithms))}")
            return Finding("ok", subject, f"{where} are there")


async def _models(settings: Settings, http: httpx.AsyncClient) -> Finding:
    key = settings.openai_api_key
    if key is None and settings.openai_base_url is None:
        return Finding("ok", "models", f"no {variable('openai_api_key')}: the offline model answers")
    base = settings.openai_base_url or _OPENAI
    host = urlsplit(base).hostname or base
    headers = {"authorization": f"Bearer {key.get_secret_value()}"} if key is not None else {}
    try:
        answer = await http.get(f"{base.rstrip('/')}/models", headers=headers)
    except httpx.HTTPError as error:
        problem = f"{host} does not answer ({type(error).__name__}); see {variable('openai_base_url')}"
        return Finding("fail", "models", problem)
    names = ", ".join(settings.model)
    if answer.status_code in (401, 403):
        what = "the key" if key is not None else "requests without a key"
        return Finding("fail", "models", f"{host} refuses {what}; see {variable('openai_api_key')}")
    if not answer.is_success:
        return Finding(
            "warn", "models", f"{host} answers {answer.status_code} when asked for its models; using {names}"
        )
    missing = [name for name in settings.model if name not in _listed_models(answer)]
    if missing:
        problem = f"{host} does not list {', '.join(missing)}; see {variable('model')}"
        return Finding("warn", "models", problem)
    return Finding("ok", "models", f"{host} has {names}")


def _listed_models(answer: httpx.Response) -> set[str]:
    try:
        return {entry["id"] for entry in answer.json()["data"]}
    except (ValueError, KeyError, TypeError):
        return set()
