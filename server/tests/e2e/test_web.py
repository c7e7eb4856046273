"""The web page behind Envoy: accounts, the tokens that they get, and what holds when a process dies."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.storage.postgres_server import postgres_server

from .processes import Program, children_of, environment, running, token_in, wait_until, widgetstream

BUILT = Path(__file__).parents[3] / "clients" / "web" / ".next" / "standalone" / "web" / "server.js"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not BUILT.exists(), reason="the web page is not built: run `make build-web`"),
]

PORTS = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0"}
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Site:
    """A stack with its web page."""

    program: Program
    url: str
    folder: Path

    def browser(self) -> httpx.Client:
        """Return somebody who keeps cookies, as a browser does."""
        return httpx.Client(base_url=self.url, headers={"origin": self.url}, timeout=30, trust_env=False)


def site(program: Program, folder: Path) -> Site:
    word, url = program.first_line().split()
    assert word == "ready"
    return Site(program, url, folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with running(widgetstream("up"), folder, **PORTS) as program:
        yield site(program, folder)


def sign_up(browser: httpx.Client, name: str) -> dict[str, Any]:
    account = {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD}
    answer = browser.post("/api/auth/sign-up/email", json=account)
    assert answer.status_code == 200, answer.text
    user: dict[str, Any] = answer.json()["user"]
    return user


def token_of(browser: httpx.Client) -> str:
    answer = browser.get("/api/auth/token")
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["token"]
    return token


def policy_of(page: httpx.Response) -> str:
    policy: str = page.headers["content-security-policy"]
    return policy


def tasks(browser: httpx.Client, token: str) -> httpx.Response:
    return browser.get("/v1/tasks", headers={"authorization": f"Bearer {token}"})


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def test_an_account_opens_the_service_and_signing_out_ends_it(shared: Site) -> None:
    with shared.browser() as browser:
        user = sign_up(browser, "Ada")
        token = token_of(browser)
        found = claims(token)
        answered = tasks(browser, token)
        out = browser.post("/api/auth/sign-out", json={})
        refused = browser.get("/api/auth/token")

    # The id and the name, and nothing else of the account.
    assert set(found) == {"iss", "aud", "sub", "name", "iat", "exp"}
    assert (found["sub"], found["name"]) == (user["id"], "Ada")
    assert found["iss"] == found["aud"] == shared.url
    assert answered.status_code == 200
    assert out.status_code == 200
    assert refused.status_code == 401


def test_two_people_see_nothing_of_each_other(shared: Site) -> None:
    with shared.browser() as one, shared.browser() as other:
        sign_up(one, "Grace")
        sign_up(other, "Mallory")
        token = token_of(one)
        made = one.post("/v1/tasks", json={"title": "Mine"}, headers={"authorization": f"Bearer {token}"}).json()
        seen = tasks(other, token_of(other)).json()
        asked = other.get(
            f"/v1/tasks/{made['task']['task_id']}", headers={"authorization": f"Bearer {token_of(other)}"}
        )

    assert seen["tasks"] == []
    assert asked.status_code == 404


def test_sessions_are_kept_where_no_script_reads_them(shared: Site) -> None:
    with shared.browser() as browser:
        account = {"email": "demo@example.com", "password": "widgetstream"}
        cookie = browser.post("/api/auth/sign-in/email", json=account).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_other_pages_cannot_sign_anybody_in(shared: Site) -> None:
    with shared.browser() as browser:
        account = {"email": "demo@example.com", "password": "widgetstream"}
        answer = browser.post("/api/auth/sign-in/email", json=account, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_passwords_cannot_be_guessed_at_will(tmp_path: Path) -> None:
    settings = {**PORTS, "WIDGETSTREAM_SIGN_INS_PER_MINUTE": "3"}
    with running(widgetstream("up"), tmp_path, **settings) as program:
        place = site(program, tmp_path)
        with place.browser() as browser:
            account = {"email": "demo@example.com", "password": "a guess of many"}
            # Whoever guesses cannot pass for another address each time.
            statuses = [
                browser.post(
                    "/api/auth/sign-in/email",
                    json=account,
                    headers={"x-client-ip": f"192.0.2.{number}", "x-forwarded-for": f"192.0.2.{number}"},
                ).status_code
                for number in range(5)
            ]

    assert statuses == [401, 401, 401, 429, 429]


def test_a_page_may_run_what_it_brings_and_no_more(shared: Site) -> None:
    with shared.browser() as browser:
        page = browser.get("/sign-in", headers={"accept": "text/html"})
    policy = policy_of(page)

    assert page.status_code == 200
    assert "unsafe-eval" not in policy
    assert "http" not in policy, "a third party is let in"
    assert "'nonce-" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"


def test_only_the_chat_lets_chatkits_element_in(shared: Site) -> None:
    with shared.browser() as browser:
        sign_up(browser, "Joan")
        pages = {path: browser.get(path, headers={"accept": "text/html"}) for path in ("/chat", "/specimens")}
        browser.cookies.set("widgetstream.chat", "built-in")
        chosen = browser.get("/chat", headers={"accept": "text/html"})

    assert {page.status_code for page in (*pages.values(), chosen)} == {200}
    assert "script-src 'self' 'nonce-" in policy_of(pages["/chat"])
    assert "frame-src https://cdn.platform.openai.com;" in policy_of(pages["/chat"])
    assert "http" not in policy_of(pages["/specimens"])
    assert "http" not in policy_of(chosen)


def test_the_first_screen_asks_for_an_account(shared: Site) -> None:
    with shared.browser() as browser:
        answer = browser.get("/", headers={"accept": "text/html"}, follow_redirects=True)
        doors = browser.get("/")

    assert answer.url.path == "/sign-up"
    assert "Create your account" in answer.text
    assert doors.json()["name"] == "widgetstream"


def test_what_the_api_does_not_know_is_not_the_page_s(shared: Site) -> None:
    with shared.browser() as browser:
        answer = browser.get("/v1/nothing", headers={"accept": "text/html"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"


def test_development_tokens_stay_good(shared: Site) -> None:
    with shared.browser() as browser:
        answer = tasks(browser, token_in(shared.folder))

    assert answer.status_code == 200


def test_a_page_that_dies_comes_back_with_all_accounts(tmp_path: Path) -> None:
    with running(widgetstream("up"), tmp_path, **PORTS) as program:
        place = site(program, tmp_path)
        with place.browser() as browser:
            sign_up(browser, "Ada")
            token = token_of(browser)
            assert tasks(browser, token).status_code == 200
            (node,) = [child for child in children_of(program.process.pid) if program_of(child) == "node"]
            subprocess.run(["kill", "-KILL", str(node)], check=True)
            # The rest serves meanwhile, with keys that it knows; people are told.
            meanwhile = tasks(browser, token)
            page = browser.get("/chat", headers={"accept": "text/html"})
            wait_until(lambda: browser.get("/api/auth/token").status_code == 200)
            after = tasks(browser, token_of(browser))
        program.signal(signal.SIGTERM)
        code = program.ended()
        said = program.log.read_text()

    assert meanwhile.status_code == 200
    assert page.status_code == 503
    assert "One moment" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert after.status_code == 200
    assert "the web page was ended by SIGKILL; it is started again" in said
    assert code == 0


def test_sessions_outlive_the_stack(tmp_path: Path) -> None:
    with running(widgetstream("up"), tmp_path, **PORTS) as program:
        first = site(program, tmp_path)
        port = str(httpx.URL(first.url).port)
        with first.browser() as browser:
            sign_up(browser, "Ada")
            cookies = browser.cookies
    with running(widgetstream("up"), tmp_path, **{**PORTS, "WIDGETSTREAM_HTTP_PORT": port}) as program:
        second = site(program, tmp_path)
        with second.browser() as browser:
            browser.cookies = cookies
            answer = tasks(browser, token_of(browser))

    assert answer.status_code == 200


@pytest.mark.postgres
def test_accounts_on_postgresql(tmp_path: Path) -> None:
    with postgres_server() as postgres:
        url = postgres.new_database()
        settings = {**PORTS, "WIDGETSTREAM_DATABASE_URL": url}
        subprocess.run(
            widgetstream("db", "upgrade"),
            cwd=tmp_path,
            env=environment(tmp_path, **settings),
            check=True,
            capture_output=True,
        )
        answers = [on_postgresql(tmp_path, settings, name) for name in ("Ada", "Grace")]

    assert answers == [200, 200]
    assert not (tmp_path / "data" / "accounts.db").exists()


def on_postgresql(folder: Path, settings: dict[str, str], name: str) -> int:
    """Start the stack, which makes or finds its tables, and use it."""
    with running(widgetstream("up"), folder, **settings) as program, site(program, folder).browser() as browser:
        sign_up(browser, name)
        # There is no account whose password everybody knows.
        demo = browser.post("/api/auth/sign-in/email", json={"email": "demo@example.com", "password": "widgetstream"})
        assert demo.status_code == 401
        return tasks(browser, token_of(browser)).status_code


def program_of(pid: int) -> str:
    # What a process calls itself may be something else.
    return Path(f"/proc/{pid}/exe").readlink().name
