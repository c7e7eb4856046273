"""The web page that ``widgetstream up`` starts: where it is, what it is told, and which tokens it makes."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from widgetstream_server.cli.addresses import shown_address
from widgetstream_server.cli.failures import USAGE, CommandFailed
from widgetstream_server.settings import SettingsError, child_environment, variable

if TYPE_CHECKING:
    from widgetstream_server.settings import Settings

ISSUER_NAME = "accounts"
"""What the page's issuer is called: part of the owner key of every row, so it stays."""

# Of the checkout: this file is in server/widgetstream_server/cli.
_BUILT = Path(__file__).parents[3] / "clients" / "web" / ".next" / "standalone"
_PROGRAM = Path("web") / "server.js"
_LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class WebPage:
    """The web page's process, as it is to be started.

    Attributes:
        node: Node, the program itself: through a launcher, signals would not reach it.
        program: What Node runs.
        port: Its port on loopback.
        public_url: Where people reach it: also the issuer and the audience of its tokens.
        settings: All settings.
    """

    node: Path
    program: Path
    port: int
    public_url: str
    settings: Settings

    @property
    def command(self) -> list[str]:
        """The command that starts it."""
        # Its own SQLite is marked as experimental, which it says at every start.
        return [str(self.node), "--disable-warning=ExperimentalWarning", str(self.program)]

    @property
    def environment(self) -> Mapping[str, str]:
        """Its environment: this process's, and all settings that concern it, resolved."""
        settings = self.settings
        own = {
            "NODE_ENV": "production",
            "NEXT_TELEMETRY_DISABLED": "1",
            "HOSTNAME": _LOOPBACK,
            "PORT": str(self.port),
            "WIDGETSTREAM_PUBLIC_URL": self.public_url,
            # Not the working folder of this process, once Node has gone to its own.
            "WIDGETSTREAM_DATA_DIR": str(settings.data_dir.absolute()),
            "WIDGETSTREAM_DATABASE_URL": settings.database_url if self._on_postgresql else "",
            "WIDGETSTREAM_SESSION_KEY": _session_key(settings),
            "WIDGETSTREAM_SIGN_UP": _switch(settings.sign_up),
            "WIDGETSTREAM_SIGN_INS_PER_MINUTE": str(settings.sign_ins_per_minute),
            "WIDGETSTREAM_DEMO_ACCOUNT": _switch(self.has_demo_account),
            "WIDGETSTREAM_CHAT": settings.chat,
            "WIDGETSTREAM_CHATKIT_DOMAIN_KEY": settings.chatkit_domain_key or "",
            "WIDGETSTREAM_CHATKIT_SCRIPT": settings.chatkit_script,
            "WIDGETSTREAM_IMAGE_DOMAINS": settings.image_domains or "",
        }
        # What runs pages needs neither the models' key nor what the gRPC server signs with.
        hidden = ("openai_api_key", "secret", "issuers", "attachments_s3_secret_access_key")
        return child_environment(own, without=map(variable, hidden))

    @property
    def has_demo_account(self) -> bool:
        """Whether there is an account whose password is in the documentation."""
        if self.settings.demo_account is not None:
            return self.settings.demo_account
        return not self._on_postgresql and _is_loopback(self.settings.http_host)

    @property
    def server_environment(self) -> Mapping[str, str] | None:
        """The environment of a gRPC server that believes this page's tokens.

        None: the settings name issuers, and it is theirs to name this page too.
        """
        settings = self.settings
        if settings.issuer_configs:
            return None
        issuer = {
            "name": ISSUER_NAME,
            "issuer": self.public_url,
            "audience": self.public_url,
            "jwks_url": f"http://{_LOOPBACK}:{self.port}/api/auth/jwks",
        }
        # The issuer named here was not chosen by anybody: tokens of `widgetstream token` stay as good as without it.
        development = settings.allow_development_tokens is not False
        return child_environment(
            {
                variable("issuers"): json.dumps([issuer]),
                variable("allow_development_tokens"): _switch(development),
            }
        )

    @property
    def is_trusted(self) -> bool:
        """Whether the gRPC server believes this page's tokens."""
        configured = self.settings.issuer_configs
        return not configured or any(issuer.issuer == self.public_url for issuer in configured)

    async def answers(self) -> None:
        """Wait until it serves its keys, and so everything."""
        url = f"http://{_LOOPBACK}:{self.port}/api/auth/jwks"
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(url)).status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(_POLL_SECONDS)

    @property
    def _on_postgresql(self) -> bool:
        return not self.settings.database_url.startswith("sqlite")


def find_web_page(settings: Settings) -> WebPage | str:
    """Return the web page, or why there is none.

    Raises:
        CommandFailed: What the settings name is not there.
    """
    folder = settings.web_dir or _BUILT
    program = folder.absolute() / _PROGRAM
    if not program.is_file():
        if settings.web_dir is not None:
            raise CommandFailed(f"{variable('web_dir')}: there is no {_PROGRAM} in {folder}", USAGE)
        return "it is not built (make build-web)"
    node = _node(settings)
    if node is None:
        return "there is no Node to run it (make setup-web)"
    address = shown_address(settings.http_host, settings.http_port)
    return WebPage(
        node=node,
        program=program,
        port=settings.web_port or free_port(_LOOPBACK),
        public_url=settings.public_url or f"http://{address}",
        settings=settings,
    )


def free_port(host: str) -> int:
    """Return a port that is free now. Another process may take it before it is used."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _node(settings: Settings) -> Path | None:
    if settings.node_binary is not None:
        if not os.access(settings.node_binary, os.X_OK):
            raise CommandFailed(f"{variable('node_binary')}: {settings.node_binary} is no program", USAGE)
        return settings.node_binary
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    return Path(found).resolve() if found else None


def _session_key(settings: Settings) -> str:
    try:
        return settings.session_key()
    except SettingsError as error:
        raise CommandFailed(str(error)) from None


def _is_loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _switch(on: bool) -> str:
    return "true" if on else "false"
