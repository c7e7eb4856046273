"""What an application's factory gets from the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.limits import HistoryLimits
from widgetstream_server.conversation.page_tokens import PageTokens
from widgetstream_server.conversation.ports import Clock, Ids, ThreadStore
from widgetstream_server.conversation.transcription import Transcriber

if TYPE_CHECKING:
    # An application takes the parts it knows; the engine itself knows neither models nor tasks.
    from widgetstream_server.agents.models.catalog import ModelCatalog
    from widgetstream_server.todo.ports import TaskStore


def _no_transcriber() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Resources:
    """What an application is made of.

    Attributes:
        clock: The time.
        ids: Ids.
        threads: The store of threads.
        tasks: The store of the built-in app's tasks.
        models: Loads the models that are configured; empty when there are none. Loading takes seconds: call it in a
            thread (``conversation.loading``).
        page_tokens: Page tokens for the application's own lists.
        attachments: What people have uploaded. None: nothing, as in tests.
        transcriber: Loads what turns speech into text, which takes as long; it returns None when none is configured.
        history: How much of a thread a model is told.
    """

    clock: Clock
    ids: Ids
    threads: ThreadStore
    tasks: TaskStore
    models: Callable[[], ModelCatalog]
    page_tokens: PageTokens
    attachments: Attachments | None = None
    transcriber: Callable[[], Transcriber | None] = _no_transcriber
    history: HistoryLimits = field(default_factory=HistoryLimits)
