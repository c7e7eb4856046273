"""The development key: kept safe, made once, and believed only where it is meant."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import jwt
import pytest

from tests.auth.keyring import AUDIENCE, ISSUER, NOW, ManualClock, signer
from widgetstream_server.auth import (
    DevelopmentKey,
    DevelopmentKeyError,
    PublicKeyIssuer,
    TokenFailure,
    TokenRejected,
    TokenVerifier,
    compose_issuers,
    development_key_is_accepted,
)

HOUR = timedelta(hours=1)
FILE_NAME = "development-ed25519.pem"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def configured(name: str = "main", issuer: str = ISSUER) -> PublicKeyIssuer:
    return PublicKeyIssuer(name=name, issuer=issuer, audiences=(AUDIENCE,), public_key=signer().pem())


# -- Tokens


async def test_its_tokens_are_accepted(tmp_path: Path, clock: ManualClock) -> None:
    key = DevelopmentKey.load_or_create(tmp_path / "keys")
    verifier = TokenVerifier([key.issuer()], clock=clock)
    principal = await verifier.verify(key.sign("demo", HOUR, clock.now()))
    assert principal.id == "dev:demo"
    assert principal.issuer == "widgetstream-dev"


async def test_its_tokens_end(tmp_path: Path, clock: ManualClock) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    verifier = TokenVerifier([key.issuer()], clock=clock, leeway=timedelta(0))
    token = key.sign("demo", HOUR, clock.now())
    clock.advance(3600)
    with pytest.raises(TokenRejected) as caught:
        await verifier.verify(token)
    assert caught.value.failure is TokenFailure.EXPIRED


async def test_another_machines_key_is_another_key(tmp_path: Path, clock: ManualClock) -> None:
    here = DevelopmentKey.load_or_create(tmp_path / "here")
    there = DevelopmentKey.load_or_create(tmp_path / "there")
    with pytest.raises(TokenRejected) as caught:
        await TokenVerifier([here.issuer()], clock=clock).verify(there.sign("demo", HOUR, clock.now()))
    assert caught.value.failure is TokenFailure.BAD_SIGNATURE


def test_what_a_token_says(tmp_path: Path) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    token = key.sign("demo", timedelta(seconds=1.5), NOW + timedelta(seconds=0.7))
    again = key.sign("demo", timedelta(seconds=1.5), NOW)
    claims = jwt.decode(token, options={"verify_signature": False})
    start = int(NOW.timestamp())
    identifier = claims.pop("jti")
    assert claims == {
        "iss": "widgetstream-dev",
        "aud": "widgetstream",
        "sub": "demo",
        "iat": start,
        "exp": start + 2,
    }
    assert identifier != jwt.decode(again, options={"verify_signature": False})["jti"]


@pytest.mark.parametrize(
    "user,ttl,now,problem",
    [
        ("", HOUR, NOW, "a user is 1 to 200 printable characters"),
        ("a\nb", HOUR, NOW, "a user is 1 to 200 printable characters"),
        ("a" * 201, HOUR, NOW, "a user is 1 to 200 printable characters"),
        ("demo", timedelta(0), NOW, "the ttl must be over 0"),
        ("demo", -HOUR, NOW, "the ttl must be over 0"),
        ("demo", timedelta(days=367), NOW, "at most 366 days"),
        ("demo", HOUR, datetime(2026, 1, 1), "now must have a time zone"),  # noqa: DTZ001 - the point of the case
    ],
)
def test_what_is_not_signed(tmp_path: Path, user: str, ttl: timedelta, now: datetime, problem: str) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    with pytest.raises(ValueError, match=problem):
        key.sign(user, ttl, now)


# -- The file


def test_the_same_key_every_time(tmp_path: Path) -> None:
    first = DevelopmentKey.load_or_create(tmp_path)
    second = DevelopmentKey.load_or_create(tmp_path)
    assert first.issuer() == second.issuer()


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    directory = tmp_path / "data" / "keys"
    DevelopmentKey.load_or_create(directory)
    assert mode(directory) == 0o700
    assert mode(directory / FILE_NAME) == 0o600
    assert [path.name for path in directory.iterdir()] == [FILE_NAME]


def test_an_open_directory_is_closed(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    directory.mkdir()
    directory.chmod(0o755)
    DevelopmentKey.load_or_create(directory)
    assert mode(directory) == 0o700


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    DevelopmentKey.load_or_create(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o640)
    with pytest.raises(DevelopmentKeyError, match=r"can be read by others\. Delete it"):
        DevelopmentKey.load_or_create(tmp_path)


@pytest.mark.parametrize("content", ["", "hello", signer().pem()], ids=["nothing", "a word", "a public key"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(DevelopmentKeyError, match=r"holds no Ed25519 private key\. Delete it"):
        DevelopmentKey.load_or_create(tmp_path)


def test_a_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(DevelopmentKeyError, match=r"cannot keep a development key in .*keys: File exists"):
        DevelopmentKey.load_or_create(tmp_path / "keys")


def test_threads_that_race_end_with_one_key(tmp_path: Path) -> None:
    barrier = Barrier(8)

    def load(_: int) -> PublicKeyIssuer:
        barrier.wait()
        return DevelopmentKey.load_or_create(tmp_path / "keys").issuer()

    with ThreadPoolExecutor(8) as threads:
        issuers = list(threads.map(load, range(8)))
    assert all(issuer == issuers[0] for issuer in issuers)
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [FILE_NAME]


def test_processes_that_race_end_with_one_key(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from widgetstream_server.auth import DevelopmentKey; "
        "print(DevelopmentKey.load_or_create(Path(sys.argv[1])).issuer().public_key)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "keys")], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    keys = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert keys[0] == keys[1]
    assert "BEGIN PUBLIC KEY" in keys[0]


# -- Where it is believed


@pytest.mark.parametrize(
    "others,allow_dev,accepted",
    [
        (0, None, True),
        (1, None, False),
        (0, True, True),
        (1, True, True),
        (1, False, False),
    ],
)
def test_where_it_is_believed(tmp_path: Path, others: int, allow_dev: bool | None, accepted: bool) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    issuers = [configured()][:others]
    names = [issuer.name for issuer in compose_issuers(issuers, key, allow_dev)]
    assert names == ["main"] * others + ["dev"] * accepted
    assert development_key_is_accepted(issuers, allow_dev) is accepted


async def test_configuring_an_issuer_closes_the_door(tmp_path: Path, clock: ManualClock) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    verifier = TokenVerifier(compose_issuers([configured()], key, None), clock=clock)
    with pytest.raises(TokenRejected) as caught:
        await verifier.verify(key.sign("demo", HOUR, clock.now()))
    assert caught.value.failure is TokenFailure.UNKNOWN_ISSUER


def test_it_is_not_needed_where_it_is_not_believed() -> None:
    assert compose_issuers([configured()], None, None) == [configured()]


def test_it_is_needed_where_it_is_believed() -> None:
    with pytest.raises(ValueError, match="the development key is accepted, but there is none"):
        compose_issuers([], None, None)


def test_somebody_must_be_believed(tmp_path: Path) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    with pytest.raises(ValueError, match="nobody could sign in"):
        compose_issuers([], key, allow_dev=False)


@pytest.mark.parametrize("allow_dev", [None, True, False])
@pytest.mark.parametrize("impostor", [configured(name="dev"), configured(issuer="widgetstream-dev")])
def test_nobody_else_can_go_by_its_name(tmp_path: Path, impostor: PublicKeyIssuer, allow_dev: bool | None) -> None:
    key = DevelopmentKey.load_or_create(tmp_path)
    with pytest.raises(ValueError, match=r"issuers\[0\]: .* are reserved for the development key"):
        compose_issuers([impostor], key, allow_dev)
