"""One side of a row: a server (or a bare loop), and the load that it is measured under."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod

from bench import processes
from bench.load import Load, Walletbench
from bench.machine import ForeignCPU, Pinning
from bench.processes import Program
from bench.sample import Sample
from bench.workbench import Workbench


class Side(ABC):
    name = ""

    @abstractmethod
    def start(self, bench: Workbench) -> None:
        """Makes everything ready to be measured. Raises Missing when that can't be here."""

    @abstractmethod
    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample: ...

    def stop(self) -> None:  # noqa: B027 - many sides have nothing to stop
        """Ends what start began, as far as that went."""

    def check(self, pinning: Pinning) -> str | None:
        """What the peer's own tool says at the same shape, to be printed beside."""
        return None


class Server(ABC):
    """A server that a load generator drives."""

    name = ""
    protocol = "wrp"
    address = ""
    program: Program | None = None
    load_options: tuple[str, ...] = ()
    """What the load generator must be told to reach it."""

    @abstractmethod
    def start(self, bench: Workbench) -> None: ...

    def stop(self) -> None:
        if self.program:
            self.program.stop()

    def check(self, load: Load, pinning: Pinning) -> str | None:
        return None

    @property
    def pid(self) -> int:
        return self.program.pid


class Served(Side):
    """A server under walletbench, which drives both sides of a row from the same loop."""

    def __init__(self, server: Server, load: Load):
        self.server, self.load = server, load
        self.name = f"{server.name}, {load}"

    @classmethod
    def running(cls, bench: Workbench, server: Server, load: Load) -> Served:
        """Another load for a server that another side has started, and stops."""
        side = cls(server, load)
        side._prepare(bench)
        return side

    def start(self, bench: Workbench) -> None:
        self._prepare(bench)
        self.server.start(bench)
        bench.check_delayed(self.server.pid)

    def _prepare(self, bench: Workbench) -> None:
        self.walletbench = Walletbench(bench.settings.programs)
        self.walletbench.require(self.load, self.server.protocol)

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        processes.pin(self.server.pid, pinning.server)
        with Meter(self.server.pid) as meter:
            sample = self.walletbench.run(
                self.load,
                self.server.protocol,
                self.server.address,
                seconds,
                warm_up,
                pinning.load,
                self.server.pid,
                self.server.load_options,
            )
        sample.foreign_cpu = meter.foreign_share
        return sample

    def stop(self) -> None:
        self.server.stop()

    def check(self, pinning: Pinning) -> str | None:
        return self.server.check(self.load, pinning)


class Meter:
    """Time and CPU of a stretch: the server's, and what others took meanwhile."""

    def __init__(self, pid: int | None):
        self.pid = pid

    def __enter__(self) -> Meter:
        self._foreign = ForeignCPU()
        self._server, self._children, self._begun = (
            self._server_seconds(),
            processes.ended_children_seconds(),
            time.time(),
        )
        return self

    def __exit__(self, *_) -> None:
        self.seconds = time.time() - self._begun
        self.server_seconds = self._server_seconds() - self._server
        own = self.server_seconds + processes.ended_children_seconds() - self._children
        self.foreign_share = self._foreign.share(own)

    def _server_seconds(self) -> float:
        return processes.cpu_seconds(self.pid) if self.pid else 0.0
