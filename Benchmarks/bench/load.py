"""walletbench: the one generator that drives both sides of a row."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes
from bench.sample import Failed, Missing, Sample

_CHECK_FAILED = 1


@dataclass(frozen=True)
class Load:
    connections: int = 64
    in_flight: int | None = 1
    """None where a rate says how much is outstanding."""
    workload: str = "debit"
    distribution: str = "uniform"
    wallets: int = 100_000
    batch: int | None = None
    rate: int | None = None
    keys: str | None = None
    owner_prefix: str | None = None
    extra: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        text = f"{self.workload} {self.connections}" + (f" × {self.in_flight}" if self.in_flight else " connections")
        if self.distribution != "uniform":
            text += f", {self.distribution}"
        if self.batch:
            text += f", batches of {self.batch:,}"
        if self.rate:
            text += f", {self.rate:,}/s"
        return text

    def options(self) -> list[str]:
        words = [
            "--connections",
            self.connections,
            "--workload",
            self.workload,
            "--wallets",
            self.wallets,
        ]
        optional = {
            "--in-flight": self.in_flight,
            "--distribution": self.distribution if self.distribution != "uniform" else None,
            "--batch": self.batch,
            "--batch-mode": "items" if self.batch else None,
            "--rate": self.rate,
            "--keys": self.keys,
            "--owner-prefix": self.owner_prefix,
        }
        for name, value in optional.items():
            if value is not None:
                words += [name, value]
        return [str(word) for word in words] + list(self.extra)


class Walletbench:
    def __init__(self, programs: Path):
        self.path = programs / "walletbench"
        if not self.path.exists():
            raise Missing(f"{self.path} isn't there: swift build -c release")

    @functools.cached_property
    def help(self) -> str:
        return processes.run([self.path, "--help"])

    def supports(self, option: str) -> bool:
        return option in self.help.split()

    def require(self, load: Load, protocol: str = "wrp") -> None:
        """An older walletbench can't drive every row."""
        needed = [word for word in load.options() if word.startswith("--")]
        needed += ["--protocol"] if protocol != "wrp" else []
        unknown = [option for option in needed if not self.supports(option)]
        if unknown:
            raise Missing(f"this walletbench has no {', '.join(unknown)}")

    def run(
        self,
        load: Load,
        protocol: str,
        address: str,
        seconds: int,
        warm_up: int,
        cpus: Iterable[int],
        server_pid: int | None = None,
        more: Iterable[str] = (),
    ) -> Sample:
        command = [
            self.path,
            "--server",
            address,
            "--seconds",
            seconds,
            "--warm-up",
            warm_up,
            "--json",
            *load.options(),
        ]
        if protocol != "wrp":
            command += ["--protocol", protocol]
        if server_pid and self.supports("--cpu-of"):
            command += ["--cpu-of", server_pid]
        output = processes.run(
            [*command, *more], cpus=cpus, timeout=seconds + warm_up + 300, allowed=(0, _CHECK_FAILED)
        )
        return sample(output, seconds)

    def fill(self, address: str, rows: int, wallets: int, prefix: str, keys: str, cpus: Iterable[int]) -> None:
        """Makes a large ledger."""
        processes.run(
            [
                self.path,
                "--server",
                address,
                "--fill",
                rows,
                "--wallets",
                wallets,
                "--owner-prefix",
                prefix,
                "--keys",
                keys,
            ],
            cpus=cpus,
            timeout=max(600, rows / 5000),
        )


def sample(output: str, seconds: float) -> Sample:
    """A figure counts only when the server turned out to hold the balances that were expected."""
    try:
        result = json.loads(output)
    except ValueError as error:
        raise Failed(f"walletbench printed no JSON: {processes.tail(output)}") from error
    if not result.get("passed", True):
        check = json.dumps(result.get("check") or result.get("failure"))
        raise Failed(f"walletbench's check of the balances failed: {check[:300]}")
    if result.get("build_mode") == "debug":
        raise Failed("this walletbench is a debug build")
    latency = {
        key: float(value)
        for key, value in (result.get("latency_micros") or {}).items()
        if isinstance(value, int | float)
    }
    return Sample(
        per_second=float(result["operations_per_second"]),
        latency_micros=latency,
        cpu_micros=result.get("server_cpu_micros_per_operation"),
        hiccups=result.get("hiccup_micros"),
        seconds=seconds,
        raw=result,
    )
