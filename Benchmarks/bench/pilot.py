"""Finds the way of sharing the cores that suits a side best, so that no side is held back by the other's."""

from __future__ import annotations

from collections.abc import Callable

from bench.machine import Pinning, pinnings
from bench.pairs import median
from bench.sample import Sample
from bench.settings import Settings

_ROUNDS = 3
_DEFAULT = "apart"


def _rate(sample: Sample) -> float:
    return sample.per_second


def choose(
    measure: Callable[[Pinning], Sample],
    settings: Settings,
    before: str | None = None,
    worth: Callable[[Sample], float] = _rate,
) -> Pinning:
    """Tries each way in turn, three times, and takes the one with the best median of what a sample is worth.

    QUICK takes what was best in the last whole run, and PINNING takes the choice away.
    """
    ways = pinnings()
    name = settings.pinning or (before or _DEFAULT if settings.quick else None)
    if name or len(ways) == 1:
        return ways.get(name or "", ways["shared"])
    values: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for way in ways.values():
            values[way.name].append(worth(measure(way)))
    return ways[max(values, key=lambda name: median(values[name]))]
