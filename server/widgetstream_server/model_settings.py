"""The settings of models, which are part of all settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, PositiveFloat, PositiveInt, SecretStr, field_validator
from pydantic_settings import NoDecode

from widgetstream_server.attachment_settings import is_web_address
from widgetstream_server.text_list import split


class ModelSettings(BaseModel):
    """Which models answer, how they are reached, and how much they are told. Secrets are in no ``repr``."""

    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="OPENAI_API_KEY",
        description="Key of the models' API. Default: none. Without a key and an address the offline model answers.",
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="Where the models' API is, for servers that speak the same; one that asks for no key needs none. "
        "Default: OpenAI.",
    )
    openai_api: Literal["responses", "chat_completions"] = Field(
        default="responses",
        description="OpenAI's API to speak: responses, or chat_completions, which is what most other servers know.",
    )
    model: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)] = Field(
        default=("gpt-5.6-luna",),
        description="Models that people may pick, with commas between them, the default first.",
    )
    model_timeout_seconds: PositiveFloat = Field(
        default=60.0, description="How long a model's server may be silent before its answer is given up, in seconds."
    )
    model_retries: Annotated[int, Field(ge=0, le=10)] = Field(
        default=2, description="How often a request that failed before its answer began is tried again."
    )
    history_items: PositiveInt = Field(
        default=20, description="How many of the last items of a thread a model is told."
    )
    history_tokens: PositiveInt = Field(
        default=30_000, description="How many tokens these may be, as far as that can be told without the model."
    )
    openai_tracing: bool = Field(
        default=False,
        description="Whether the Agents SDK sends OpenAI a trace of each run: which steps it took, not what was said.",
    )

    @field_validator("openai_base_url")
    @classmethod
    def _check_base_url(cls, url: str | None) -> str | None:
        if url is not None and not is_web_address(url):
            raise ValueError("must be an http or https URL without query")
        return url

    @field_validator("model")
    @classmethod
    def _check_model(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names or len(set(names)) != len(names):
            raise ValueError("must be one or more names, none of them twice")
        return names
