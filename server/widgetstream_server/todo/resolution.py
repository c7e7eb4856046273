"""Which task a person or a model means: by number, by id, or by a title that is nearly right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from widgetstream.todo.v1.task_pb2 import Task

GOOD = 76.0
"""From this score on, of 100, a title is taken for the one that was meant."""

MARGIN = 8.0
"""Titles that are no more than this below the best are as good as it."""

NEAR = 45.0
"""From this score on a title is worth suggesting."""

MAX_CANDIDATES = 5

_NUMBER = re.compile(r"(?:task|item|todo|to-do)?\s*(?:#|no\.?|nr\.?|number)?\s*(\d{1,10})", re.ASCII | re.IGNORECASE)
_BEFORE = frozenset("the my a an that this our".split())
_AFTER = frozenset("one task item thing todo reminder".split())
_SHORTLIST = 60
_TYPO = 75.0


@dataclass(frozen=True, slots=True)
class Found:
    """One task is meant."""

    task: Task


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several tasks fit as well as each other: the best first, at most five."""

    reference: str
    candidates: Sequence[Task]


@dataclass(frozen=True, slots=True)
class NotFound:
    """No task fits. ``suggestions`` come nearest: the best first, at most five, maybe none."""

    reference: str
    suggestions: Sequence[Task]


Resolution = Found | Ambiguous | NotFound


@dataclass(frozen=True, slots=True)
class Ranking:
    """Numbers of tasks whose titles fit a reference.

    Attributes:
        good: Those that may be meant, the best first.
        near: Those that come nearest, when none is good.
    """

    good: Sequence[int] = ()
    near: Sequence[int] = ()


def number_in(reference: str) -> int | None:
    """Return the number that a reference is: ``5``, ``#5``, ``task 5``. None: it is something else."""
    match = _NUMBER.fullmatch(reference.strip())
    return int(match[1]) if match else None


def rank(reference: str, titles: Sequence[tuple[int, str, bool]], *, prefer_completed: bool = False) -> Ranking:
    """Find the titles that a reference may mean.

    Args:
        reference: What was said.
        titles: Number, title and completed of each task.
        prefer_completed: Which tasks win when open and done ones fit alike.
    """
    wanted = _content(reference)
    if not wanted:
        return Ranking()
    said = " ".join(wanted)
    plain = [utils.default_process(title) for _, title, _ in titles]
    shortlist = process.extract(said, plain, scorer=fuzz.WRatio, processor=None, limit=_SHORTLIST, score_cutoff=NEAR)
    scored = sorted(
        ((_score(wanted, said, title), index) for title, _, index in shortlist), key=lambda s: (-s[0], s[1])
    )
    if not scored:
        return Ranking()
    best = scored[0][0]
    # Of the title itself there is no doubt, whatever else is like it.
    floor = best if best == 100 else best - MARGIN
    good = [titles[index] for score, index in scored if score >= max(GOOD, floor)]
    preferred = [entry for entry in good if entry[2] == prefer_completed]
    numbers = [number for number, _, _ in preferred or good]
    if numbers:
        return Ranking(good=numbers)
    return Ranking(near=[titles[index][0] for score, index in scored if score >= NEAR])


def _content(reference: str) -> list[str]:
    """Return the words that say which task: “the milk one” is about milk."""
    words = utils.default_process(reference).split()
    start, end = 0, len(words)
    while start < end - 1 and words[start] in _BEFORE:
        start += 1
    while end > start + 1 and words[end - 1] in _AFTER:
        end -= 1
    return words[start:end]


def _score(wanted: Sequence[str], said: str, title: str) -> float:
    """Rate a title from 0 to 100: above all by how many of the words it has, typing errors forgiven."""
    whole = fuzz.ratio(said, title)
    if whole == 100:
        return 100.0
    words = title.split()
    length = sum(map(len, wanted))
    covered = 0.0
    for word in wanted:
        match = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=_TYPO)
        covered += match[1] * len(word) if match else 0.0
    return min(99.0, max(whole, 0.85 * covered / length + 0.15 * whole))
