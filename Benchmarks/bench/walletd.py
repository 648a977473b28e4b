"""walletd as a server of the bench."""

from __future__ import annotations

from pathlib import Path

from bench import processes
from bench.processes import Program
from bench.sample import Failed, Missing
from bench.side import Server
from bench.workbench import Standstill, Workbench

# Option 1 on walletd's own engine: the hidden mode that stores a bare `UPDATE users SET balance` for each Debit.
BALANCE_COLUMN = ("--bench-balance-column",)
WITHOUT_LINGER = ("--linger", "0")
NOTHING_IN_PLACE = ("--in-place", "0")


class Certificates:
    """An authority, and what it has signed for a server and a client on this machine."""

    def __init__(self, bench: Workbench, folder: Path):
        self._folder = folder
        program = bench.settings.programs / "walletctl"
        if not program.exists():
            raise Missing(f"{program} isn't there: swift build -c release")
        processes.run([program, "dev-certs", "--out", folder])

    def path(self, name: str) -> Path:
        return self._folder / name


class Walletd(Server):
    def __init__(
        self,
        name: str = "walletd",
        options: tuple[str, ...] = (),
        data: Path | None = None,
        tls: bool = False,
        watch_disk: bool = False,
        standstill: Standstill | None = None,
        sync_micros: int = 0,
    ):
        self.name, self.options, self.data, self.tls, self.watch_disk = name, options, data, tls, watch_disk
        self.standstill, self.sync_micros = standstill, sync_micros

    def start(self, bench: Workbench) -> None:
        path = bench.settings.programs / "walletd"
        if not path.exists():
            raise Missing(f"{path} isn't there: swift build -c release")
        folder = bench.folder("walletd")
        self.data = self.data or folder / "data"
        self.command = [path, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--admin", "off"]
        self.command += self.options
        if self.tls:
            self.certificates = Certificates(bench, folder / "certificates")
            self.command += ["--tls-cert", self.certificates.path("server.pem")]
            self.command += ["--tls-key", self.certificates.path("server.key")]
            self.load_options = ("--tls-ca", str(self.certificates.path("ca.pem")))
        self.slow_calls = folder / "slow-calls" if self.watch_disk else None
        environment = bench.server_environment(self.slow_calls, self.standstill, self.sync_micros)
        self.program = Program(self.command, folder / "log", env=environment)
        try:
            self.address = self.program.wait_for(r"listening on (\S+)", 600)[1]
        except Failed as error:
            if self.options and "Unknown option" in str(error):
                raise Missing(f"this walletd has no {' '.join(self.options)}") from error
            raise

    def start_again(self, bench: Workbench) -> None:
        """At the same address, and without waiting until it listens: whoever asks is to find out when that is."""
        self.command[self.command.index("--listen") + 1] = self.address
        self.program = Program(self.command, bench.folder("walletd") / "log", env=bench.server_environment())

    @property
    def database(self) -> Path:
        return self.data / "ledger.db"
