"""The settings of the web page, which are part of all settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, NonNegativeInt, field_validator

from widgetstream_server.attachment_settings import is_web_address

_DOMAIN = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?", re.IGNORECASE)


class WebSettings(BaseModel):
    """Where the web page runs, who may enter, and what the chat is drawn with."""

    web_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=0,
        description="Port on loopback where the web page's own process listens, behind Envoy. 0: any that is free.",
    )
    web_dir: Path | None = Field(
        default=None,
        description="Folder of the built web page. Default: the one of the checkout, which `make build-web` fills.",
    )
    node_binary: Path | None = Field(
        default=None,
        description="The Node that runs the web page. Default: the one beside this Python, or else on the path.",
    )
    sign_up: bool = Field(default=True, description="Whether people may make accounts on the web page.")
    demo_account: bool | None = Field(
        default=None,
        description="Whether there is an account demo@example.com with the password widgetstream. "
        "Default: only with SQLite, while Envoy listens on loopback alone.",
    )
    sign_ins_per_minute: NonNegativeInt = Field(
        default=20, description="How often one address may try to sign in or up in a minute. 0: without limit."
    )
    chat: Literal["auto", "built-in", "chatkit"] = Field(
        default="auto",
        description="What the web page draws the chat with: built-in, or chatkit, which is ChatKit's own element from "
        "OpenAI's servers, or the panel where that cannot be had. auto: chatkit with a domain key, and on localhost. "
        "Either way people may choose.",
    )
    chatkit_domain_key: str | None = Field(
        default=None,
        description="Key that OpenAI gives for the domain of the page, which ChatKit's element asks for. "
        "Default: none, which it takes on localhost.",
    )
    chatkit_script: str = Field(
        default="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js",
        description="Where ChatKit's element is loaded from.",
    )

    image_domains: str | None = Field(
        default=None,
        description="Hosts from which widgets on the web page may show images, with commas between them. "
        "Default: none but the page's own.",
    )

    @field_validator("image_domains")
    @classmethod
    def _check_domains(cls, text: str | None) -> str | None:
        if text is None:
            return None
        domains = [domain.strip() for domain in text.split(",") if domain.strip()]
        if not all(_DOMAIN.fullmatch(domain) for domain in domains):
            raise ValueError("must be names of hosts, such as images.example.com or *.example.com")
        return ",".join(domains)

    @field_validator("chatkit_script")
    @classmethod
    def _check_script(cls, url: str) -> str:
        if not is_web_address(url):
            raise ValueError("must be an http or https URL without query")
        return url
