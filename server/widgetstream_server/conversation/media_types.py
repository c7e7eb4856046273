"""Kinds of content: which a browser may show by itself, and how images of these kinds begin."""

from __future__ import annotations

import re

# Without parameters, no text of a person's is in what becomes a header.
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}

_SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
# SVG is not among them: it is a program as much as a picture.
IMAGE_TYPES = frozenset(_SIGNATURES)
"""Images that every browser and every model with eyes can read, and that run nothing."""

HEAD_BYTES = 16
"""How many of the first bytes tell what an image is."""

_TEXT_TYPES = frozenset(
    {
        "application/json",
        "application/ld+json",
        "application/x-ndjson",
        "application/xml",
        "application/yaml",
        "application/x-yaml",
        "application/toml",
        "application/javascript",
        "application/sql",
        "application/x-sh",
        "message/rfc822",
    }
)


def media_type(text: str) -> str:
    """Return a media type without parameters, in lower case, by its usual name.

    Raises:
        ValueError: The text is none.
    """
    essence = text.partition(";")[0].strip().lower()
    if not _MEDIA_TYPE.fullmatch(essence):
        raise ValueError("not a media type")
    return _ALIASES.get(essence, essence)


def is_text(essence: str) -> bool:
    """Return whether content of a media type is text that a model can read."""
    return essence.startswith("text/") or essence in _TEXT_TYPES or essence.endswith(("+json", "+xml", "+yaml"))


def image_type(head: bytes) -> str | None:
    """Return which of ``IMAGE_TYPES`` content is that begins like this. None: none of them."""
    return next((name for name, signature in _SIGNATURES.items() if signature.match(head)), None)
