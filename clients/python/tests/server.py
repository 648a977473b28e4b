"""Starts and stops the real server."""

from __future__ import annotations

import os
import pathlib
import queue
import re
import signal
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 30
_LISTENING = re.compile(r"walletd: listening on (127\.0\.0\.1:[0-9]+)")


def find_binary() -> pathlib.Path | None:
    """The binary named by WALLETD, else the one that was built in this repository."""
    if named := os.environ.get("WALLETD"):
        candidates = [pathlib.Path(named)]
    else:
        candidates = [ROOT / "bin/walletd", ROOT / ".build/debug/walletd"]
    return next((path for path in candidates if path.is_file()), None)


class Server:
    """`walletd serve` on a loopback port, over one folder of data."""

    def __init__(
        self, binary: pathlib.Path, data: pathlib.Path, options: tuple[str, ...] = (), admin: str = "off"
    ) -> None:
        self._binary = binary
        self.admin = admin
        self._data = data
        self._options = options
        self.address = "127.0.0.1:0"
        self.start()

    @property
    def admin_address(self) -> str:
        """Where the admin port listens, once the server does."""
        found = (re.search(r"admin port on http://(\S+)", line) for line in self._lines)
        return next(match[1] for match in found if match)

    def start(self) -> None:
        """Starts it, on the port it had before if there was one."""
        command = [self._binary, "serve", "--data", self._data, "--listen", self.address, "--admin", self.admin]
        command += self._options
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self._lines: list[str] = []
        found: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, args=(found,), daemon=True)
        self._reader.start()
        try:
            address = found.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            address = None
        if address is None:
            self._process.kill()
            self._process.wait()
            raise AssertionError("walletd does not listen; it said:\n" + "".join(self._lines))
        self.address = address

    def _read(self, found: queue.SimpleQueue[str | None]) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line)
            if match := _LISTENING.search(line):
                found.put(match[1])
        found.put(None)

    def tells(self, text: str) -> bool:
        """Whether it says a line with this text, now or soon."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if any(text in line for line in list(self._lines)):
                return True
            time.sleep(0.01)
        return False

    def stop(self) -> None:
        """SIGTERM; raises AssertionError unless it then exits by itself with 0."""
        if self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError("walletd did not stop at SIGTERM:\n" + "".join(self._lines)) from None
        self._reader.join(PATIENCE_SECONDS)
        assert code == 0, f"walletd exited with {code}:\n" + "".join(self._lines)
