"""Redis, every command on disk before its answer."""

from __future__ import annotations

import csv
import io
import shutil

from bench import processes
from bench.load import Load
from bench.machine import Pinning
from bench.processes import Program
from bench.sample import Missing
from bench.side import Server
from bench.workbench import Workbench

# I/O threads are for machines with cores to spare.
_SETTINGS = {
    "bind": "127.0.0.1",
    "protected-mode": "yes",
    "daemonize": "no",
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "auto-aof-rewrite-percentage": "0",
    "latency-tracking": "no",
    "io-threads": "1",
    "tcp-backlog": "1024",
}


class Redis(Server):
    name = "Redis"
    protocol = "resp"

    def start(self, bench: Workbench) -> None:
        if not shutil.which("redis-server"):
            raise Missing("redis-server isn't installed")
        folder = bench.folder("redis")
        port = processes.free_port()
        command = ["redis-server", "--port", port, "--dir", folder]
        for name, value in _SETTINGS.items():
            command += [f"--{name}", value]
        self.program = Program(command, folder / "log", env=bench.server_environment())
        self.program.wait_for("Ready to accept connections")
        self.address = f"127.0.0.1:{port}"

    def check(self, load: Load, pinning: Pinning) -> str | None:
        """redis-benchmark at the same shape."""
        if not shutil.which("redis-benchmark"):
            return None
        keys = 1 if load.distribution == "hot" else load.wallets
        requests = 200_000 if load.in_flight == 1 else 1_000_000
        command = ["GET", "check:__rand_int__"] if load.workload == "balance" else ["DECRBY", "check:__rand_int__", "7"]
        output = processes.run(
            [
                "redis-benchmark",
                "-p",
                self.address.split(":")[1],
                "-c",
                load.connections,
                "-P",
                load.in_flight,
                "-n",
                requests,
                "-r",
                keys,
                "--csv",
                *command,
            ],
            cpus=pinning.load,
        )
        return f"redis-benchmark {parse_benchmark(output):,.0f}/s"


def parse_benchmark(output: str) -> float:
    """Requests a second out of `redis-benchmark --csv`."""
    for row in csv.DictReader(io.StringIO(output[output.index('"test"') :])):
        return float(row["rps"])
    raise ValueError(f"redis-benchmark printed no figure: {output!r}")
