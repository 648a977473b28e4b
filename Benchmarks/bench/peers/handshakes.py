"""Connections with TLS as fast as they can be made, to walletd and to openssl's own test server."""

from __future__ import annotations

import re
import subprocess
import time

from bench import processes
from bench.machine import Pinning
from bench.processes import Program
from bench.sample import Failed, Missing, Sample
from bench.side import Meter, Server, Side
from bench.walletd import Certificates, Walletd
from bench.workbench import Workbench

CLIENTS = 4
_RESULT = re.compile(r"(\d+) connections in \d+ real seconds")


class TestServer(Server):
    """`openssl s_server`: a handshake, and nothing behind it."""

    name = "openssl s_server"

    def start(self, bench: Workbench) -> None:
        folder = bench.folder("s_server")
        self.certificates = Certificates(bench, folder / "certificates")
        files = ["-cert", self.certificates.path("server.pem"), "-key", self.certificates.path("server.key")]
        # Port 0 takes a free one, which it prints. With -www it doesn't read standard input, whose end would end it.
        options = ["-accept", "127.0.0.1:0", "-www", "-tls1_3", "-num_tickets", "0"]
        self.program = Program(["openssl", "s_server", *options, *files], folder / "log")
        self.address = self.program.wait_for(r"ACCEPT (127\.0\.0\.1:\d+)")[1]


class Handshakes(Side):
    """A server under `openssl s_time`, which connects anew each time."""

    def __init__(self, server: Server):
        self.server = server
        self.name = f"{server.name}, {CLIENTS} × openssl s_time"

    def start(self, bench: Workbench) -> None:
        self.server.start(bench)

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        processes.pin(self.server.pid, pinning.server)
        command = ["openssl", "s_time", "-new", "-tls1_3", "-connect", self.server.address, "-time", str(seconds)]
        command += ["-CAfile", str(self.server.certificates.path("ca.pem"))]
        with Meter(self.server.pid) as meter:
            begun = time.monotonic()
            try:
                clients = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)]
            except FileNotFoundError as error:
                raise Missing("openssl isn't there") from error
            for client in clients:
                processes.pin(client.pid, pinning.load)
            outputs = [client.communicate(timeout=seconds + 60)[0] for client in clients]
            elapsed = time.monotonic() - begun
        return Sample(
            per_second=sum(map(connections, outputs)) / elapsed, foreign_cpu=meter.foreign_share, seconds=elapsed
        )

    def stop(self) -> None:
        self.server.stop()


def connections(output: str) -> int:
    found = _RESULT.search(output)
    if not found or int(found[1]) == 0:
        raise Failed(f"openssl s_time made no connection: {processes.tail(output)}")
    return int(found[1])


def sides() -> tuple[Side, Side]:
    return Handshakes(Walletd(name="walletd with TLS", tls=True)), Handshakes(TestServer())

