"""An empty unary call on gRPC C++ with its own load generator."""

from __future__ import annotations

import json

from bench import processes
from bench.machine import Pinning
from bench.processes import Program
from bench.sample import Failed, Sample
from bench.side import Meter, Side
from bench.workbench import Workbench, built


class EmptyCall(Side):
    def __init__(self, channels: int, in_flight: int):
        self.channels, self.in_flight = channels, in_flight
        self.name = f"gRPC C++ empty call {channels} × {in_flight}"
        self.program: Program | None = None

    def start(self, bench: Workbench) -> None:
        self.load = built("grpc", "load")
        self.program = Program([built("grpc", "server")], bench.folder("grpc") / "log")
        self.address = self.program.wait_for(r"listening on (\S+)")[1]

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        processes.pin(self.program.pid, pinning.server)
        with Meter(self.program.pid) as meter:
            output = processes.run(
                [self.load, self.address, self.channels, self.in_flight, seconds, warm_up],
                cpus=pinning.load,
                timeout=seconds + warm_up + 60,
            )
        result = json.loads(output)
        if result["failures"]:
            raise Failed(f"{result['failures']} calls failed")
        rate = result["operations_per_second"]
        # The meter saw the warm-up too, at the same rate.
        return Sample(
            per_second=rate,
            latency_micros=result["latency_micros"],
            seconds=seconds,
            raw=result,
            cpu_micros=meter.server_seconds * 1e6 / (rate * (seconds + warm_up)) if rate else None,
            foreign_cpu=meter.foreign_share,
        )

    def stop(self) -> None:
        if self.program:
            self.program.stop(5)
