"""Hands pip's configuration of indexes on to uv, which reads none of it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

# pip's settings about the main index, and the variables by which uv is told the same.
MAIN_INDEX = {
    "index-url": "UV_DEFAULT_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}
# The same for all places where packages may come from.
ALL_INDEXES = MAIN_INDEX | {
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
}


def pip_settings() -> dict[str, str]:
    """Returns pip's settings about indexes by bare name; the environment wins over files, as in pip."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    settings: dict[str, str] = {}
    for line in listing.splitlines():
        key, _, quoted = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in {"global", "install"} and name in ALL_INDEXES:
            settings[name] = str(ast.literal_eval(quoted))
    for name in ALL_INDEXES:
        value = os.environ.get("PIP_" + name.upper().replace("-", "_"))
        if value:
            settings[name] = value
    return settings


def uv_environment(variables: dict[str, str]) -> dict[str, str]:
    """Returns the environment for uv, with pip's settings under the variables given for them.

    A variable that is set already is left alone.
    """
    environment = dict(os.environ)
    for name, value in pip_settings().items():
        if name in variables:
            separator = "," if name == "find-links" else " "
            environment.setdefault(variables[name], separator.join(value.split()))
    return environment
