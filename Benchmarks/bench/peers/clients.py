"""The clients of this repository, and gRPC in the same languages, each with one connection and many calls in flight."""

from __future__ import annotations

import json
from pathlib import Path

from bench import processes
from bench.machine import Pinning, pinnings
from bench.processes import Program
from bench.sample import Failed, Missing, Sample
from bench.settings import ROOT
from bench.side import Meter, Side
from bench.walletd import Walletd
from bench.workbench import Workbench, built

IN_FLIGHT = 64
VERB = "GetBalance"
# Seconds, at least. A virtual machine compiles only what has run often.
_WARM_UP_LEAST = {"java": 5}


class ClientLoad(Side):
    """A client under its own load (clients/conformance/DRIVER.md), against walletd."""

    def __init__(self, language: str, face: str = ""):
        self.language = language
        self.command = ROOT / "clients" / language / (f"load-{face}" if face else "load")
        self.name = f"the {language} client, {VERB} 1 × {IN_FLIGHT}"
        self.server = Walletd()

    def start(self, bench: Workbench) -> None:
        build(self.language)
        self.server.start(bench)

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        return self._measure(VERB, seconds, warm_up, pinning)

    def _measure(self, verb: str, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        words = [self.command, self.server.address, verb, IN_FLIGHT]
        return loaded(words, self.server.pid, seconds, warmed(self.language, warm_up), pinning)

    def stop(self) -> None:
        self.server.stop()

    def check(self, pinning: Pinning) -> str | None:
        """What a mutation that is on disk before its answer comes to."""
        sample = self._measure("Debit", 3, 1, pinning)
        return f"Debit {sample.per_second:,.0f}/s, median {millis(sample.latency_micros['p50'])}"


class GrpcLoad(Side):
    """An empty call of a gRPC client, against the server in C++. With faces, the one that is fastest is taken."""

    def __init__(self, language: str, faces: tuple[str, ...] = ()):
        self.language, self.faces = language, faces
        self.face = faces[0] if faces else None
        self.name = f"gRPC for {language}, an empty call 1 × {IN_FLIGHT}"
        self.program: Program | None = None

    def start(self, bench: Workbench) -> None:
        self.load = built("grpc", f"load-{self.language}", target=self.language)
        self.program = Program([built("grpc", "server")], bench.folder("grpc") / "log")
        self.address = self.program.wait_for(r"listening on (\S+)")[1]
        if len(self.faces) > 1:
            rates = {face: self._measure(face, 1, 0, pinnings()["shared"]).per_second for face in self.faces}
            self.face = max(rates, key=lambda face: rates[face])

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        return self._measure(self.face, seconds, warm_up, pinning)

    def _measure(self, face: str | None, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        words = [self.load, *([face] if face else []), self.address, IN_FLIGHT]
        return loaded(words, self.program.pid, seconds, warmed(self.language, warm_up), pinning)

    def stop(self) -> None:
        if self.program:
            self.program.stop(5)

    def check(self, pinning: Pinning) -> str | None:
        return f"the peer by its {self.face}" if self.face else None


def loaded(words: list, server_pid: int, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
    """Runs a load that takes its seconds and warm-up at the end of its arguments."""
    processes.pin(server_pid, pinning.server)
    with Meter(server_pid) as meter:
        output = processes.run([*words, seconds, warm_up], cpus=pinning.load, timeout=seconds + warm_up + 60)
    sample = figures(output, Path(str(words[0])).parent.name)
    sample.seconds, sample.foreign_cpu = seconds, meter.foreign_share
    return sample


def warmed(language: str, warm_up: int) -> int:
    return max(warm_up, _WARM_UP_LEAST.get(language, 1))


def figures(output: str, whose: str) -> Sample:
    try:
        found = json.loads(output)
        rate, latency = found["calls_per_second"], {name: found[f"{name}_micros"] for name in ("p50", "p99")}
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(f"the load of {whose} printed no figures: {processes.tail(output)}") from error
    if rate <= 0 or found.get("in_flight") != IN_FLIGHT:
        raise Failed(f"the load of {whose} measured something else: {processes.tail(output)}")
    return Sample(per_second=rate, latency_micros=latency, raw=found)


def build(language: str) -> None:
    """A toolchain that isn't here makes the row missing, with what the client's Makefile says of it."""
    folder = ROOT / "clients" / language
    if not folder.joinpath("Makefile").exists():
        raise Missing(f"clients/{language} isn't there")
    try:
        processes.run(["make", "-s", "-C", folder, "load"], timeout=900)
    except Failed as error:
        raise Missing(f"clients/{language} doesn't build: {error}") from error


def millis(micros: float) -> str:
    return f"{micros / 1000:.2f} ms"
