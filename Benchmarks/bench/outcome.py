"""What a row came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.pairs import Spread, bound_ratio, spread


@dataclass
class Outcome:
    ours: float | None = None
    peer: float | None = None
    ratio: Spread | None = None
    notes: list[str] = field(default_factory=list)
    extra: dict = field(default_factory=dict)
    """More keys of its entry in the results."""
    status: str = "measured"
    """measured, suspect, missing, failed or not run."""

    @classmethod
    def bound(cls, bound: float, measures: list[float], **more) -> Outcome:
        """A bound and its measures: the median decides."""
        ratios = spread([bound_ratio(bound, measure) for measure in measures])
        return cls(ours=spread(measures).median, peer=bound, ratio=ratios, **more)
