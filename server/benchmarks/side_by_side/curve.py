"""The curve as a picture: streams against lag and the wait for the first word, a logarithmic scale on both axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

from benchmarks.side_by_side.point import LAG_BAR_MS, Point

_WIDTH, _HEIGHT = 820, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 20, 50, 60
_COLOURS = ("#c2410c", "#1d4ed8", "#15803d", "#7e22ce")
_LINES: Mapping[str, tuple[str, Callable[[Point], float]]] = {
    "lag p50": ("2 4", lambda point: point.lag_p50),
    "lag p99": ("none", lambda point: point.lag_p99),
    "first word": ("8 4", lambda point: point.first_p50),
}
_STREAM_TICKS = (10, 20, 50, 100, 200, 500, 1000, 2000)
_MS_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


def draw(curves: Mapping[str, Sequence[Point]]) -> str:
    """Return the picture as SVG. Points in which not all words came are drawn hollow."""
    points = [point for curve in curves.values() for point in curve]
    across = _Scale([point.streams for point in points], _LEFT, _WIDTH - _RIGHT)
    values = [of(point) for point in points for _, of in _LINES.values()]
    up = _Scale([*values, LAG_BAR_MS], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        '<g font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        *_grid(across, up),
        *_legend(list(curves)),
    ]
    for colour, curve in zip(_COLOURS, curves.values(), strict=False):
        for dashes, of in _LINES.values():
            parts += _line([(across(point.streams), up(of(point)), point.complete) for point in curve], colour, dashes)
    return "\n".join([*parts, "</g>", "</svg>", ""])


class _Scale:
    """Turns values into places, by their logarithms."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        logs = [math.log10(max(value, 0.5)) for value in values]
        self.low, self.high = min(logs) - 0.05, max(logs) + 0.05
        self._first, self._last = first, last

    def __call__(self, value: float) -> float:
        share = (math.log10(max(value, 0.5)) - self.low) / (self.high - self.low)
        return self._first + share * (self._last - self._first)

    def holds(self, value: float) -> bool:
        return self.low <= math.log10(value) <= self.high


def _grid(across: _Scale, up: _Scale) -> list[str]:
    parts = []
    for tick in filter(across.holds, _STREAM_TICKS):
        x = across(tick)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#e5e5e5"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{tick:,}</text>')
    for tick in filter(up.holds, _MS_TICKS):
        y = up(tick)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#e5e5e5"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:,} ms</text>')
    y = up(LAG_BAR_MS)
    parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#111" stroke-width="1.5"/>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 18}" text-anchor="middle">streams of 50 words a second</text>')
    return parts


def _legend(names: Sequence[str]) -> list[str]:
    parts = []
    for place, (colour, name) in enumerate(zip(_COLOURS, names, strict=False)):
        x = _LEFT + place * 240
        parts.append(f'<rect x="{x}" y="10" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="20">{escape(name)}</text>')
    for place, (name, (dashes, _)) in enumerate(_LINES.items()):
        x = _LEFT + place * 160
        parts.append(f'<path d="M{x} 36h40" stroke="#222" stroke-width="2" stroke-dasharray="{dashes}"/>')
        parts.append(f'<text x="{x + 48}" y="40">{escape(name)}</text>')
    return parts


def _line(places: Sequence[tuple[float, float, bool]], colour: str, dashes: str) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in places)
    parts = [f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>']
    for x, y, complete in places:
        fill = colour if complete else "#fff"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{fill}" stroke="{colour}"/>')
    return parts
