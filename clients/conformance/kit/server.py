"""The real server, as a process."""

from __future__ import annotations

import os
import pathlib
import queue
import re
import signal
import subprocess
import threading

from .failure import Failure, Unsupported

ROOT = pathlib.Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60
_LISTENING = re.compile(r"listening on (127\.0\.0\.1:[0-9]+)")


def program(variable: str, name: str) -> pathlib.Path:
    """The program that the environment names, else the debug build of the repository."""
    path = pathlib.Path(os.environ.get(variable) or ROOT / ".build/debug" / name)
    if not path.is_file():
        raise Unsupported(f"there is no {path}: build it (swift build --product {name}), or name it by {variable}")
    return path


class Server:
    """`walletd serve` over one folder of data, on one port of loopback however often it is started."""

    def __init__(self, data: pathlib.Path, *options: str, env: dict[str, str] | None = None) -> None:
        self.data, self.options, self.env = data, options, env or {}
        self.address = "127.0.0.1:0"
        self._process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        command = [program("WALLETD", "walletd"), "serve", "--data", self.data, "--listen", self.address]
        command += ["--admin", "off", *self.options]
        if self.env:
            # By way of env: libfaketime moves the environment of the first program that has it, and walletd finds its
            # arguments beside that.
            command = ["/usr/bin/env", *command]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **self.env})
        lines: list[str] = []
        found: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(self._process, lines, found), daemon=True).start()
        try:
            address = found.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            address = None
        if address is None:
            self._process.kill()
            self._process.wait()
            raise Failure("walletd doesn't listen; it said: " + "".join(lines[-5:]))
        self.address = address

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def terminate(self) -> None:
        """SIGTERM, without waiting for its end."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> None:
        """Waits for its end."""
        assert self._process is not None
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure("walletd doesn't end at SIGTERM") from None

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.terminate()
            self.wait()


def _read(process: subprocess.Popen[str], lines: list[str], found: queue.Queue[str | None]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        del lines[:-50]
        if match := _LISTENING.search(line):
            found.put(match[1])
    found.put(None)


def first_token(data: pathlib.Path, principal: str, scopes: str) -> str:
    """Makes a ledger, and a token of it before it is served."""
    walletd = program("WALLETD", "walletd")
    for command in (["init"], ["token", "create", "--principal", principal, "--scopes", scopes]):
        done = subprocess.run([walletd, *command, "--data", data], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"walletd {' '.join(command)} failed: {done.stderr.strip()}")
    return done.stdout.strip()
