"""What a debit takes on disk, with all indexes."""

from __future__ import annotations

import re

from bench.load import Load
from bench.machine import pinnings
from bench.outcome import Outcome
from bench.sample import Failed
from bench.side import Served
from bench.walletd import Walletd
from bench.workbench import Workbench

BYTES = 230.0


def measure(bench: Workbench, _row) -> Outcome:
    """Two runs over the same wallets: the first makes them and fills the pages, the second is what is counted."""
    settings = bench.settings
    seconds = 3 if settings.quick else 10
    load = Load(in_flight=16, wallets=settings.wallets, owner_prefix="disk")
    server = Walletd()
    sizes = []
    for part in (seconds, 3 * seconds):
        side = Served(server, load)
        try:
            side.start(bench)
            side.measure(part, 0, pinnings()[settings.pinning or "shared"])
        finally:
            side.stop()
        sizes.append((server.database.stat().st_size, stopped_at(server.program.text())))
    rows = sizes[1][1] - sizes[0][1]
    if rows < 10_000:
        raise Failed(f"only {rows} rows were written")
    each = (sizes[1][0] - sizes[0][0]) / rows
    return Outcome.bound(BYTES, [each], notes=[f"{rows:,} rows after {sizes[0][1]:,}"])


def stopped_at(log: str) -> int:
    """The journal's length when the server had stopped cleanly, checkpoint included."""
    found = re.search(r"stopped at seq (\d+)", log)
    if not found:
        raise Failed(f"walletd didn't stop cleanly: {log[-200:]}")
    return int(found[1])
