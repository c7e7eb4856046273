"""What the server itself tells a person in the middle of a conversation, in the person's language.

The texts stand in English where they are said; here is what they are in other languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"\d+")

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "Something went wrong while answering. Please try again.": (
            "Beim Antworten ging etwas schief. Bitte versuche es noch einmal."
        ),
        "The answer took too long and was ended.": "Die Antwort dauerte zu lange und wurde beendet.",
        "The assistant took more than {number} steps, and was stopped.": (
            "Der Assistent brauchte mehr als {number} Schritte und wurde angehalten."
        ),
        "The model failed. Try again in a moment.": "Das Modell hat versagt. Versuche es gleich noch einmal.",
        "The model is busy. Try again in a moment.": "Das Modell ist ausgelastet. Versuche es gleich noch einmal.",
        "The model did not answer in time. Try again in a moment.": (
            "Das Modell hat nicht rechtzeitig geantwortet. Versuche es gleich noch einmal."
        ),
        "The model's server cannot be reached. Try again in a moment.": (
            "Der Server des Modells ist nicht zu erreichen. Versuche es gleich noch einmal."
        ),
        "The model's answer could not be used. Try again in a moment.": (
            "Die Antwort des Modells war nicht zu gebrauchen. Versuche es gleich noch einmal."
        ),
        "The model's server did not accept the request.": "Der Server des Modells hat die Anfrage nicht angenommen.",
        "The model's server refuses the access that is configured here.": (
            "Der Server des Modells verweigert den Zugang, der hier eingestellt ist."
        ),
        "The model that is configured here does not exist on its server.": (
            "Das Modell, das hier eingestellt ist, gibt es auf seinem Server nicht."
        ),
        "The conversation is too long for the model.": "Das Gespräch ist zu lang für das Modell.",
        "The quota of the model is used up.": "Das Kontingent des Modells ist aufgebraucht.",
        "The content filter of the model's server did not let this through.": (
            "Der Inhaltsfilter des Modells hat das nicht durchgelassen."
        ),
        "The model declined to answer.": "Das Modell hat die Antwort abgelehnt.",
        "The answer ends here because it reached the model's limit of length.": (
            "Die Antwort endet hier, weil sie so lang ist, wie das Modell sie höchstens schreibt."
        ),
        "The answer was stopped by the content filter of the model's server.": (
            "Der Inhaltsfilter des Modells hat die Antwort angehalten."
        ),
    },
}
"""By the first part of a BCP 47 tag. ``{number}`` stands for whatever number is there."""


def in_language(text: str, locale: str) -> str:
    """Return a text in the language of a BCP 47 tag, such as ``de-AT``: as it is, where it is not known there."""
    number = _NUMBER.search(text)
    found = TEXTS.get(locale.partition("-")[0].lower(), {}).get(_NUMBER.sub("{number}", text))
    if found is None:
        return text
    return found.format(number=number[0]) if number else found
