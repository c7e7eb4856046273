"""Issuers from the text of one setting.

The text is a JSON list with an object for each issuer:

    [{"name": "better-auth", "issuer": "http://localhost:8080", "audience": "http://localhost:8080",
      "jwks_url": "http://localhost:8080/api/auth/jwks"}]

All have `name`, `issuer`, `audience` (a text or a list) and, if the default will not do, `algorithms` (a
list). Besides, exactly one of: `jwks_url` (with `allow_http`, default false), `public_key` (PEM text or a JWK
object), `secret` (a text of at least 32 bytes in UTF-8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from widgetstream_server.auth.issuers import (
    IssuerConfig,
    IssuerConfigError,
    JwksIssuer,
    PublicKeyIssuer,
    SharedSecretIssuer,
)
from widgetstream_server.auth.strict_json import parse_strict_json

_SHARED_FIELDS = ("name", "issuer", "audience", "algorithms")
_KIND_FIELDS = {"jwks_url": ("jwks_url", "allow_http"), "public_key": ("public_key",), "secret": ("secret",)}


def parse_issuers(json_text: str) -> list[IssuerConfig]:
    """Reads the setting described above, in its order. An empty list, or only white space, gives none.

    Raises:
        ValueError: the text cannot be used; the message names the entry and the field at fault and quotes
            neither keys nor secrets.
    """
    if not json_text.strip():
        return []
    try:
        entries = parse_strict_json(json_text)
    except ValueError:
        # The parser's own message may quote the text around the fault.
        raise ValueError("issuers: not valid JSON, or a key is given twice") from None
    if not isinstance(entries, list):
        raise ValueError("issuers: must be a JSON list of objects, one for each issuer")
    issuers: list[IssuerConfig] = []
    for index, entry in enumerate(entries):
        where = f"issuers[{index}]"
        if not isinstance(entry, dict):
            raise ValueError(f"{where}: must be a JSON object")
        try:
            issuers.append(_parse_issuer(entry))
        except IssuerConfigError as error:
            raise ValueError(f"{where}{_label(entry)}: {error}") from None
    refuse_ambiguous_issuers(issuers)
    return issuers


def refuse_ambiguous_issuers(issuers: Sequence[IssuerConfig]) -> None:
    """Refuses issuers that a token or an owner key could not tell apart.

    Raises:
        ValueError: two share a name, so that their users would share rows, or share an `iss` claim.
    """
    for field_name, values in (
        ("name", [issuer.name for issuer in issuers]),
        ("issuer", [issuer.issuer for issuer in issuers]),
    ):
        for index, value in enumerate(values):
            first = values.index(value)
            if first != index:
                raise ValueError(f"issuers[{index}].{field_name}: {value!r} is already used by issuers[{first}]")


def _parse_issuer(entry: dict[str, Any]) -> IssuerConfig:
    kinds = [kind for kind in _KIND_FIELDS if kind in entry]
    if len(kinds) != 1:
        raise IssuerConfigError(
            " | ".join(_KIND_FIELDS),
            f"exactly one is needed, {len(kinds)} are given" if kinds else "one is needed",
        )
    kind = kinds[0]
    known = (*_SHARED_FIELDS, *_KIND_FIELDS[kind])
    for name in entry:
        if name not in known:
            raise IssuerConfigError(repr(name)[:60], f"is not a field here; with {kind} there are {', '.join(known)}")
    shared: dict[str, Any] = {
        "name": _text(entry, "name"),
        "issuer": _text(entry, "issuer"),
        "audiences": _texts(entry, "audience"),
        "algorithms": frozenset(_texts(entry, "algorithms") if "algorithms" in entry else ()),
    }
    if entry.get("algorithms") == []:
        raise IssuerConfigError("algorithms", "must not be empty; leave it out for the default")
    match kind:
        case "jwks_url":
            allow_http = entry.get("allow_http", False)
            if not isinstance(allow_http, bool):
                raise IssuerConfigError("allow_http", "must be true or false")
            return JwksIssuer(jwks_url=_text(entry, "jwks_url"), allow_http=allow_http, **shared)
        case "public_key":
            public_key = entry["public_key"]
            if not isinstance(public_key, str | Mapping):
                raise IssuerConfigError("public_key", "must be a PEM text or a JWK object")
            return PublicKeyIssuer(public_key=public_key, **shared)
        case _:
            return SharedSecretIssuer(secret=_text(entry, "secret").encode(), **shared)


def _text(entry: dict[str, Any], name: str) -> str:
    if name not in entry:
        raise IssuerConfigError(name, "is missing")
    value = entry[name]
    if not isinstance(value, str):
        raise IssuerConfigError(name, "must be a text")
    if not _is_unicode(value):
        raise IssuerConfigError(name, "holds half of a surrogate pair")
    return value


def _texts(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    if isinstance(entry.get(name), list):
        values = entry[name]
        if not all(isinstance(value, str) and _is_unicode(value) for value in values):
            raise IssuerConfigError(name, "must be a list of texts")
        return tuple(values)
    if name == "algorithms":
        raise IssuerConfigError(name, "must be a list of texts")
    return (_text(entry, name),)


def _is_unicode(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _label(entry: dict[str, Any]) -> str:
    name = entry.get("name")
    return f" ({name[:60]})" if isinstance(name, str) and name.isprintable() and name else ""
