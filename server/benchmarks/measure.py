"""What a benchmark gives: figures, each with its bar if it has one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class BenchmarkFailed(Exception):
    """A benchmark could not be run. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure.

    Attributes:
        what: What was measured.
        value: The figure; a median where there is more than one sample.
        unit: Its unit.
        p99: The value that 99 of 100 samples do not exceed. None: there are not enough samples to say.
        bar: The figure is to stay below it. None: it has no such bar.
        at_least: The figure is to reach it. None: it has no such bar.
        samples: How many there were.
        note: What a reader should know beside the figure.
    """

    what: str
    value: float
    unit: str
    p99: float | None = None
    bar: float | None = None
    at_least: float | None = None
    samples: int = 1
    note: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the figure keeps its bar. None: it has none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.bar is None else self.value < self.bar

    @property
    def stated_bar(self) -> str:
        """The bar as a condition. Empty: there is none."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return "" if self.bar is None else f"< {self.bar:g}"


class Benchmark(Protocol):
    """A module of this package that measures."""

    HOW: str
    """How its figures are taken."""

    def run(self, folder: Path) -> Iterator[Measure]:
        """Measure, with a folder of its own for files."""


def median(samples: Sequence[float]) -> float:
    """Return the middle of the samples."""
    return quantile(samples, 0.5)


def quantile(samples: Sequence[float], share: float) -> float:
    """Return the value that a share of the samples does not exceed: one of the samples, or half way between two."""
    if not samples:
        raise BenchmarkFailed("there is nothing to take a median of")
    ordered = sorted(samples)
    place = share * (len(ordered) - 1)
    below, above = math.floor(place), math.ceil(place)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def sampled(what: str, samples: Sequence[float], unit: str, *, bar: float | None = None, note: str = "") -> Measure:
    """Return a figure of samples: their median, and their 99th percentile when there are enough of them."""
    p99 = quantile(samples, 0.99) if len(samples) >= 50 else None
    return Measure(what=what, value=median(samples), unit=unit, p99=p99, bar=bar, samples=len(samples), note=note)
