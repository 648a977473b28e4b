"""What one run of one side found."""

from __future__ import annotations

from dataclasses import dataclass, field


class Missing(Exception):
    """A side can't be measured here; the message says why. Its row is printed as missing."""


class Failed(Exception):
    """A side could be started and didn't do what was asked."""


@dataclass
class Sample:
    per_second: float
    latency_micros: dict[str, float] = field(default_factory=dict)
    cpu_micros: float | None = None
    """Server CPU for each operation."""
    hiccups: dict[str, float] | None = None
    """What the load generator's own clock thread saw of the machine stalling, when it has one."""
    foreign_cpu: float | None = None
    """The share of all cores that processes other than server and load took."""
    seconds: float = 0
    raw: dict = field(default_factory=dict)
