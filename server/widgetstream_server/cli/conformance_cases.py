"""Cases that a ChatKit backend is checked with: requests, and what is expected of the replies, in a neutral form.

A case is a list of steps on one backend. In what is expected, texts that begin with ``$`` stand for something:
``$id:name`` for an id, which is the same wherever the name is, ``$time`` for a time, ``$any`` for anything; an event
below ``$optional`` may be missing. In requests, ``{$repeat: x, times: 3}`` stands for a long text or list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

Json = Any

_ID = "$id:"
_OPTIONAL = "$optional"
_REPEAT = "$repeat"
_TOKEN = "token"  # noqa: S105 - the name of a property


class Different(Exception):
    """A reply is not what was expected. The message says where, and how."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case.

    Attributes:
        name: What it is about.
        steps: Each has a ``request``, or a ``body`` that is none, and the ``status``, ``document`` or ``events`` of its
            reply; ``status`` may be a list of several that will do. With ``names``, a word that the reply has to have,
            the reply is JSON. With ``token``, that is sent in place of the backend's own; empty: none is.
    """

    name: str
    steps: Sequence[Mapping[str, Json]]

    @property
    def is_of_tokens(self) -> bool:
        """Whether it is of no use where the backend asks for no token."""
        return any(_TOKEN in step for step in self.steps)


def load(folder: Path) -> list[Case]:
    """Read the cases of a folder. Raises ``OSError`` or ``ValueError``."""
    import yaml

    try:
        documents = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
        return [Case(entry["name"], entry["steps"]) for document in documents for entry in document["cases"]]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ValueError(f"{folder} holds something that is no case ({type(error).__name__})") from None


def run(case: Case, client: httpx.Client, url: str) -> None:
    """Run a case.

    Raises:
        Different: A reply is not what was expected.
        httpx.HTTPError: The backend does not answer.
    """
    ids: dict[str, str] = {}
    for number, step in enumerate(case.steps, 1):
        try:
            _check(step, _post(client, url, step, ids), ids)
        except Different as different:
            raise Different(f"step {number}: {different}") from None


def _post(client: httpx.Client, url: str, step: Mapping[str, Json], ids: Mapping[str, str]) -> httpx.Response:
    body = step["body"].encode() if "body" in step else json.dumps(_filled(step["request"], ids)).encode()
    request = client.build_request("POST", url, content=body, headers={"content-type": "application/json"})
    if _TOKEN in step:
        del request.headers["authorization"]
        if step[_TOKEN]:
            request.headers["authorization"] = f"Bearer {step[_TOKEN]}"
    return client.send(request)


def _filled(value: Json, ids: Mapping[str, str]) -> Json:
    if isinstance(value, dict) and _REPEAT in value:
        return value[_REPEAT] * value["times"]
    if isinstance(value, dict):
        return {name: _filled(entry, ids) for name, entry in value.items()}
    if isinstance(value, list):
        return [_filled(entry, ids) for entry in value]
    if isinstance(value, str) and value.startswith(_ID):
        return ids[value.removeprefix(_ID)]
    return value


def _check(step: Mapping[str, Json], reply: httpx.Response, ids: dict[str, str]) -> None:
    expected = step.get("status", 200)
    statuses = expected if isinstance(expected, list) else [expected]
    if reply.status_code not in statuses:
        raise Different(f"status {reply.status_code}, expected {' or '.join(map(str, statuses))}")
    if "names" in step:
        _require(reply, "application/json")
        _name(step["names"], reply)
    if "events" in step:
        _require(reply, "text/event-stream")
        _match_events(_merged(step["events"]), _merged(list(_events(reply.text))), ids)
    if "document" in step:
        _require(reply, "application/json")
        _match(step["document"], reply.json(), ids, "document")


def _name(word: str, reply: httpx.Response) -> None:
    try:
        reply.json()
    except ValueError:
        raise Different("the body is no JSON") from None
    if not re.search(rf"\b{re.escape(word)}\b", reply.text):
        raise Different(f"the body does not name {word}")


def _require(reply: httpx.Response, content_type: str) -> None:
    found = reply.headers.get("content-type", "")
    if found.partition(";")[0] != content_type:
        raise Different(f"content type {found or 'missing'}, expected {content_type}")


def _events(text: str) -> Iterator[Json]:
    for line in text.splitlines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


def _merged(events: Sequence[Json]) -> list[Json]:
    """Merge deltas of text that follow each other: a backend may merge those that come together."""
    merged: list[Json] = []
    for event in events:
        before: Json = merged[-1] if merged else {}
        if _is_delta(event) and _is_delta(before) and before["item_id"] == event["item_id"]:
            text = before["update"]["delta"] + event["update"]["delta"]
            merged[-1] = {**before, "update": {**before["update"], "delta": text}}
        else:
            merged.append(event)
    return merged


def _is_delta(event: Json) -> bool:
    update = event.get("update", {})
    return str(update.get("type", "")) == "assistant_message.content_part.text_delta"


def _match_events(expected: Sequence[Json], received: Sequence[Json], ids: dict[str, str]) -> None:
    left = list(received)
    for number, pattern in enumerate(expected, 1):
        optional = pattern.get(_OPTIONAL)
        if optional is not None:
            if left and _fits(optional, left[0], ids):
                left.pop(0)
            continue
        if not left:
            raise Different(f"no event {number}, expected {pattern['type']}")
        _match(pattern, left.pop(0), ids, f"event {number}")
    if left:
        raise Different(f"{len(left)} more events, the first of them {left[0].get('type')}")


def _fits(pattern: Json, value: Json, ids: dict[str, str]) -> bool:
    known = dict(ids)
    try:
        _match(pattern, value, known, "")
    except Different:
        return False
    ids.update(known)
    return True


def _match(pattern: Json, value: Json, ids: dict[str, str], path: str) -> None:
    if isinstance(pattern, str) and pattern.startswith("$"):
        _match_placeholder(pattern, value, ids, path)
    elif isinstance(pattern, dict) and isinstance(value, dict):
        for name in pattern.keys() | value.keys():
            if name not in value:
                raise Different(f"{path}.{name} is missing")
            if name not in pattern:
                raise Different(f"{path}.{name} is too much")
        for name, entry in pattern.items():
            _match(entry, value[name], ids, f"{path}.{name}")
    elif isinstance(pattern, list) and isinstance(value, list) and len(pattern) == len(value):
        for index, (entry, found) in enumerate(zip(pattern, value, strict=True)):
            _match(entry, found, ids, f"{path}[{index}]")
    elif pattern != value or isinstance(pattern, bool) is not isinstance(value, bool):
        raise Different(f"{path} is {_short(value)}, expected {_short(pattern)}")


def _match_placeholder(pattern: str, value: Json, ids: dict[str, str], path: str) -> None:
    if pattern == "$any":
        return
    if not isinstance(value, str):
        raise Different(f"{path} is {_short(value)}, expected a text")
    if pattern == "$time":
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise Different(f"{path} is {_short(value)}, expected a time") from None
    elif ids.setdefault(pattern.removeprefix(_ID), value) != value:
        raise Different(f"{path} is another id than before")


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
