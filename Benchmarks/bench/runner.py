"""Runs one row."""

from __future__ import annotations

import functools

from bench import pilot
from bench.outcome import Outcome
from bench.pairs import Compared, median, run_pairs, significant
from bench.rows import Row
from bench.sample import Failed, Missing, Sample
from bench.settings import FILL
from bench.side import Side
from bench.workbench import Workbench

# More of the machine than this taken by others is said beside the row.
_FOREIGN_SHARE_MAX = 0.1


def run_row(bench: Workbench, row: Row, before: dict | None = None) -> Outcome:
    """Never raises for what a machine lacks or a side does wrong: that is an outcome too."""
    if row.not_built:
        return Outcome(status="not built", notes=[f"not built ({row.not_built})"])
    try:
        outcome = _run_pairs(bench, row, before or {}) if row.sides else row.measure(bench, row)
        if row.big and bench.settings.fill != FILL:
            # Nothing is met on a ledger of another size.
            outcome.status = "suspect"
            outcome.notes.insert(0, f"on a ledger of {bench.settings.fill:,} transactions, not {FILL:,}")
        return outcome
    except Missing as error:
        return Outcome(status="missing", notes=[f"missing: {error}"])
    except Failed as error:
        return Outcome(status="failed", notes=[f"failed: {error}"])
    finally:
        bench.clean()


def _run_pairs(bench: Workbench, row: Row, before: dict) -> Outcome:
    settings = bench.settings
    ours, peer = row.sides(settings)
    try:
        for side in (peer, ours):
            side.start(bench)
        chosen = {}
        for name, side in (("ours", ours), ("peer", peer)):
            chosen[name] = pilot.choose(
                functools.partial(side.measure, 1, 0), settings, (before.get("pinning") or {}).get(name)
            )
        compared = run_pairs(
            1 if settings.quick and row.target is None else settings.pairs,
            lambda: ours.measure(settings.seconds, settings.warm_up, chosen["ours"]),
            lambda: peer.measure(settings.seconds, settings.warm_up, chosen["peer"]),
        )
        outcome = summarize(compared, row)
        outcome.extra["pinning"] = {name: way.name for name, way in chosen.items()}
        if not settings.quick:
            checks = [_check(side, chosen[name]) for name, side in (("ours", ours), ("peer", peer))]
            outcome.notes += [check for check in checks if check]
        return outcome
    finally:
        for side in (ours, peer):
            side.stop()


def _check(side: Side, way) -> str | None:
    try:
        return side.check(way)
    except (Failed, Missing) as error:
        return f"the peer's own tool failed: {error}"


def summarize(compared: Compared, row: Row) -> Outcome:
    """Figures are medians; the ratio is the median of the pairs' ratios, not the ratio of the medians."""
    peer = median([sample.per_second for sample in compared.peer])
    outcome = Outcome(
        ours=median([sample.per_second for sample in compared.ours]),
        peer=peer,
        ratio=compared.ratio,
        extra={"pairs": len(compared.ratios)},
    )
    for key, value in (("cpu_micros_per_operation", _cpu), ("latency_micros", _latency)):
        figures = {"ours": value(compared.ours), "peer": value(compared.peer)}
        if any(figures.values()):
            outcome.extra[key] = figures
    if row.medians:
        ours, theirs = (
            median([one.latency_micros["p50"] for one in side]) / 1000 for side in (compared.ours, compared.peer)
        )
        outcome.notes.append(f"median {ours:.2f} ms, the peer's {theirs:.2f} ms")
    foreign = max((sample.foreign_cpu or 0 for sample in compared.ours + compared.peer), default=0)
    outcome.extra["foreign_cpu_max"] = round(foreign, 2)
    if foreign > _FOREIGN_SHARE_MAX:
        outcome.notes.append(f"others took up to {foreign:.0%} of the cores")
    suspicion = row.reference.suspicion(peer) if row.reference else None
    if suspicion:
        outcome.status = "suspect"
        outcome.notes.insert(0, f"suspect: {suspicion}")
    return outcome


def _cpu(samples: list[Sample]) -> float | None:
    known = [sample.cpu_micros for sample in samples if sample.cpu_micros is not None]
    return significant(median(known), 3) if known else None


def _latency(samples: list[Sample]) -> dict[str, float]:
    names = {name for sample in samples for name in sample.latency_micros}
    return {
        name: significant(
            median([sample.latency_micros[name] for sample in samples if name in sample.latency_micros]), 4
        )
        for name in sorted(names)
    }
