"""Finds the way of sharing the cores that suits a side best, so that no side is held back by the other's."""

from __future__ import annotations

from collections.abc import Callable

from bench.machine import Pinning, pinnings
from bench.sample import Sample
from bench.settings import Settings

_ROUNDS = 2
_DEFAULT = "apart"


def choose(measure: Callable[[Pinning], Sample], settings: Settings, before: str | None = None) -> Pinning:
    """Tries each way in turn, twice, and takes the one with the best mean.

    QUICK takes what was best in the last whole run, and PINNING takes the choice away.
    """
    ways = pinnings()
    name = settings.pinning or (before or _DEFAULT if settings.quick else None)
    if name or len(ways) == 1:
        return ways.get(name or "", ways["shared"])
    totals = dict.fromkeys(ways, 0.0)
    for _ in range(_ROUNDS):
        for way in ways.values():
            totals[way.name] += measure(way).per_second
    return ways[max(totals, key=totals.__getitem__)]
