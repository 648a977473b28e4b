"""PostgreSQL under pgbench: a balance column (Option 1), or wallet and transaction rows in one statement (Option 2)."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
from pathlib import Path

from bench import processes
from bench.machine import Pinning
from bench.processes import Program
from bench.sample import Failed, Missing, Sample
from bench.settings import BENCHMARKS
from bench.side import Meter, Side
from bench.workbench import Workbench

_SCRIPTS = BENCHMARKS / "postgres"
_CLIENTS, _THREADS = 64, 2

# Durable as installed, and otherwise at its best: all in memory, no checkpoint within a run. Commits don't wait for
# company: with 64 clients those that come while a sync runs share the next one.
_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_sync_method": "fdatasync",
    "shared_buffers": "1GB",
    "wal_buffers": "64MB",
    "max_wal_size": "16GB",
    "min_wal_size": "2GB",
    "checkpoint_timeout": "1h",
    "commit_delay": "0",
    "max_connections": "100",
    "jit": "off",
    "wal_compression": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "on",
    "bgwriter_delay": "200ms",
    "huge_pages": "try",
    "track_activities": "off",
    "track_counts": "on",
    "update_process_title": "off",
}


class Postgres(Side):
    def __init__(self, option: int, hot: bool):
        self.option, self.hot = option, hot
        what = "UPDATE of a balance column" if option == 1 else "debit as one CTE statement"
        self.name = f"PostgreSQL, {what}, {_CLIENTS} clients" + (", one hot row" if hot else "")
        self.program: Program | None = None

    def start(self, bench: Workbench) -> None:
        binaries, account = find_binaries(), find_account()
        folder = bench.folder("postgres")
        data = folder / "data"
        if account:
            entry = pwd.getpwnam(account)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            try:
                processes.run(["test", "-w", folder], user=account)
            except Failed as error:
                raise Missing(f"user {account} can't reach {folder}") from error
        processes.run(
            [binaries / "initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C", "--no-sync"],
            user=account,
        )
        port = processes.free_port()
        settings = {**_SETTINGS, "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        # SIGINT is its fast shutdown.
        self.program = Program(
            [binaries / "postgres", "-D", data, *options],
            folder / "log",
            env=bench.server_environment(),
            user=account,
            stop_signal=signal.SIGINT,
            cwd=folder,
        )
        self.program.wait_for("ready to accept connections")
        bench.check_delayed(self.program.pid)
        self._connection = ["-h", "127.0.0.1", "-p", port, "-U", "bench"]
        self._psql, self._pgbench = binaries / "psql", binaries / "pgbench"
        self._rows = 1 if self.hot else bench.settings.wallets
        self._query_file(_SCRIPTS / "schema.sql", max(self._rows, 1))

    def measure(self, seconds: int, warm_up: int, pinning: Pinning) -> Sample:
        processes.pin(self.program.pid, pinning.server)
        if warm_up:
            self._run_pgbench(warm_up, pinning)
        before = self._transactions()
        with Meter(self.program.pid) as meter:
            output = self._run_pgbench(seconds, pinning)
        per_second, count, latency = parse_pgbench(output)
        done = self._transactions() - before if self.option == 2 else count
        if done < count * 0.999:
            raise Failed(f"only {done} of {count} statements moved money")
        return Sample(
            per_second=per_second,
            latency_micros={"mean": latency},
            cpu_micros=meter.server_seconds * 1e6 / count,
            foreign_cpu=meter.foreign_share,
            seconds=seconds,
            raw={"output": output},
        )

    def stop(self) -> None:
        if self.program:
            self.program.stop()

    def _run_pgbench(self, seconds: int, pinning: Pinning) -> str:
        return processes.run(
            [
                self._pgbench,
                *self._connection,
                "-n",
                "-M",
                "prepared",
                "-c",
                _CLIENTS,
                "-j",
                _THREADS,
                "-T",
                seconds,
                "-D",
                f"rows={self._rows}",
                "-f",
                _SCRIPTS / f"option{self.option}.sql",
                "postgres",
            ],
            cpus=pinning.load,
            timeout=seconds + 60,
        )

    def _transactions(self) -> int:
        """Rows ever inserted: the sequence behind the table's id leaves no gap here, where no insert fails."""
        if self.option == 1:
            return 0
        return int(self._query("SELECT count(*) FROM transactions"))

    def _query(self, text: str) -> str:
        return processes.run([self._psql, *self._connection, "-XqAt", "-c", text, "postgres"])

    def _query_file(self, path: Path, rows: int) -> None:
        processes.run(
            [
                self._psql,
                *self._connection,
                "-Xq",
                "-v",
                "ON_ERROR_STOP=1",
                "-v",
                f"rows={rows}",
                "-f",
                path,
                "postgres",
            ]
        )


def find_binaries() -> Path:
    """Where Debian puts them, newest first, or the PATH."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    on_path = shutil.which("postgres")
    candidates += [Path(on_path).parent] if on_path else []
    for folder in candidates:
        if all(folder.joinpath(name).exists() for name in ("initdb", "postgres", "psql", "pgbench")):
            return folder
    raise Missing("postgresql-15 isn't installed")


def find_account() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Missing("PostgreSQL doesn't run as root, and there is no other user")


def parse_pgbench(output: str) -> tuple[float, int, float]:
    """Transactions a second, their count, and the mean latency in microseconds."""
    rate = re.search(r"^tps = ([\d.]+) \(without initial connection time\)", output, re.M)
    count = re.search(r"^number of transactions actually processed: (\d+)", output, re.M)
    latency = re.search(r"^latency average = ([\d.]+) ms", output, re.M)
    failed = re.search(r"^number of failed transactions: (\d+)", output, re.M)
    if not (rate and count and latency):
        raise Failed(f"pgbench printed no figures: {processes.tail(output)}")
    if failed and int(failed[1]):
        raise Failed(f"pgbench: {failed[1]} transactions failed")
    return float(rate[1]), int(count[1]), float(latency[1]) * 1000
