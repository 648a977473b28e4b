"""Latency at half the peak rate: an open loop, so that a stall counts for all whom it would have kept waiting."""

from __future__ import annotations

import functools

from bench import pilot
from bench.load import Load
from bench.outcome import Outcome
from bench.pairs import bound_ratio, spread
from bench.side import Served
from bench.walletd import Walletd
from bench.workbench import Workbench

P999_MILLIS = 5.0
STALL_MILLIS = 20.0


def measure(bench: Workbench, _row) -> Outcome:
    settings = bench.settings
    server = Walletd()
    closed = Load(in_flight=16, wallets=settings.wallets)
    side = Served(server, closed)
    try:
        side.start(bench)
        side.walletbench.require(Load(rate=1))
        way = pilot.choose(functools.partial(side.measure, 1, 0), settings)
        peak = side.measure(settings.seconds, settings.warm_up, way).per_second
        rate = max(1, int(peak / 2))
        open_loop = Served(server, Load(connections=64, in_flight=None, rate=rate, wallets=settings.wallets))
        open_loop.walletbench = side.walletbench
        sample = open_loop.measure(settings.tail_seconds, settings.warm_up, way)
    finally:
        side.stop()
    p999, longest = sample.latency_micros["p999"] / 1000, sample.latency_micros["max"] / 1000
    machine = hiccup_max_millis(sample.hiccups)
    # A stall that a bare clock thread saw as well is the machine's.
    stall = longest if machine is None or longest > machine + STALL_MILLIS else max(0.0, longest - machine)
    ratio = min(bound_ratio(P999_MILLIS, p999), bound_ratio(STALL_MILLIS, stall))
    notes = [
        f"{rate:,}/s of a peak of {peak:,.0f}/s for {settings.tail_seconds} s",
        f"p50 {sample.latency_micros['p50'] / 1000:.2f}, p99 {sample.latency_micros['p99'] / 1000:.2f}, "
        f"max {longest:.1f} ms",
        "no hiccup meter" if machine is None else f"longest hiccup of the machine {machine:.1f} ms",
    ]
    return Outcome(
        ours=p999,
        peer=P999_MILLIS,
        ratio=spread([ratio]),
        notes=notes,
        extra={"pinning": {"ours": way.name}, "max_ms": longest, "hiccups": sample.hiccups, "rate": rate},
    )


def hiccup_max_millis(hiccups: dict | None) -> float | None:
    """The longest time that the generator's clock thread was kept from running."""
    if not hiccups:
        return None
    for key in ("max", "max_micros"):
        if isinstance(hiccups.get(key), int | float):
            return hiccups[key] / 1000
    return None
