"""Attachments through Envoy: bare bodies in, bare bodies out, and no file in anybody's memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.attachments.files import JPEG, PNG, TEXT

from .conftest import Stack
from .processes import children_of, running, token_in, widgetstream

pytestmark = pytest.mark.e2e

MIB = 1024 * 1024


def announce(http: httpx.Client, content: bytes = TEXT, mime_type: str = "text/plain", **given: Any) -> dict[str, Any]:
    request = {"name": "a file.txt", "size": len(content), "mime_type": mime_type, **given}
    response = http.post("/v1/attachments", json=request)
    assert response.status_code == 200, response.text
    attachment: dict[str, Any] = response.json()["attachment"]
    return attachment


def resident(pid: int) -> int:
    """Return the memory that a process has had at most, in bytes."""
    with open(f"/proc/{pid}/status") as status:  # noqa: PTH123 — a file of the kernel's
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_page_uploads_without_a_token_as_it_was_told(
    stack: Stack, http: httpx.Client, stranger: httpx.Client, method: str
) -> None:
    attachment = announce(http)
    descriptor = attachment["upload_descriptor"]
    response = stranger.request(method, descriptor["url"], content=TEXT, headers=descriptor["headers"])
    again = stranger.request(method, descriptor["url"], content=TEXT, headers=descriptor["headers"])
    content = http.get(f"/v1/attachments/{attachment['id']}/content")

    assert descriptor["url"].startswith(f"{stack.url}/v1/attachments/")
    assert descriptor["method"] == "UPLOAD_METHOD_PUT"
    assert response.status_code == 200, response.text
    assert "upload_descriptor" not in response.json()["attachment"]
    assert again.status_code == 401
    assert content.content == TEXT


def test_a_page_uploads_a_form(http: httpx.Client, stranger: httpx.Client) -> None:
    attachment = announce(http)
    response = stranger.post(attachment["upload_descriptor"]["url"], files={"file": ("list.txt", TEXT, "text/plain")})
    content = http.get(f"/v1/attachments/{attachment['id']}/content")

    assert response.status_code == 200, response.text
    assert content.content == TEXT


def test_a_page_that_is_told_to_post_does_so(tmp_path: Path) -> None:
    ports = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0"}
    with running(widgetstream("up", "--no-web"), tmp_path, WIDGETSTREAM_UPLOAD_METHOD="POST", **ports) as program:
        headers = {"authorization": f"Bearer {token_in(tmp_path)}"}
        with httpx.Client(base_url=program.first_line().split()[1], timeout=60, trust_env=False) as page:
            params = {"name": "list.txt", "size": len(TEXT), "mime_type": "text/plain"}
            body = {"type": "attachments.create", "params": params}
            attachment = page.post("/chatkit", json=body, headers=headers).json()
            told = attachment["upload_descriptor"]
            uploaded = page.request(told["method"], told["url"], files={"file": ("list.txt", TEXT, "text/plain")})
            content = page.get(f"/v1/attachments/{attachment['id']}/content", headers=headers)

    assert (told["method"], told.get("headers", {})) == ("POST", {})
    assert uploaded.status_code == 200, uploaded.text
    assert content.content == TEXT


def test_what_a_browser_could_run_comes_as_a_file(http: httpx.Client) -> None:
    page = b"<script>alert(1)</script>"
    attachment = announce(http, page, "text/html", name="päge/../x.html")
    http.put(f"/v1/attachments/{attachment['id']}/content", content=page)
    response = http.get(f"/v1/attachments/{attachment['id']}/content")

    assert response.content == page
    assert response.headers["content-type"] == "text/html"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''p%C3%A4ge_.._x.html"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "sandbox; default-src 'none'"


def test_an_svg_is_not_shown(http: httpx.Client) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    attachment = announce(http, drawing, "image/svg+xml")
    http.put(f"/v1/attachments/{attachment['id']}/content", content=drawing)
    response = http.get(f"/v1/attachments/{attachment['id']}/content")

    assert "file" in attachment
    assert response.headers["content-disposition"].startswith("attachment;")


def test_a_preview_is_shown_by_its_address_alone(http: httpx.Client, stranger: httpx.Client) -> None:
    attachment = announce(http, PNG, "image/png", name="dot.png")
    http.put(f"/v1/attachments/{attachment['id']}/content", content=PNG, headers={"content-type": "image/png"})
    preview = attachment["image"]["preview_url"]
    response = stranger.get(preview)
    closed = stranger.get(preview.partition("?")[0])
    forged = stranger.get(preview[:-4] + "AAAA")

    assert response.content == PNG
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''dot.png"
    assert (closed.status_code, forged.status_code) == (401, 401)


@pytest.mark.parametrize(
    "declared, content, field",
    [
        ({"size": 3}, TEXT, "size"),
        ({"size": 3000}, TEXT, "size"),
        ({"mime_type": "image/png", "size": len(JPEG)}, JPEG, "mime_type"),
        ({"sha256": "A" * 43 + "="}, TEXT, "sha256"),
    ],
)
def test_a_mismatch_is_told(
    http: httpx.Client, stranger: httpx.Client, declared: dict[str, Any], content: bytes, field: str
) -> None:
    attachment = announce(http, **declared)
    response = stranger.put(attachment["upload_descriptor"]["url"], content=content)

    assert response.status_code == 400
    details = response.json()["details"]
    assert details[0]["reason"] == "ATTACHMENT_MISMATCH"
    assert details[1]["field_violations"][0]["field"] == field


def test_another_person_sees_nothing(stack: Stack, http: httpx.Client) -> None:
    attachment = announce(http)
    path = f"/v1/attachments/{attachment['id']}"
    http.put(f"{path}/content", content=TEXT)
    with httpx.Client(
        base_url=stack.url, headers={"authorization": f"Bearer {stack.token('mallory')}"}, trust_env=False
    ) as mallory:
        codes = [
            mallory.get(f"{path}/content").status_code,
            mallory.put(f"{path}/content", content=TEXT).status_code,
            mallory.delete(path).status_code,
        ]
    deleted = http.delete(path)
    after = http.get(f"{path}/content")

    assert codes == [404, 404, 404]
    assert (deleted.status_code, after.status_code) == (200, 404)


def test_a_page_elsewhere_may_upload(stranger: httpx.Client) -> None:
    response = stranger.options(
        "/v1/attachments/atc_x/content?key=y",
        headers={
            "origin": "https://page.example",
            "access-control-request-method": "PUT",
            "access-control-request-headers": "content-type",
        },
    )

    assert response.headers["access-control-allow-origin"] == "https://page.example"
    assert "PUT" in response.headers["access-control-allow-methods"]


@pytest.mark.slow
def test_a_large_file_goes_through_in_pieces(stack: Stack, http: httpx.Client) -> None:
    """60 MB up and down: neither the server nor Envoy ever has a third of it in memory."""
    size = 60_000_000
    piece = bytes(range(256)) * 256
    expected = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        left = size
        while left:
            part = piece[:left]
            expected.update(part)
            left -= len(part)
            yield part

    small = announce(http)
    http.put(f"/v1/attachments/{small['id']}/content", content=TEXT)
    processes = children_of(stack.program.process.pid)
    before = [resident(pid) for pid in processes]
    attachment = announce(http, size=size, mime_type="application/zip")
    path = f"/v1/attachments/{attachment['id']}/content"
    up = http.put(path, content=pieces(), headers={"content-length": str(size)})
    received = hashlib.sha256()
    with http.stream("GET", path) as down:
        for part in down.iter_bytes():
            received.update(part)
    grown = [resident(pid) - was for pid, was in zip(processes, before, strict=True)]

    assert up.status_code == 200, up.text
    assert received.digest() == expected.digest()
    assert len(processes) == 2
    assert max(grown) < 20 * MIB, grown


def test_a_file_larger_than_announced_is_cut_off(http: httpx.Client) -> None:
    attachment = announce(http, size=MIB)
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        while sent < 60 * MIB:
            sent += MIB
            yield b"x" * MIB

    try:
        status = http.put(f"/v1/attachments/{attachment['id']}/content", content=pieces()).status_code
    except httpx.WriteError:
        status = 400  # Envoy has answered and hung up before this client looked for an answer.

    assert status == 400
    assert sent < 30 * MIB
