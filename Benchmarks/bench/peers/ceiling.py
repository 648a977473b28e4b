"""The ceiling: a small C server and a bare SQLite loop that write the same row with the same digest."""

from __future__ import annotations

import json
import shutil

from bench import processes
from bench.machine import Pinning
from bench.processes import Program
from bench.sample import Sample
from bench.side import Meter, Server, Side
from bench.workbench import Workbench, built


class CeilingServer(Server):
    name = "the C server"

    def __init__(self, options: tuple[str, ...] = ()):
        self.options = options

    def start(self, bench: Workbench) -> None:
        program = built("ceiling", "server")
        folder = bench.folder("ceiling")
        data = folder / "data"
        data.mkdir()
        self.program = Program(
            [program, "--port", 0, "--data", data, *self.options], folder / "log", env=bench.server_environment()
        )
        self.address = self.program.wait_for(r"listening on (\S+)", 60)[1]


class CeilingLoop(Side):
    """No server and no network: rows into SQLite as fast as one thread can."""

    def __init__(self, rows_per_commit: int, keys: str = "uuidv7"):
        self.rows_per_commit, self.keys = rows_per_commit, keys
        self.rows = 300_000
        self.name = f"the bare C loop, {rows_per_commit:,} rows a commit"

    def start(self, bench: Workbench) -> None:
        self.loop = built("ceiling", "loop")
        self.bench = bench

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        """As many rows as fit into the time at the rate of the run before; the first one only finds that rate."""
        data = self.bench.folder("loop")
        command = [self.loop, "--rows-per-commit", self.rows_per_commit, "--rows", self.rows, "--keys", self.keys]
        command += ["--wallets", self.bench.settings.wallets, "--data", data]
        if self.bench.settings.quick:
            command += ["--warm-up", 10 * self.rows_per_commit]
        with Meter(None) as meter:
            output = processes.run(command, cpus=pinning.server, env=self.bench.server_environment(), timeout=600)
        shutil.rmtree(data)
        result = json.loads(output)
        rate = float(result["rows_per_second"])
        self.rows = max(self.rows_per_commit, int(rate * seconds))
        return Sample(per_second=rate, seconds=seconds, raw=result, foreign_cpu=meter.foreign_share)
