"""Speech to text by OpenAI's API, and by the many servers that speak it."""

from __future__ import annotations

import structlog
from openai import AsyncOpenAI, OpenAIError

from widgetstream_server.agents.failures import model_failure
from widgetstream_server.agents.models.openai import ModelConfig, make_client
from widgetstream_server.conversation.media_types import media_type
from widgetstream_server.conversation.ports import Clock
from widgetstream_server.conversation.transcription import AUDIO_EXTENSIONS

_log = structlog.get_logger(__name__)


class OpenAITranscriber:
    """Has a model listen; see ``Transcriber``, which this implements. ``close`` it."""

    def __init__(self, config: ModelConfig, clock: Clock) -> None:
        """Take how to reach the model. The first of the configuration's models is the one."""
        self._client: AsyncOpenAI = make_client(config)
        self._model = config.models[0]
        self._clock = clock

    async def transcribe(self, audio: bytes, mime_type: str) -> str:
        """Return what is said in a recording. Raises ``ModelUnavailableError``."""
        kind = media_type(mime_type)
        # The API tells formats apart by the name.
        file = (f"speech.{AUDIO_EXTENSIONS[kind]}", audio, kind)
        try:
            heard = await self._client.audio.transcriptions.create(model=self._model, file=file)
        except OpenAIError as error:
            _log.warning("transcription_failed", error_type=type(error).__name__)
            raise model_failure(error, now=self._clock.now()) from None
        return heard.text.strip()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
