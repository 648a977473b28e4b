"""The machine: what it is, which cores go to whom, and who else uses it."""

from __future__ import annotations

import bisect
import ctypes
import mmap
import os
import platform
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.pairs import median

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Pinning:
    """Which cores the server runs on and which the load."""

    name: str
    server: frozenset[int]
    load: frozenset[int]


def pinnings(cpus: Iterable[int] | None = None) -> dict[str, Pinning]:
    """The ways to share the cores. Which one is best differs with the threads of a server: they are tried."""
    cores = sorted(os.sched_getaffinity(0) if cpus is None else cpus)
    everything = frozenset(cores)
    ways = {"shared": Pinning("shared", everything, everything)}
    if len(cores) > 1:
        half = len(cores) // 2
        ways["apart"] = Pinning("apart", frozenset(cores[:half]), frozenset(cores[half:]))
        ways["wide"] = Pinning("wide", everything, frozenset(cores[half:]))
    return ways


def sync_micros(folder: Path, rounds: int = 100) -> float:
    """The median of a 4 KiB append and its fdatasync."""
    path = folder / "sync-probe"
    took = []
    try:
        with open(path, "wb", buffering=0) as file:
            for _ in range(rounds):
                file.write(bytes(4096))
                begun = time.perf_counter()
                os.fdatasync(file.fileno())
                took.append((time.perf_counter() - begun) * 1e6)
    finally:
        path.unlink(missing_ok=True)
    return median(took)


def sync_stalls(folder: Path, seconds: float, per_second: int, over_millis: float) -> tuple[int, int, float]:
    """What the disk does by itself, with nothing else running: 24 KiB and an fdatasync, so many times a second at most.

    As fast as it can would be several times what a load asks of it, and a disk of a cloud may stand still for that alone.

    Returns how many there were, how many took longer than `over_millis`, and the longest in milliseconds.
    """
    path = folder / "stall-probe"
    took = []
    try:
        with open(path, "wb", buffering=0) as file:
            due = time.monotonic()
            until = due + seconds
            while due < until:
                file.write(bytes(24576))
                begun = time.perf_counter()
                os.fdatasync(file.fileno())
                took.append((time.perf_counter() - begun) * 1000)
                if file.tell() > 4 << 20:
                    file.seek(0)
                due = max(due + 1 / per_second, time.monotonic() - 1)
                time.sleep(max(0, due - time.monotonic()))
    finally:
        path.unlink(missing_ok=True)
    return len(took), sum(millis > over_millis for millis in took), max(took)


def describe(folder: Path) -> str:
    """One line that says what was measured on."""
    cpu = "unknown CPU"
    found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    if found:
        cpu = found.group(1).strip()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)
    return (
        f"{len(os.sched_getaffinity(0))} cores of {cpu}, {memory:.0f} GiB, Linux {platform.release()}, "
        f"fdatasync of 4 KiB {sync_micros(folder):.0f} µs"
    )


def _processor_seconds() -> list[float]:
    """Of all cores since the start: user, nice, system, idle, waiting, interrupts of two kinds, taken by the host."""
    return [int(word) / _TICKS for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]


class ForeignCPU:
    """What others take of the cores while something of ours runs.

    Interrupts are left out: loopback traffic runs in them, and nobody is charged for it.
    """

    def __init__(self):
        self.begun, self.busy = time.monotonic(), self._busy()

    def share(self, own_seconds: float) -> float:
        wall = (time.monotonic() - self.begun) * (os.cpu_count() or 1)
        return max(0.0, (self._busy() - self.busy - own_seconds) / wall) if wall > 0 else 0.0

    @staticmethod
    def _busy() -> float:
        user, nice, system, _idle, _wait, _irq, _softirq, stolen = _processor_seconds()
        return user + nice + system + stolen


class StolenTime:
    """What the host takes of the cores' time while a block runs: nothing here can use it, whatever it does.

    A machine that isn't a guest, or whose host doesn't tell, shows none.
    """

    def __init__(
        self,
        read: Callable[[], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
        cores: int | None = None,
        period: float = 0.1,
    ):
        """`read` gives the seconds that were taken so far, of all cores together."""
        self._read, self._clock = read or (lambda: _processor_seconds()[7]), clock
        self._cores, self._period = cores or os.cpu_count() or 1, period
        self._points: list[tuple[float, float]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> StolenTime:
        self.note()
        self._thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self._stop.set()
        self._thread.join()
        self.note()

    @property
    def share(self) -> float:
        """Of all cores' time, from 0 to 1."""
        return self._share(self._points[0], self._points[-1])

    @property
    def worst_share(self) -> float:
        """That of the worst second."""
        begun, worst = self._points[0], None
        for point in self._points:
            if point[0] - begun[0] >= 1:
                worst, begun = max(worst or 0.0, self._share(begun, point)), point
        # What is left at the end is too short to say anything.
        return self.share if worst is None else worst

    def share_between(self, since: float, until: float) -> float:
        """Of all cores' time between two moments of the clock, or just before: who was kept waiting then may be
        answered within them. The kernel counts in hundredths of a second."""
        moments = [at for at, _ in self._points]
        before = max(0, bisect.bisect_right(moments, since - self._period) - 1)
        after = min(len(moments) - 1, bisect.bisect_left(moments, until))
        return self._share(self._points[before], self._points[after])

    def note(self) -> None:
        self._points.append((self._clock(), self._read()))

    def _share(self, before: tuple[float, float], after: tuple[float, float]) -> float:
        wall = (after[0] - before[0]) * self._cores
        return (after[1] - before[1]) / wall if wall > 0 else 0.0

    def _watch(self) -> None:
        while not self._stop.wait(self._period):
            self.note()


def load_into_cache(path: Path) -> None:
    """Reads a file from its begin to its end. What stays of it is for the machine to say (`cached_share`)."""
    with open(path, "rb", buffering=0) as file:
        buffer = bytearray(1 << 22)
        while file.readinto(buffer):
            pass


def drop_from_cache(path: Path) -> None:
    """Takes a file that nobody is changing out of the page cache."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def cached_share(path: Path) -> float:
    """How much of a file the page cache holds."""
    size = path.stat().st_size
    if size == 0:
        return 1.0
    page = os.sysconf("SC_PAGE_SIZE")
    pages = (size + page - 1) // page
    libc = ctypes.CDLL(None, use_errno=True)
    with (
        open(path, "rb") as file,
        mmap.mmap(file.fileno(), size, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE) as view,
    ):
        vector = (ctypes.c_ubyte * pages)()
        start = ctypes.c_char.from_buffer(view)
        try:
            result = libc.mincore(ctypes.c_void_p(ctypes.addressof(start)), ctypes.c_size_t(size), vector)
        finally:
            del start
    if result != 0:
        raise OSError(ctypes.get_errno(), "mincore")
    return sum(byte & 1 for byte in bytes(vector)) / pages
