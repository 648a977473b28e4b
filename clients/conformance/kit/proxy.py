"""What stands between a client and a server, and misbehaves as it is told, by a seed."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time

CHUNK_BYTES_MAX = 64 * 1024


class Proxy:
    """Passes bytes on.

    `slice_bytes`: so many at a time, 0: as they come. `delay_millis`: each piece waits up to so long. `cut_bytes`: a
    connection is reset after so many bytes from the server, from 1 up to this, by chance; 0: never. `stall`: nothing is
    passed on until `flow`; `hold_back`: nothing that the server says.
    """

    def __init__(
        self, target: str, seed: int, *, slice_bytes: int = 0, delay_millis: int = 0, cut_bytes: int = 0
    ) -> None:
        host, port = target.rsplit(":", 1)
        self._target = (host, int(port))
        self._random = random.Random(seed)
        self.slice_bytes, self.delay_millis, self.cut_bytes = slice_bytes, delay_millis, cut_bytes
        self.connections = self.cuts = 0
        self._flowing, self._answering = threading.Event(), threading.Event()
        self.flow()
        self._lock = threading.Lock()  # guards _random, _open
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        self._flowing.clear()

    def hold_back(self) -> None:
        self._answering.clear()

    def flow(self) -> None:
        self._flowing.set()
        self._answering.set()

    def cut(self) -> None:
        """Resets all connections."""
        with self._lock:
            for sock in self._open:
                _reset(sock)
            self.cuts += len(self._open) // 2

    def close(self) -> None:
        self.flow()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                far = socket.create_connection(self._target, 10)
                far.settimeout(None)
            except OSError:
                _reset(near)
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
                bytes_left = self._random.randint(1, self.cut_bytes) if self.cut_bytes else None
            for sock in (near, far):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pump, args=(near, far, None, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, bytes_left, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, bytes_left: int | None, answers: bool) -> None:
        try:
            while data := source.recv(self.slice_bytes and 4096 or CHUNK_BYTES_MAX):
                if bytes_left is not None:
                    data, bytes_left = data[:bytes_left], bytes_left - len(data)
                step = self.slice_bytes or len(data)
                for start in range(0, len(data), step):
                    self._wait(answers)
                    sink.sendall(data[start : start + step])
                if bytes_left is not None and bytes_left <= 0:
                    self.cuts += 1
                    _reset(source)
                    _reset(sink)
                    break
        except OSError:
            pass
        finally:
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
            with self._lock:
                self._open.discard(source)

    def _wait(self, answers: bool) -> None:
        if self.delay_millis:
            with self._lock:
                seconds = self._random.uniform(0, self.delay_millis) / 1000
            time.sleep(seconds)
        self._flowing.wait()
        if answers:
            self._answering.wait()


def _reset(sock: socket.socket) -> None:
    """Ends it for both sides at once. The descriptor stays with its owner."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
