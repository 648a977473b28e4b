#!/usr/bin/env python3
"""Where threads of a process are while its disk lets them wait, and what the disk has to do then: stuck.py PID SECONDS

A thread that the kernel keeps waiting for a disk for 18 ms or longer is a line: how long by then, how many reads and
writes disks have in flight, and the innermost functions of the kernel (as root). One write in flight for as long as the
thread waits is one that the disk, or the host behind it, hasn't finished.
"""

import sys
import time
from pathlib import Path

STUCK_SECONDS = 0.018
PAUSE_SECONDS = 0.006
FUNCTIONS = 5


def read(path: Path) -> str:
    """Empty when the thread is gone, or root alone may know."""
    try:
        return path.read_text()
    except OSError:
        return ""


def waits(thread: Path) -> str | None:
    """Which of its waits it is in, by their number, or None while it doesn't wait for a disk."""
    state = read(thread / "stat").rpartition(")")[2].split()
    if not state or state[0] != "D":
        return None
    return read(thread / "status").partition("voluntary_ctxt_switches:")[2].split("\n", 1)[0].strip()


def in_flight() -> str:
    disks = [(disk.name, read(disk / "inflight").split()) for disk in sorted(Path("/sys/block").iterdir())]
    return ", ".join(f"{name} {reads} + {writes}" for name, (reads, writes) in disks if (reads, writes) != ("0", "0"))


def kernel_functions(thread: Path) -> str:
    lines = [line.split()[-1].partition("+")[0] for line in read(thread / "stack").splitlines()]
    return " < ".join(lines[:FUNCTIONS])


def main() -> None:
    process, until = Path("/proc") / sys.argv[1], time.monotonic() + float(sys.argv[2])
    since: dict[str, tuple[str, float]] = {}
    while (now := time.monotonic()) < until and process.exists():
        for thread in (process / "task").iterdir():
            wait = waits(thread)
            if wait is None:
                since.pop(thread.name, None)
            elif since.get(thread.name, ("", 0.0))[0] != wait:
                since[thread.name] = (wait, now)
            elif now - since[thread.name][1] > STUCK_SECONDS:
                took = (now - since[thread.name][1]) * 1000
                where = f"{in_flight()}; {kernel_functions(thread)}"
                print(f"{now:.3f} thread {thread.name} for {took:.0f} ms; {where}", flush=True)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
