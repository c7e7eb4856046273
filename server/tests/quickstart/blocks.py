"""The blocks of code of the quickstart, by the heading above them."""

from __future__ import annotations

import re
from pathlib import Path

QUICKSTART = Path(__file__).parents[3] / "specs" / "001-chatkit-upgrade" / "quickstart.md"

_PIECE = re.compile(r"^(?:#+ (?P<heading>[^\n]+)|```(?P<kind>\w+)\n(?P<code>.*?)^```)$", re.MULTILINE | re.DOTALL)


def block(heading: str, kind: str = "python") -> str:
    """Return the only block of a kind below a heading."""
    found = []
    current = ""
    for piece in _PIECE.finditer(QUICKSTART.read_text("utf-8")):
        if piece["heading"]:
            current = piece["heading"]
        elif current == heading and piece["kind"] == kind:
            found.append(piece["code"])
    (code,) = found
    return code
