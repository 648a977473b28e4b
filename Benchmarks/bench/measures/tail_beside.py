"""The tail beside a peer's, in turn at the same rate: what the machine does to one it does to the other too."""

from __future__ import annotations

import functools
from collections.abc import Callable

from bench.load import Load
from bench.machine import StolenTime
from bench.measures import slow_calls, tail
from bench.measures.slow_calls import STALL_MILLIS
from bench.measures.tail import P999_MILLIS
from bench.outcome import Outcome
from bench.pairs import Compared, bound_ratio, median, run_pairs, spread
from bench.side import Served, Server
from bench.walletd import Walletd
from bench.workbench import Workbench

# Of the row's length, how long each run takes.
RUN_SHARE = 1 / 20


def beside(peer: Callable[[], Server]) -> Callable[[Workbench, object], Outcome]:
    """A row at half of walletd's peak, in turn with a peer that is asked as often."""

    def measure(bench: Workbench, _row) -> Outcome:
        settings = bench.settings
        ours = Served(Walletd(), Load(wallets=settings.wallets))
        theirs = Served(peer(), Load(wallets=settings.wallets))
        seconds = max(settings.seconds, int(settings.tail_seconds * RUN_SHARE))
        try:
            for side in (theirs, ours):
                side.start(bench)
            peak = tail.peak_of(bench, ours)
            rate = tail.half(peak)
            loops = [tail.at_rate(bench, side.server, rate) for side in (ours, theirs)]
            ways = [tail.best_way(bench, loop) for loop in loops]
            runs = [
                functools.partial(loop.measure, seconds, settings.warm_up, way)
                for loop, way in zip(loops, ways, strict=True)
            ]
            with StolenTime() as stolen:
                compared = run_pairs(settings.pairs, *runs)
        finally:
            for side in (ours, theirs):
                side.stop()
        outcome = compare(compared)
        tails = [tail.seconds_by_theft(samples, stolen) for samples in (compared.ours, compared.peer)]
        outcome.notes.insert(0, f"{rate:,}/s of a peak of {peak:,.0f}/s (64 × 1), runs of {seconds} s")
        outcome.notes.append(tail.taken(stolen))
        outcome.notes += [
            f"p99.9 in seconds of which it took {name}: {tail.by_second(seconds)}; "
            f"the peer's {tail.by_second(tails[1][name])}"
            for name, seconds in tails[0].items()
        ]
        names = ("ours", "peer")
        outcome.extra |= {
            "p999_ms_of_seconds_by_theft": {name: tail.medians(side) for name, side in zip(names, tails, strict=True)},
            "pinning": {name: way.name for name, way in zip(names, ways, strict=True)},
            "rate": rate,
            "stolen_share": round(stolen.share, 4),
        }
        return outcome

    return measure


def compare(compared: Compared) -> Outcome:
    """The 99.9th percentiles of runs in pairs: a ratio over 1 is a tail shorter than the peer's."""
    ours, theirs = ([tail.p999(sample) for sample in side] for side in (compared.ours, compared.peer))
    within = [sum(p999 <= P999_MILLIS for p999 in side) for side in (ours, theirs)]
    stalls = [sum(len(slow_calls.stalls(sample.raw)) for sample in side) for side in (compared.ours, compared.peer)]
    medians = [
        median([sample.latency_micros["p50"] / 1000 for sample in side]) for side in (compared.ours, compared.peer)
    ]
    return Outcome(
        ours=median(ours),
        peer=median(theirs),
        ratio=spread([bound_ratio(peer, own) for own, peer in zip(ours, theirs, strict=True)]),
        notes=[
            f"p99.9 within {P999_MILLIS:g} ms in {within[0]} of {len(ours)} runs, the peer's in {within[1]}",
            f"stalls over {STALL_MILLIS:g} ms: {stalls[0]}, the peer's {stalls[1]}",
            f"p50 {medians[0]:.2f} ms, the peer's {medians[1]:.2f}",
        ],
        extra={"pairs": len(ours)},
    )
