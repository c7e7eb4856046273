"""Models behind OpenAI's API, and behind the many servers that speak it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, assert_never

from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel

from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.agents.models.client import ModelClient, open_client

Api = Literal["responses", "chat_completions"]

_OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """How to reach models.

    Attributes:
        api_key: The key, which must not be empty. None: requests carry none.
        models: Names of the models that people may pick, the default first. At least one.
        base_url: Where the API is. None: OpenAI's.
        api: Which API to speak. Most servers of others know ``chat_completions`` alone.
        timeout: Seconds for which the server may be silent.
        max_retries: How many times a request that failed before its answer began is tried again.
    """

    api_key: str | None = field(repr=False)
    models: tuple[str, ...]
    base_url: str | None = None
    api: Api = "responses"
    timeout: float = 60.0
    max_retries: int = 2

    def __post_init__(self) -> None:
        if self.api_key == "":
            raise ValueError("api_key must not be empty")
        if not self.models or not all(self.models) or len(set(self.models)) != len(self.models):
            raise ValueError("models must be one or more names, none of them empty or twice")


def build_catalog(config: ModelConfig) -> ModelCatalog:
    """Return the models of a configuration. They share connections, which ``ModelCatalog.close`` closes."""
    client = make_client(config)
    return ModelCatalog({name: _model(name, config.api, client) for name in config.models}, close=client.close)


def build_model(config: ModelConfig, name: str | None = None) -> Model:
    """Return one model of a configuration, with connections of its own; without a name the default."""
    return build_catalog(config).get(name)


def make_client(config: ModelConfig) -> ModelClient:
    """Return a client for the API of a configuration; the caller closes it."""
    return open_client(
        config.base_url or _OPENAI,
        config.api_key,
        timeout=config.timeout,
        max_retries=config.max_retries,
    )


def _model(name: str, api: Api, client: ModelClient) -> Model:
    match api:
        case "responses":
            return OpenAIResponsesModel(model=name, openai_client=client)
        case "chat_completions":
            return OpenAIChatCompletionsModel(model=name, openai_client=client)
        case _:
            assert_never(api)
