"""The settings of attachments and of speech, which are part of all settings."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, PositiveFloat, PositiveInt, SecretStr, ValidationInfo, field_validator


class AttachmentSettings(BaseModel):
    """Where attachments are kept, and for how long. Secrets are in no ``repr``."""

    public_url: str | None = Field(
        default=None,
        description="Where people reach Envoy, such as https://chat.example.com: for addresses in answers. "
        "Default: where the request came to.",
    )
    attachments_dir: Path | None = Field(
        default=None, description="Folder for the content of attachments. Default: attachments in the data folder."
    )
    max_attachment_bytes: PositiveInt = Field(default=100_000_000, description="Largest attachment in bytes.")
    attachment_orphan_seconds: PositiveFloat = Field(
        default=86_400.0, description="How long an attachment is kept that no message carries, in seconds."
    )
    upload_method: Literal["PUT", "POST"] = Field(
        default="PUT",
        description="How pages are told to upload: PUT of the bare content, or POST, as ChatKit's frontend sends a "
        "form. Both are taken.",
    )
    attachments_s3_bucket: str | None = Field(
        default=None,
        description="Bucket of an S3-compatible store, which then has the content in place of the folder. "
        "Needs the extra s3 of the package. Default: none.",
    )
    attachments_s3_prefix: str | None = Field(
        default=None, description="What names in the bucket begin with. Default: nothing."
    )
    attachments_s3_endpoint: str | None = Field(
        default=None, description="Where the S3-compatible store is. Default: Amazon's, of the region."
    )
    attachments_s3_region: str = Field(default="us-east-1", description="Region of the bucket.")
    attachments_s3_access_key_id: SecretStr | None = Field(
        default=None, description="Key id for the bucket. Default: what the machine's role gives."
    )
    attachments_s3_secret_access_key: SecretStr | None = Field(
        default=None, description="Secret that belongs to the key id. Default: none, as there.", validate_default=True
    )
    transcription_model: str = Field(
        default="gpt-4o-mini-transcribe", description="Model that turns speech into text, behind the models' API."
    )

    @field_validator("public_url", "attachments_s3_endpoint")
    @classmethod
    def _check_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not is_web_address(url):
            raise ValueError("must be an http or https URL without query")
        return url.rstrip("/")

    @field_validator("attachments_s3_secret_access_key")
    @classmethod
    def _check_keys(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if (secret is None) != (info.data.get("attachments_s3_access_key_id") is None):
            raise ValueError("must be set together with the key id")
        return secret


def is_web_address(url: str) -> bool:
    """Whether a text is an http or https URL with a host, and neither query nor fragment."""
    parts = urlsplit(url)
    return bool(parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment)
