"""What the server itself tells people has a translation, and comes in the language of their requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chatkit_protocol.client import message
from tests.chatkit_protocol.conftest import serving
from tests.chatkit_protocol.scripts import OurApp
from widgetstream_server.agents import failures, translation
from widgetstream_server.conversation import run_end
from widgetstream_server.conversation.languages import TEXTS, in_language

LIMITS = {
    "The answer took too long and was ended.",
    "The assistant took more than {number} steps, and was stopped.",
}


def said() -> set[str]:
    """Return the texts that modules have for people."""
    texts = {value for value in vars(failures).values() if isinstance(value, str) and value.endswith(".")}
    texts.discard(failures.__doc__ or "")
    return texts | {translation._REFUSED, *translation._CUT.values(), run_end._INTERNAL_MESSAGE} | LIMITS


@pytest.mark.parametrize("language", TEXTS)
def test_every_text_is_translated(language: str) -> None:
    assert set(TEXTS[language]) == said()
    assert all(("{number}" in text) == ("{number}" in english) for english, text in TEXTS[language].items())


@pytest.mark.parametrize(
    "locale, told",
    [
        ("de-AT", "Der Assistent brauchte mehr als 30 Schritte und wurde angehalten."),
        ("en", "The assistant took more than 30 steps, and was stopped."),
        ("fr", "The assistant took more than 30 steps, and was stopped."),
    ],
)
def test_numbers_are_kept(locale: str, told: str) -> None:
    assert in_language("The assistant took more than 30 steps, and was stopped.", locale) == told


def test_a_text_of_an_application_stays_as_it_is() -> None:
    assert in_language("{0} of 3 {number}", "de") == "{0} of 3 {number}"


class Broken(OurApp):
    """Fails at once."""

    def respond(self, *_: object) -> None:  # type: ignore[override]
        raise RuntimeError("secret")


async def test_a_fault_is_told_in_the_language_of_the_request(tmp_path: Path) -> None:
    async with serving(tmp_path, Broken) as running:
        body = {"type": "threads.create", "params": {"input": message("hi")}}
        german = await running.client.post(body, {"accept-language": "de"})
        english = await running.client.post(body, {"accept-language": "fr"})

    assert german.events[-1]["message"] == "Beim Antworten ging etwas schief. Bitte versuche es noch einmal."
    assert english.events[-1]["message"] == "Something went wrong while answering. Please try again."
    assert "secret" not in json.dumps(german.events)
