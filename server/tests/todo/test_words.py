"""The todo app speaks the person's language: all its texts are there in each, with the same gaps to fill."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import string
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.chatkit_protocol.client import ChatKitClient
from tests.rpc.conftest import settings_for
from widgetstream_server.app import Application
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.todo import due
from widgetstream_server.todo.words import ENGLISH, LANGUAGES, Words, speak, spoken


def texts_of(words: Words) -> dict[str, str]:
    """Return all texts under their names, those of lists and tables too."""
    found: dict[str, str] = {}
    for field in dataclasses.fields(words):
        value = getattr(words, field.name)
        match value:
            case str():
                found[field.name] = value
            case tuple():
                found.update({f"{field.name}[{index}]": text for index, text in enumerate(value)})
            case _:
                found.update({f"{field.name}.{key}": text for key, text in value.items()})
    return found


def gaps_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_has_every_text_with_its_gaps(words: Words) -> None:
    texts = texts_of(words)

    assert list(texts) == list(texts_of(ENGLISH))
    assert {name: gaps_in(text) for name, text in texts.items()} == {
        name: gaps_in(text) for name, text in texts_of(ENGLISH).items()
    }
    assert all(text.strip() == text and text for text in texts.values())


@pytest.mark.parametrize(
    "locale, language", [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
async def test_the_language_of_a_locale(locale: str, language: str) -> None:
    async def heard() -> Words:
        speak(locale)
        return spoken()

    assert await asyncio.create_task(heard()) == LANGUAGES[language]
    assert spoken() == ENGLISH


async def test_days_are_written_as_the_language_does() -> None:
    today = date(2026, 12, 1)
    days = [today, today + timedelta(days=2), date(2026, 12, 24), date(2027, 3, 5)]
    english = [due.describe_day(day, today) for day in days]
    speak("de")
    german = [due.describe_day(day, today) for day in days]

    assert english == ["today", "Thursday", "24 Dec", "5 Mar 2027"]
    assert german == ["heute", "Donnerstag", "24. Dez.", "5. März 2027"]


@pytest.fixture
async def todo(tmp_path: Path) -> AsyncIterator[ChatKitClient]:
    async with AsyncExitStack() as stack:
        application = await stack.enter_async_context(Application(settings_for(tmp_path)))
        token = DevelopmentKey.load_or_create(tmp_path / "keys").sign("ada", timedelta(hours=1), datetime.now(UTC))
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{application.port}"))
        yield ChatKitClient(channel, token)


async def said(client: ChatKitClient, kind: str, language: str, **params: Any) -> str:
    """Return what a request is answered."""
    reply = await client.post({"type": kind, "params": params}, {"accept-language": language})
    assert reply.code == "OK", reply
    return json.dumps([event for event in reply.events if event["type"] != "thread.created"], ensure_ascii=False)


def asked(text: str) -> Mapping[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


async def test_answers_and_clicks_are_in_the_language_of_the_request(todo: ChatKitClient) -> None:
    added = await said(todo, "threads.create", "de-CH, en;q=0.5", input=asked("add a task to buy milk tomorrow"))
    listed = await said(todo, "threads.create", "de", input=asked("show me my tasks"))
    planned = await said(todo, "threads.create", "de", input=asked("plan my week"))
    thread = (await todo.ask("threads.list"))["data"][0]["id"]
    action = {"type": "task.edit", "payload": {"task_id": task_in(added)}}
    form = await said(todo, "threads.custom_action", "de", thread_id=thread, action=action)
    english = await said(todo, "threads.create", "en", input=asked("show me my tasks"))

    assert all(text in added for text in ("Hinzugefügt", "Erledigen", "Bearbeiten", "Löschen", "morgen"))
    assert all(text in listed for text in ("Offene Aufgaben", "Deine Aufgaben werden durchgesehen", "Diese Woche"))
    assert all(text in planned for text in ("Deine Woche wird geplant", "1 Aufgabe an 1 Tag"))
    assert all(text in form for text in ("Aufgabe #1 bearbeiten", "Speichern", "Schlagwörter"))
    assert all(text in english for text in ("Open tasks", "Looking at your tasks", "tomorrow"))


def task_in(events: str) -> str:
    """Return the id of the task that events tell of."""
    return str(next(event["data"]["task_ids"][0] for event in json.loads(events) if event["type"] == "client_effect"))
