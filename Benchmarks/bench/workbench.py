"""What a side needs to be measured: settings, a scratch folder, the delay of syncs, tools that are built once."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import processes
from bench.sample import Failed, Missing
from bench.settings import BENCHMARKS, BUILT, Settings

# Calls of the disk that took as long are worth a line where they are watched.
SLOW_CALL_MILLIS = 5.0
# A file system in memory.
_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Standstill:
    """A disk that stands still for so long in one of its syncs, again and again."""

    millis: float
    every_seconds: float


class Workbench:
    def __init__(self, settings: Settings, sync_delay_ms: int = 0):
        self.settings = settings
        self.sync_delay_ms = sync_delay_ms
        settings.scratch.mkdir(parents=True, exist_ok=True)
        self._folders: list[Path] = []

    def folder(self, name: str) -> Path:
        """A folder of its own on the file system that all data of the bench is on."""
        path = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.settings.scratch))
        self._folders.append(path)
        return path

    def kept_folder(self, name: str) -> Path:
        """A folder that stays for later runs."""
        path = self.settings.scratch / "kept" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def memory_folder(self, name: str, bytes_min: int) -> Path:
        """A folder of its own in memory, where no sync takes any time."""
        try:
            free = shutil.disk_usage(_MEMORY).free
        except OSError as error:
            raise Missing(f"{_MEMORY}: {error.strerror}") from error
        if free < bytes_min:
            raise Missing(f"{_MEMORY} has {free >> 20} MiB left; this row needs {bytes_min >> 20}")
        path = Path(tempfile.mkdtemp(prefix=f"walletd-{name}-", dir=_MEMORY))
        self._folders.append(path)
        return path

    def clean(self) -> None:
        for path in self._folders:
            shutil.rmtree(path, ignore_errors=True)
        self._folders.clear()

    def server_environment(
        self, slow_calls: Path | None = None, standstill: Standstill | None = None, sync_micros: int = 0
    ) -> dict[str, str]:
        """What makes a server's disk slower, lets it stand still, and notes its slow calls in a file; nothing without any."""
        sync_micros += self.sync_delay_ms * 1000
        if sync_micros == 0 and slow_calls is None and standstill is None:
            return {}
        make("syncdelay")
        library = BUILT / "syncdelay/syncdelay.so"
        environment = {"LD_PRELOAD": str(library), "SYNC_DELAY_MICROS": str(sync_micros)}
        if slow_calls:
            environment |= {"SLOW_CALLS": str(slow_calls), "SLOW_CALL_MICROS": str(int(SLOW_CALL_MILLIS * 1000))}
        if standstill:
            environment |= {
                "STANDSTILL_MICROS": str(int(standstill.millis * 1000)),
                "STANDSTILL_EVERY_MICROS": str(int(standstill.every_seconds * 1_000_000)),
            }
        return environment

    def check_delayed(self, pid: int) -> None:
        """A server that lost the preloaded library would be measured on a faster disk."""
        if self.sync_delay_ms and "syncdelay.so" not in Path(f"/proc/{pid}/maps").read_text():
            raise Failed(f"process {pid} didn't take the library that delays its syncs")


def make(name: str, target: str = "all") -> Path:
    """Builds what is missing or stale of one folder of Benchmarks, and returns where the programs are."""
    folder = BENCHMARKS / name
    if not folder.joinpath("Makefile").exists():
        raise Missing(f"Benchmarks/{name} isn't there")
    try:
        processes.run(["make", "-s", "-C", folder, target], timeout=400)
    except Failed as error:
        raise Missing(f"Benchmarks/{name} doesn't build: {error}") from error
    return BUILT / name


def built(name: str, program: str, target: str = "all") -> Path:
    path = make(name, target) / program
    if not path.exists():
        raise Missing(f"Benchmarks/{name} builds no {program}")
    return path
