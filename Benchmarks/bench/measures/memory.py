"""Memory of a server that has many wallets cached."""

from __future__ import annotations

from bench import processes
from bench.load import Load
from bench.machine import pinnings
from bench.outcome import Outcome
from bench.side import Served
from bench.walletd import Walletd
from bench.workbench import Workbench

MEGABYTES = 300.0
WALLETS = 1_000_000


def measure(bench: Workbench, _row) -> Outcome:
    """walletbench opens every wallet and reads each of them back, so all have been used at the end."""
    settings = bench.settings
    side = Served(
        Walletd(options=("--cache-wallets", str(WALLETS))), Load(in_flight=16, wallets=WALLETS, workload="balance")
    )
    try:
        side.start(bench)
        empty = processes.resident_bytes(side.server.pid) / 1e6
        side.measure(settings.seconds, 0, pinnings()[settings.pinning or "shared"])
        full = processes.resident_bytes(side.server.pid) / 1e6
    finally:
        side.stop()
    return Outcome.bound(MEGABYTES, [full], notes=[f"{WALLETS:,} wallets; {empty:.0f} MB before the first"])
