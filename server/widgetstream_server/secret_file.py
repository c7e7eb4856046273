"""A random secret that is kept in a file."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

_BYTES = 32


def random_secret(path: Path) -> bytes:
    """Return the secret kept in a file, made now if there is none.

    The file has mode 0600 from its first moment, and appears complete or not at all: processes that come at the same
    time end with the same secret.

    Raises:
        OSError: The file cannot be read or made.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _create(path)
        return path.read_bytes()


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(_BYTES).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces: whoever comes second uses the first one's secret.
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
