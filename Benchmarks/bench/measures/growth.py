"""The large ledger, made once and kept, and the rows that compare it with an empty one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bench.load import Load, Walletbench
from bench.machine import pinnings
from bench.sample import Failed, Missing
from bench.settings import Settings
from bench.side import Served, Side
from bench.walletd import Walletd
from bench.workbench import Workbench

PREFIX = "fill"
_WALLETS_MAX = 1_000_000
_BYTES_PER_ROW = 400


def wallets(settings: Settings) -> int:
    return max(1, min(_WALLETS_MAX, settings.fill // 50))


def large_ledger(bench: Workbench, keys: str = "uuidv7") -> Path:
    """The data folder of a ledger with FILL transactions. It is filled at full speed whatever the syncs cost later."""
    settings = bench.settings
    folder = bench.kept_folder(f"{settings.fill}-{keys}")
    complete = folder / "complete.json"
    if complete.exists():
        return folder / "data"
    free = shutil.disk_usage(folder).free
    if free < settings.fill * _BYTES_PER_ROW:
        raise Missing(f"a ledger of {settings.fill:,} rows needs more than the {free / 1e9:.0f} GB that are free")
    shutil.rmtree(folder / "data", ignore_errors=True)
    quick = Workbench(settings)
    server = Walletd(options=("--cache-wallets", str(wallets(settings))), data=folder / "data")
    walletbench = Walletbench(settings.programs)
    if not walletbench.supports("--fill"):
        raise Missing("this walletbench has no --fill")
    print(f"  filling a ledger with {settings.fill:,} transactions, keys {keys}", flush=True)
    try:
        server.start(quick)
        walletbench.fill(server.address, settings.fill, wallets(settings), PREFIX, keys, pinnings()["shared"].load)
    finally:
        server.stop()
        quick.clean()
    complete.write_text(json.dumps({"rows": settings.fill, "wallets": wallets(settings), "keys": keys}))
    return folder / "data"


class LargeLedger(Walletd):
    def __init__(self, keys: str = "uuidv7", options: tuple[str, ...] = ()):
        super().__init__("walletd on the large ledger", options)
        self.keys = keys

    def start(self, bench: Workbench) -> None:
        self.data = large_ledger(bench, self.keys)
        super().start(bench)


def sides(keys: str):
    """The load is the same on both: as many wallets as in other rows, over whatever lies beneath."""

    def make(settings: Settings) -> tuple[Side, Side]:
        load = Load(
            in_flight=16,
            wallets=min(settings.wallets, wallets(settings)),
            owner_prefix=PREFIX,
            keys=None if keys == "uuidv7" else keys,
        )
        return Served(LargeLedger(keys), load), Served(Walletd("walletd on an empty ledger"), load)

    return make


def rows_stored(server: Walletd) -> int:
    """As the server says at its start."""
    found = server.program.wait_for(r"at seq (\d+)")
    if not found:
        raise Failed("walletd didn't say where its journal ends")
    return int(found[1])
