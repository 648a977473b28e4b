"""Processes of the bench: started, pinned, measured, and stopped by their id in every case."""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from bench.sample import Failed, Missing

_TICKS = os.sysconf("SC_CLK_TCK")
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_running: list[Program] = []


class Program:
    """One program with its log file. It ends with the bench, however that ends."""

    def __init__(
        self,
        command: list,
        log: Path,
        *,
        env: dict[str, str] | None = None,
        cpus: Iterable[int] | None = None,
        user: str | None = None,
        stop_signal: int = signal.SIGTERM,
        cwd: Path | None = None,
    ):
        self.name = Path(str(command[0])).name
        self.log = log
        self.stop_signal = stop_signal
        log.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(log, "wb") as output:
                self.process = _spawn(command, env, cpus, user, cwd, stdout=output, stderr=subprocess.STDOUT)
        except FileNotFoundError as error:
            raise Missing(f"{error.filename or command[0]} isn't there") from error
        _running.append(self)

    @property
    def pid(self) -> int:
        return self.process.pid

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, pattern: str, seconds: float = 20) -> re.Match:
        """Waits until the log matches."""
        deadline = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.text())
            if found:
                return found
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended with {self.process.returncode}: {tail(self.text())}")
            if time.monotonic() > deadline:
                raise Failed(f"{self.name} didn't say {pattern!r} within {seconds:g} s: {tail(self.text())}")
            time.sleep(0.01)

    def stop(self, seconds: float = 60) -> None:
        """Asks, waits, and then insists."""
        if self in _running:
            _running.remove(self)
        if self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self in _running:
            _running.remove(self)
        for pid in reversed(tree(self.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def tail(text: str, lines: int = 3) -> str:
    return " / ".join(text.strip().splitlines()[-lines:]) or "no output"


def run(
    command: list,
    *,
    env: dict[str, str] | None = None,
    cpus: Iterable[int] | None = None,
    user: str | None = None,
    timeout: float = 120,
    allowed: tuple[int, ...] = (0,),
) -> str:
    """Runs a program to its end and returns its standard output."""
    try:
        process = _spawn(command, env, cpus, user, None, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except FileNotFoundError as error:
        raise Missing(f"{error.filename or command[0]} isn't there") from error
    try:
        output, errors = process.communicate(timeout=timeout)
    except BaseException as error:
        process.kill()
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Failed(f"{Path(str(command[0])).name} didn't end within {timeout:g} s") from error
        raise
    if process.returncode not in allowed:
        said = tail(errors.decode(errors="replace") or output.decode(errors="replace"))
        raise Failed(f"{Path(str(command[0])).name} ended with {process.returncode}: {said}")
    return output.decode(errors="replace")


def _spawn(command, env, cpus, user, cwd, **streams) -> subprocess.Popen:
    cpus = set(cpus) if cpus else None

    def prepare():
        # Should the bench itself be killed, its children go with it.
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if cpus:
            os.sched_setaffinity(0, cpus)

    account = {}
    if user:
        entry = pwd.getpwnam(user)
        account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, **(env or {})},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        # A Ctrl-C is for the bench, which then stops these in order.
        start_new_session=True,
        preexec_fn=prepare,
        **account,
        **streams,
    )


def stop_all() -> None:
    for program in list(reversed(_running)):
        try:
            program.stop(20)
        except Exception:
            program.kill()


def _leave(number, _frame):
    raise SystemExit(128 + number)


def stop_on_exit() -> None:
    atexit.register(stop_all)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(int(entry))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def pin(root: int, cpus: Iterable[int]) -> None:
    """Every thread of a process tree; threads started later inherit it."""
    cpus = set(cpus)
    for pid in tree(root):
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except FileNotFoundError:
            continue
        for thread in threads:
            try:
                os.sched_setaffinity(int(thread), cpus)
            except ProcessLookupError:
                pass


def cpu_seconds(root: int) -> float:
    """User and system time of a process tree, children that have ended included."""
    ticks = 0
    for pid in tree(root):
        fields = _stat(pid)
        if fields:
            ticks += int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])
    return ticks / _TICKS


def ended_children_seconds() -> float:
    """CPU time of the bench and of those of its programs that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def resident_bytes(root: int) -> int:
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in tree(root)) * page


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat behind the name: state, parent, ..."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text[text.rindex(")") + 2 :].split()
