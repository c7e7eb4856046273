"""What `widgetstream up` tells the web page and the server about each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from widgetstream_server.auth import parse_issuers
from widgetstream_server.cli.failures import CommandFailed
from widgetstream_server.cli.web import WebPage, find_web_page
from widgetstream_server.settings import Settings, load_settings, variable


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that looks like a built page, and a program that passes for Node."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page" / "web").mkdir(parents=True)
    (tmp_path / "page" / "web" / "server.js").touch()
    monkeypatch.setenv("WIDGETSTREAM_WEB_DIR", "page")
    monkeypatch.setenv("WIDGETSTREAM_NODE_BINARY", "/bin/true")


def page(monkeypatch: pytest.MonkeyPatch, **settings: str) -> WebPage:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    found = find_web_page(load_settings())
    assert isinstance(found, WebPage)
    return found


def issuers(environment: Any) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads(environment["WIDGETSTREAM_ISSUERS"])
    return entries


def test_the_server_believes_the_page_and_development_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    found = page(monkeypatch, WIDGETSTREAM_WEB_PORT="3210")
    environment = found.server_environment

    assert environment is not None
    (issuer,) = issuers(environment)
    assert issuer["issuer"] == issuer["audience"] == found.environment["WIDGETSTREAM_PUBLIC_URL"]
    assert issuer["issuer"] == "http://localhost:8080"
    assert issuer["jwks_url"] == "http://127.0.0.1:3210/api/auth/jwks"
    assert environment["WIDGETSTREAM_ALLOW_DEVELOPMENT_TOKENS"] == "true"
    assert len(parse_issuers(environment["WIDGETSTREAM_ISSUERS"])) == 1


def test_development_tokens_stay_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = page(monkeypatch, WIDGETSTREAM_ALLOW_DEVELOPMENT_TOKENS="false").server_environment

    assert environment is not None
    assert environment["WIDGETSTREAM_ALLOW_DEVELOPMENT_TOKENS"] == "false"


def test_issuers_of_the_settings_are_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = {"name": "own", "issuer": "https://a.example", "audience": "a", "jwks_url": "https://a.example/jwks"}
    found = page(monkeypatch, WIDGETSTREAM_ISSUERS=json.dumps([issuer]))

    assert found.server_environment is None
    assert not found.is_trusted
    monkeypatch.setenv("WIDGETSTREAM_PUBLIC_URL", "https://a.example/")
    assert page(monkeypatch).is_trusted


@pytest.mark.parametrize(
    "settings, expected",
    [
        ({}, True),
        ({"WIDGETSTREAM_HTTP_HOST": "0.0.0.0"}, False),  # noqa: S104  # nothing listens
        ({"WIDGETSTREAM_DATABASE_URL": "postgresql://db.example/w"}, False),
        ({"WIDGETSTREAM_DEMO_ACCOUNT": "false"}, False),
        ({"WIDGETSTREAM_DEMO_ACCOUNT": "true", "WIDGETSTREAM_HTTP_HOST": "0.0.0.0"}, True),  # noqa: S104
    ],
)
def test_the_demo_account_is_for_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: bool
) -> None:
    found = page(monkeypatch, **settings)

    assert found.has_demo_account is expected
    assert found.environment["WIDGETSTREAM_DEMO_ACCOUNT"] == str(expected).lower()


def test_the_page_gets_no_secret_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "s" * 40
    environment = page(monkeypatch, WIDGETSTREAM_SECRET=secret, OPENAI_API_KEY="sk-1").environment

    assert "OPENAI_API_KEY" not in environment
    assert secret not in environment.values()
    assert len(environment["WIDGETSTREAM_SESSION_KEY"]) == 64


def test_a_page_that_is_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WIDGETSTREAM_WEB_DIR", str(tmp_path))

    with pytest.raises(CommandFailed) as caught:
        find_web_page(load_settings())

    assert "WIDGETSTREAM_WEB_DIR" in str(caught.value)
