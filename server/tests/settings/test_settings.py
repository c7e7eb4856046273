"""Where settings come from, what they refuse, and what they keep to themselves."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from widgetstream_server.settings import Settings, SettingsError, load_settings, unknown_variables, variable

EXAMPLE = Path(__file__).parents[3] / ".env.example"
HEX = "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variables of this machine, and no file `.env`."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    settings = load_settings()

    assert (settings.grpc_host, settings.grpc_port) == ("127.0.0.1", 50051)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.database_url == "sqlite:///.data/widgetstream.db"
    assert settings.issuer_configs == []
    assert settings.openai_api_key is None


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WIDGETSTREAM_HTTP_PORT=1\nWIDGETSTREAM_GRPC_PORT=2\nOTHERS=3\n")
    monkeypatch.setenv("WIDGETSTREAM_HTTP_PORT", "4")

    assert (load_settings().http_port, load_settings().grpc_port) == (4, 2)


def test_what_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.setenv(variable(field), "")

    emptied = load_settings()
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field))

    assert emptied == load_settings()


def test_lists_have_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGETSTREAM_CORS_ORIGINS", "https://a.example, http://localhost:3000,")
    monkeypatch.setenv("WIDGETSTREAM_MODEL", "small, large")

    assert load_settings().cors_origins == ("https://a.example", "http://localhost:3000")
    assert load_settings().model == ("small", "large")


def test_the_database_is_in_the_data_folder_unless_it_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGETSTREAM_DATA_DIR", "/var/lib/w")

    assert load_settings().database_url == "sqlite:////var/lib/w/widgetstream.db"

    monkeypatch.setenv("WIDGETSTREAM_DATABASE_URL", "postgresql://db.example/w")

    assert load_settings().database_url == "postgresql://db.example/w"


@pytest.mark.parametrize(
    "name, value",
    [
        ("WIDGETSTREAM_GRPC_PORT", "fifty"),
        ("WIDGETSTREAM_GRPC_PORT", "65536"),
        ("WIDGETSTREAM_HTTP_PORT", "-1"),
        ("WIDGETSTREAM_CORS_ORIGINS", "https://a.example/"),
        ("WIDGETSTREAM_CORS_ORIGINS", "a.example"),
        ("WIDGETSTREAM_APP", "no colon"),
        ("WIDGETSTREAM_APP", "a.b:c d"),
        ("WIDGETSTREAM_TIME_ZONE", "Mars/Olympus"),
        ("WIDGETSTREAM_TIME_ZONE", "../../etc/passwd"),
        ("WIDGETSTREAM_ISSUERS", "{"),
        ("WIDGETSTREAM_ISSUERS", '[{"name": "a"}]'),
        ("WIDGETSTREAM_ALLOW_DEVELOPMENT_TOKENS", "perhaps"),
        ("WIDGETSTREAM_SECRET", "short"),
        ("WIDGETSTREAM_OPENAI_API", "completions"),
        ("OPENAI_BASE_URL", "localhost:1234"),
        ("WIDGETSTREAM_HISTORY_ITEMS", "0"),
        ("WIDGETSTREAM_MODEL_TIMEOUT_SECONDS", "0"),
        ("WIDGETSTREAM_MODEL_RETRIES", "-1"),
        ("WIDGETSTREAM_MODEL", "a,b,a"),
        ("WIDGETSTREAM_MODEL", ","),
        ("WIDGETSTREAM_MAX_STREAMS", "0"),
        ("WIDGETSTREAM_MAX_REQUEST_BYTES", "10"),
        ("WIDGETSTREAM_HEARTBEAT_SECONDS", "0"),
        ("WIDGETSTREAM_HEARTBEAT_SECONDS", "nan"),
        ("WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS", "-1"),
        ("WIDGETSTREAM_LOG_LEVEL", "loud"),
        ("WIDGETSTREAM_LOG_FORMAT", "xml"),
        ("WIDGETSTREAM_CHAT", "other"),
        ("WIDGETSTREAM_CHATKIT_SCRIPT", "chatkit.js"),
        ("WIDGETSTREAM_IMAGE_DOMAINS", "https://images.example"),
        ("WIDGETSTREAM_SIGN_INS_PER_MINUTE", "-1"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()

    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message


def test_all_that_is_bad_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGETSTREAM_GRPC_PORT", "x")
    monkeypatch.setenv("WIDGETSTREAM_LOG_LEVEL", "x")
    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "WIDGETSTREAM_GRPC_PORT",
        "WIDGETSTREAM_LOG_LEVEL",
    ]


def test_secrets_are_neither_in_the_repr_nor_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = f'{{"name": "a", "issuer": "i", "audience": "x", "secret": "{HEX}"}}'
    monkeypatch.setenv("WIDGETSTREAM_ISSUERS", f"[{issuer}]")
    monkeypatch.setenv("WIDGETSTREAM_SECRET", HEX)
    monkeypatch.setenv("OPENAI_API_KEY", HEX)
    monkeypatch.setenv("WIDGETSTREAM_DATABASE_URL", f"postgresql://me:{HEX}@db.example/w")
    settings = load_settings()

    assert HEX not in repr(settings)
    assert HEX not in str(settings)
    assert [config.name for config in settings.issuer_configs] == ["a"]
    assert settings.page_token_key() == HEX.encode()

    monkeypatch.setenv("WIDGETSTREAM_ISSUERS", f"[{issuer[:-1]}]")
    monkeypatch.setenv("WIDGETSTREAM_SECRET", HEX[:20])
    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert HEX[:20] not in str(caught.value)


def test_a_secret_is_made_once_and_for_the_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WIDGETSTREAM_DATA_DIR", str(tmp_path / "data"))
    first = load_settings().page_token_key()
    second = load_settings().page_token_key()

    (file,) = (tmp_path / "data" / "keys").iterdir()
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WIDGETSTREAM_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(SettingsError, match=r"^WIDGETSTREAM_DATA_DIR: "):
        load_settings().page_token_key()


def test_misspelt_variables_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGETSTREAM_HTPP_PORT", "8080")
    monkeypatch.setenv("WIDGETSTREAM_HTTP_PORT", "8080")
    monkeypatch.setenv("WIDGETSTREAM_TOKEN", "of a client")

    assert unknown_variables() == ["WIDGETSTREAM_HTPP_PORT"]


def test_the_example_lists_every_setting_with_its_purpose_and_default(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = re.findall(r"((?:^# .+\n)+?)^# ([A-Z0-9_]+)=(.*)\n", EXAMPLE.read_text(), re.MULTILINE)
    listed = {name: (" ".join(line[2:] for line in text.splitlines()), default) for text, name, default in entries}

    assert sorted(listed) == sorted(variable(field) for field in Settings.model_fields)
    for field, info in Settings.model_fields.items():
        purpose, default = listed[variable(field)]
        assert purpose == info.description
        if default:
            monkeypatch.setenv(variable(field), default)

            assert getattr(load_settings(), field) == info.default
        else:
            # What is made up at start has no value to be shown; the purpose tells it.
            assert info.default_factory is not None or info.default is None
            assert field in {"issuers", "envoy_binary"} or "Default: " in purpose


def test_sessions_have_a_key_of_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WIDGETSTREAM_DATA_DIR", str(tmp_path / "data"))
    kept = load_settings().session_key()
    file = tmp_path / "data" / "keys" / "web-session.secret"

    assert kept == load_settings().session_key() == file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept != load_settings().page_token_key().decode()

    monkeypatch.setenv("WIDGETSTREAM_SECRET", HEX)

    # The same on all servers, and not what page tokens are signed with.
    derived = load_settings().session_key()
    assert derived == load_settings().session_key()
    assert derived not in (kept, HEX)
