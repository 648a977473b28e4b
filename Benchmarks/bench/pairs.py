"""Alternating pairs and what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from bench.sample import Sample


@dataclass
class Spread:
    median: float
    minimum: float
    lower_quartile: float
    upper_quartile: float
    maximum: float

    def json(self) -> dict[str, float]:
        return {key: significant(value) for key, value in asdict(self).items() if key != "median"}


def significant(value: float, digits: int = 5) -> float:
    """Rounded to what the measure can carry."""
    return float(f"{value:.{digits}g}")


def quantile(values: list[float], q: float) -> float:
    """Linear between ranks, so that the quantile 0.5 is the usual median."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: list[float]) -> float:
    return quantile(values, 0.5)


def spread(values: list[float]) -> Spread:
    return Spread(median(values), min(values), quantile(values, 0.25), quantile(values, 0.75), max(values))


def order(pairs: int) -> list[tuple[str, str]]:
    """A B, B A, A B, ...: what drifts over the minutes falls on both sides alike."""
    return [("ours", "peer") if index % 2 == 0 else ("peer", "ours") for index in range(pairs)]


@dataclass
class Compared:
    """The pairs of a row."""

    ours: list[Sample]
    peer: list[Sample]

    @property
    def ratios(self) -> list[float]:
        return [
            ours.per_second / peer.per_second
            for ours, peer in zip(self.ours, self.peer, strict=True)
            if peer.per_second > 0
        ]

    @property
    def ratio(self) -> Spread:
        return spread(self.ratios)


def run_pairs(pairs: int, ours: Callable[[], Sample], peer: Callable[[], Sample]) -> Compared:
    compared = Compared([], [])
    sides = {"ours": (ours, compared.ours), "peer": (peer, compared.peer)}
    for names in order(pairs):
        for name in names:
            measure, samples = sides[name]
            samples.append(measure())
    return compared


def bound_ratio(bound: float, measure: float) -> float:
    """How well a bound is kept: larger is better, and 1 is just kept."""
    if bound <= 0:
        raise ValueError("a bound must be positive")
    return bound / measure if measure > 0 else float("inf")
