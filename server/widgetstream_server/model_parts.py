"""The models of the settings, put together when an application asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetstream_server.conversation.ports import Clock
from widgetstream_server.settings import Settings

if TYPE_CHECKING:
    from widgetstream_server.agents.models.catalog import ModelCatalog
    from widgetstream_server.agents.models.openai import ModelConfig
    from widgetstream_server.agents.transcription import OpenAITranscriber

# What is imported in functions here takes seconds, and applications that use no models never need it.


class Models:
    """What answers and what listens."""

    def __init__(self, settings: Settings, clock: Clock, given: ModelCatalog | None = None) -> None:
        """Take the settings; nothing is loaded yet.

        Args:
            settings: The settings.
            clock: The time.
            given: Models in place of those of the settings.
        """
        self._settings = settings
        self._clock = clock
        self._catalog = given
        self._transcriber: OpenAITranscriber | None = None

    def catalog(self) -> ModelCatalog:
        """Return the models that answer; none without a key or an address. To be called in a thread."""
        if self._catalog is None:
            from widgetstream_server.agents.models.catalog import ModelCatalog
            from widgetstream_server.agents.models.openai import build_catalog
            from widgetstream_server.agents.sdk import configure_sdk

            config = self._config(self._settings.model)
            configure_sdk(tracing_key=_tracing_key(self._settings))
            self._catalog = build_catalog(config) if config is not None else ModelCatalog()
        return self._catalog

    def transcriber(self) -> OpenAITranscriber | None:
        """Return what listens; None without a key or an address. To be called in a thread."""
        if self._transcriber is None and _is_configured(self._settings):
            from widgetstream_server.agents.transcription import OpenAITranscriber

            config = self._config((self._settings.transcription_model,))
            self._transcriber = OpenAITranscriber(config, self._clock) if config is not None else None
        return self._transcriber

    async def close(self) -> None:
        """Close the connections to all that were loaded."""
        if self._catalog is not None:
            await self._catalog.close()
        if self._transcriber is not None:
            await self._transcriber.close()

    def _config(self, names: tuple[str, ...]) -> ModelConfig | None:
        from widgetstream_server.agents.models.openai import ModelConfig

        settings = self._settings
        if not _is_configured(settings):
            return None
        return ModelConfig(
            api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key is not None else None,
            models=names,
            base_url=settings.openai_base_url,
            api=settings.openai_api,
            timeout=settings.model_timeout_seconds,
            max_retries=settings.model_retries,
        )


def _is_configured(settings: Settings) -> bool:
    return settings.openai_api_key is not None or settings.openai_base_url is not None


def _tracing_key(settings: Settings) -> str | None:
    if not settings.openai_tracing or settings.openai_api_key is None:
        return None
    return settings.openai_api_key.get_secret_value()
