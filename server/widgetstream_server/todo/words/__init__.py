"""The language in which the todo app speaks to a person: that of the request, where there is one of ours.

Texts are asked for deep inside of widgets. So the language belongs to the task that serves the request, and to what
it starts.
"""

from contextvars import ContextVar

from widgetstream_server.todo.words.catalogue import Words
from widgetstream_server.todo.words.english import ENGLISH
from widgetstream_server.todo.words.german import GERMAN

__all__ = ["ENGLISH", "LANGUAGES", "Words", "speak", "spoken"]

LANGUAGES = {"en": ENGLISH, "de": GERMAN}
"""By the first part of their BCP 47 tags."""

_spoken = ContextVar("todo_words", default=ENGLISH)


def speak(locale: str) -> None:
    """Speak a language from here on: that of a BCP 47 tag, such as ``de-AT``; English where it is none of ours."""
    _spoken.set(LANGUAGES.get(locale.partition("-")[0].lower(), ENGLISH))


def spoken() -> Words:
    """Return the texts of the language that is spoken here."""
    return _spoken.get()
