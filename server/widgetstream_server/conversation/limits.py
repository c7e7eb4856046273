"""Bounds of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Bounds of a run.

    Attributes:
        max_seconds: How long it may take, from its turn on.
        coalesce_seconds: How long a delta of text may wait for others, at most.
        retention_seconds: How long its events are kept after its end.
    """

    max_seconds: float = 600.0
    coalesce_seconds: float = 0.025
    retention_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of the engine.

    Attributes:
        run: Bounds of each run.
        heartbeat_seconds: Silence after which a stream gets a heartbeat.
        max_runs: How many runs may be under way in this process, queued ones included.
        max_runs_per_owner: How many of them may be one person's.
        max_queued: How many runs may wait for their turn in one thread.
        memory_seconds: How long the events of a run that has ended stay in memory; then they are read from the journal.
        memory_bytes: How many bytes the events of all such runs have together, at most. The oldest go first.
    """

    run: RunLimits = field(default_factory=RunLimits)
    heartbeat_seconds: float = 15.0
    max_runs: int = 10_000
    max_runs_per_owner: int = 50
    max_queued: int = 20
    memory_seconds: float = 60.0
    memory_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HistoryLimits:
    """How much of a thread a model is told.

    Attributes:
        items: How many of the last items.
        tokens: How many tokens these may be, the last item in any case.
    """

    items: int = 20
    tokens: int = 30_000
