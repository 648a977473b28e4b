"""History on the large ledger."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from bench import pilot
from bench.load import Load
from bench.machine import cached_share, drop_from_cache, load_into_cache
from bench.measures import growth
from bench.outcome import Outcome
from bench.sample import Sample
from bench.side import Served
from bench.workbench import Workbench

P99_MILLIS = 2.0


def measure(bench: Workbench, _row) -> Outcome:
    """With the file in the page cache, as far as the machine leaves it there: some drop what nobody reads for long."""
    return _measure(bench, load_into_cache, before_each=load_into_cache)


def measure_cold(bench: Workbench, _row) -> Outcome:
    """With a page cache that holds nothing of the file at first."""
    return _measure(bench, drop_from_cache)


def _measure(
    bench: Workbench, prepare: Callable[[Path], None], before_each: Callable[[Path], None] | None = None
) -> Outcome:
    settings = bench.settings
    server = growth.LargeLedger()
    shape = {"wallets": growth.wallets(settings), "owner_prefix": growth.PREFIX, "workload": "list"}
    side = Served(server, Load(in_flight=16, **shape))
    try:
        prepare(growth.large_ledger(bench) / "ledger.db")
        side.start(bench)
        side.walletbench.require(Load(rate=1))
        rows, cached = growth.rows_stored(server), [cached_share(server.database)]
        way = pilot.choose(functools.partial(side.measure, 1, 0), settings)

        def measured(served: Served) -> Sample:
            if before_each:
                before_each(server.database)
            sample = served.measure(settings.seconds, settings.warm_up, way)
            cached.append(cached_share(server.database))
            return sample

        peak = measured(side).per_second
        rate = max(1, int(peak / 2))
        open_loop = Served(server, Load(connections=64, in_flight=None, rate=rate, **shape))
        open_loop.walletbench = side.walletbench
        samples = [measured(open_loop) for _ in range(settings.pairs)]
        size = server.database.stat().st_size
    finally:
        side.stop()
    held = f"{cached[0]:.0%} cached before, {min(cached[1:]):.0%} to {max(cached[1:]):.0%} after a run"
    notes = [
        f"{rows:,} rows in {size / 1e9:.1f} GB, {held}",
        f"{rate:,}/s of a peak of {peak:,.0f}/s",
    ]
    hiccups = [sample.hiccups for sample in samples if sample.hiccups]
    return Outcome.bound(
        P99_MILLIS,
        [sample.latency_micros["p99"] / 1000 for sample in samples],
        notes=notes,
        extra={"pinning": {"ours": way.name}, "rate": rate, "hiccup_micros": hiccups or None},
    )
