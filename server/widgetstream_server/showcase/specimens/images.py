"""Images that need no network."""

from __future__ import annotations

import base64
from collections.abc import Sequence

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180" viewBox="0 0 320 180">'
    '<rect width="320" height="180" fill="#f4f4f5"/>'
    '<circle cx="160" cy="90" r="{radius}" fill="#6366f1" fill-opacity="{opacity}"/></svg>'
)


def picture(radius: int = 60, opacity: float = 1.0) -> str:
    """Return a small picture as a ``data:`` URL."""
    svg = _SVG.format(radius=radius, opacity=opacity)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def stages() -> Sequence[str]:
    """Return the stages of a picture that is being made, the last one complete."""
    return [picture(20, 0.25), picture(40, 0.5), picture(60, 1.0)]
