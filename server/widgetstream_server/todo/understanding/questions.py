"""Sentences that want something said or shown, not done."""

from __future__ import annotations

from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR

_QUESTION = GRAMMAR.openings(
    "what|which|who|when|where|why|how|is|are|was|were|does|has|am i|(did|do|have) (i|we|you)"
    "|show|list|find|display|view|search|tell (me|us)"
)


def is_question(phrase: Phrase) -> bool:
    """Whether the sentence asks for something to be said, not done."""
    return _QUESTION.start(phrase) is not None
