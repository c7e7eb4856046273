"""The key pair of a developer's machine: a fresh checkout runs without an issuer."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from widgetstream_server.auth.claims import MAX_SUBJECT_LENGTH, is_subject
from widgetstream_server.auth.issuers import PublicKeyIssuer

DEVELOPMENT_NAME = "dev"
DEVELOPMENT_ISSUER = "widgetstream-dev"
DEVELOPMENT_AUDIENCE = "widgetstream"
MAX_DEVELOPMENT_TTL = timedelta(days=366)

_FILE_NAME = "development-ed25519.pem"
_MAX_FILE_BYTES = 4096


class DevelopmentKeyError(Exception):
    """The key file cannot be used or made. The message says what to do; it holds nothing of the key."""


class DevelopmentKey:
    """An Ed25519 key pair kept in a file that only its owner can read."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key

    @classmethod
    def load_or_create(cls, directory: Path) -> Self:
        """The key pair kept in `directory`, made now if there is none.

        The directory is for keys alone: it is made if missing, and set to mode 0700 if others could enter
        it. The file has mode 0600 from its first moment and appears complete or not at all. Processes that
        come at the same time end with the same key.

        Raises:
            DevelopmentKeyError: the directory or file cannot be read or written, others may read the file, or
                it holds something else.
        """
        path = directory / _FILE_NAME
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(directory.stat().st_mode) & 0o077:
                directory.chmod(0o700)
            if not path.exists():
                _create(path)
            content = _read_private(path)
        except OSError as error:
            raise DevelopmentKeyError(f"cannot keep a development key in {directory}: {error.strerror}") from error
        try:
            key = load_pem_private_key(content, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise DevelopmentKeyError(f"{path} holds no Ed25519 private key. Delete it, and a new one will be made")
        return cls(key)

    def issuer(self) -> PublicKeyIssuer:
        """The issuer whose tokens `sign` makes."""
        public_key = self._private_key.public_key()
        return PublicKeyIssuer(
            name=DEVELOPMENT_NAME,
            issuer=DEVELOPMENT_ISSUER,
            audiences=(DEVELOPMENT_AUDIENCE,),
            public_key=public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii"),
        )

    def sign(self, user: str, ttl: timedelta, now: datetime) -> str:
        """A token that makes its bearer the user `user` from `now` (aware) for as long as `ttl`.

        Times in a token are whole seconds: a fraction of `now` is cut, one of `ttl` rounded up.

        Raises:
            ValueError: the user is not 1 to 200 printable characters, the ttl is not over 0 and at most
                366 days, or `now` has no time zone.
        """
        if not is_subject(user):
            raise ValueError(f"a user is 1 to {MAX_SUBJECT_LENGTH} printable characters")
        if not timedelta(0) < ttl <= MAX_DEVELOPMENT_TTL:
            raise ValueError(f"the ttl must be over 0 and at most {MAX_DEVELOPMENT_TTL.days} days")
        if now.tzinfo is None:
            raise ValueError("now must have a time zone")
        issued_at = int(now.timestamp())
        claims = {
            "iss": DEVELOPMENT_ISSUER,
            "aud": DEVELOPMENT_AUDIENCE,
            "sub": user,
            "iat": issued_at,
            "exp": issued_at - (-ttl // timedelta(seconds=1)),
            "jti": secrets.token_urlsafe(12),
        }
        return jwt.encode(claims, self._private_key, algorithm="EdDSA")


def _create(path: Path) -> None:
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces: whoever comes second uses the first one's key.
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()


def _read_private(path: Path) -> bytes:
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise DevelopmentKeyError(f"{path} can be read by others. Delete it, and a new one will be made")
        return file.read(_MAX_FILE_BYTES)
