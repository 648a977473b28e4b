"""A driver process (DRIVER.md), and the clients in it."""

from __future__ import annotations

import collections
import itertools
import json
import os
import pathlib
import queue
import subprocess
import threading
from typing import Any

from .failure import Failure, expect, short

# Far above every deadline that a check gives: what takes longer hangs.
PATIENCE_SECONDS = 45.0
STDERR_LINES = 20


class Pending:
    """An operation that was given to the driver."""

    def __init__(self, driver: Driver, operation: dict[str, Any]) -> None:
        self.driver, self.operation = driver, operation
        self.id = operation["id"]
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._result: dict[str, Any] | None = None

    def told(self, line: dict[str, Any] | None) -> None:
        self._lines.put(line)

    def __str__(self) -> str:
        named = self.operation.get("verb") or self.operation["op"]
        return f"{named}({short(self.operation.get('args', {}), 200)})"

    def event(self, patience: float = PATIENCE_SECONDS) -> dict[str, Any] | None:
        """The next event of a stream; None when it has ended, and `result` says how."""
        if self._result is not None:
            return None
        line = self._next(patience)
        if "event" in line:
            return line["event"]
        self._result = line
        return None

    def result(self, patience: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The line with `ok` or `error`; events before it are dropped."""
        while self._result is None:
            line = self._next(patience)
            if "event" not in line:
                self._result = line
        return self._result

    @property
    def is_done(self) -> bool:
        return self._result is not None or not self._lines.empty()

    def ok(self, patience: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The result; fails where there is an error."""
        result = self.result(patience)
        if "ok" not in result:
            raise Failure(f"{self} failed: {short(result)}")
        return result["ok"]

    def error(self, *kinds: str, reason: str | None = None, patience: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The error, which has to be of one of the kinds and, where it is given, of the reason."""
        result = self.result(patience)
        wanted = " or ".join(kinds) + (f" {reason}" if reason else "")
        if "error" not in result:
            raise Failure(f"{self} gave {short(result)}, where {wanted} is due")
        error = result["error"]
        expect(error.get("kind") in kinds, f"{self} ended with {short(error)}, where {wanted} is due")
        expect(reason is None or error.get("reason") == reason, f"{self} ended with {short(error)}, where {wanted} is due")
        expect(error.get("message"), f"the error of {self} has no message: {short(error)}")
        return error

    def _next(self, patience: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            raise Failure(f"{self} hangs: nothing came in {patience:.0f} s{self.driver.said()}") from None
        if line is None:
            raise Failure(f"the driver ended before {self} was answered{self.driver.said()}")
        return line


class Driver:
    """One process. Its clients have names of their own, so checks may share it."""

    def __init__(self, command: pathlib.Path, env: dict[str, str] | None = None) -> None:
        self._ids = itertools.count(1)
        self._pending: dict[Any, Pending] = {}
        self._lock = threading.Lock()
        self._stderr: collections.deque[str] = collections.deque(maxlen=STDERR_LINES)
        self._process = subprocess.Popen(
            [str(command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
        )
        for target in (self._read, self._read_stderr):
            threading.Thread(target=target, daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def said(self) -> str:
        lines = list(self._stderr)
        return "; it said: " + short("".join(lines[-5:]).strip()) if lines else ""

    def start(self, op: str, **members: Any) -> Pending:
        """Gives it an operation."""
        with self._lock:
            pending = Pending(self, {"id": next(self._ids), "op": op, **members})
            self._pending[pending.id] = pending
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps(pending.operation).encode() + b"\n")
                self._process.stdin.flush()
            except OSError:
                pending.told(None)
        return pending

    def do(self, op: str, **members: Any) -> dict[str, Any]:
        return self.start(op, **members).ok()

    def finish(self) -> int:
        """Ends its standard input and waits for it; its status."""
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.close()
        try:
            return self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"the driver doesn't end when its standard input does{self.said()}") from None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for text in self._process.stdout:
            try:
                line = json.loads(text)
                identity = line["id"]
            except (ValueError, KeyError, TypeError):
                self._stderr.append(f"(on standard output) {text[:200]!r}\n")
                continue
            with self._lock:
                pending = self._pending.get(identity)
                if pending is not None and "event" not in line:
                    del self._pending[identity]
            if pending is not None:
                pending.told(line)
        with self._lock:
            left, self._pending = self._pending, {}
        for pending in left.values():
            pending.told(None)

    def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._stderr.append(line.decode(errors="replace"))


class Client:
    """A client in a driver."""

    def __init__(self, driver: Driver, name: str) -> None:
        self.driver, self.name = driver, name

    def begin(self, verb: str, args: dict[str, Any] | None = None, **members: Any) -> Pending:
        return self.driver.start("call", client=self.name, verb=verb, args=args or {}, **members)

    def ok(self, verb: str, args: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
        return self.begin(verb, args, **members).ok()

    def error(
        self, verb: str, args: dict[str, Any], *kinds: str, reason: str | None = None, **members: Any
    ) -> dict[str, Any]:
        return self.begin(verb, args, **members).error(*kinds, reason=reason)

    def rejected(self, verb: str, args: dict[str, Any], reason: str, **members: Any) -> dict[str, Any]:
        return self.error(verb, args, "rejected", reason=reason, **members)

    def stream(self, verb: str, args: dict[str, Any] | None = None, **members: Any) -> Pending:
        return self.driver.start("stream", client=self.name, verb=verb, args=args or {}, **members)

    def cancel(self, pending: Pending) -> None:
        self.driver.do("cancel", target=pending.id)

    def close(self) -> Pending:
        return self.driver.start("close", client=self.name)
