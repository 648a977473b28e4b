"""A scripted server: each connection is played by the next function of a list, the last one by all that follow."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from typing import Any, Callable

from walletd._proto import wallet_pb2 as pb
from walletd.frames import PREFACE, Deframer, Frame, FrameType, encode

from .failure import Failure, equal, expect

PATIENCE_SECONDS = 30.0
NOT_EXECUTED, REPLAYED, LAST = 0x02, 0x04, 0x08
STATUS = {
    "CANCELLED": 1,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "WALLET_NOT_FOUND": 5,
    "IDEMPOTENCY_MISMATCH": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "INSUFFICIENT_FUNDS": 9,
    "VERSION_CONFLICT": 10,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}

Script = Callable[["Peer"], None]


class Peer:
    """The server's side of one connection."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock, self.number = sock, number
        self.others: list[Frame] = []  # what came between requests
        sock.settimeout(PATIENCE_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._deframer = Deframer(8 << 20)

    def hello(self, **limits: int) -> pb.Hello:
        """Reads the preface and HELLO, answers HELLO_ACK."""
        hello = self.read_hello()
        self.ack(**limits)
        return hello

    def ack(self, version: int = 1, **limits: int) -> None:
        self.send(FrameType.HELLO_ACK, pb.HelloAck(version=version, limits=pb.Limits(**limits)))

    def read_hello(self) -> pb.Hello:
        preface = b""
        while len(preface) < len(PREFACE):
            preface += self._recv(len(PREFACE) - len(preface))
        equal(preface.hex(), PREFACE.hex(), "the preface")
        frame = self.read()
        equal((frame.type, frame.request_id), (FrameType.HELLO, 0), "type and id of the first frame")
        hello = pb.Hello.FromString(frame.payload)
        expect(1 in hello.versions, f"HELLO names the versions {list(hello.versions)}, without 1")
        return hello

    def _recv(self, count: int) -> bytes:
        data = self.sock.recv(count)
        if not data:
            raise EOFError
        return data

    def read(self) -> Frame:
        while (frame := self._deframer.next()) is None:
            self._deframer.feed(self._recv(65536))
        return frame

    def request(self) -> Frame:
        """The next REQUEST; other frames are kept in `others`."""
        while (frame := self.read()).type is not FrameType.REQUEST:
            self.others.append(frame)
        expect(frame.millis > 0, "a request has no deadline")
        expect(frame.request_id > 0, "a request has the id 0")
        return frame

    def frame(self, type: FrameType) -> Frame:
        """The next frame of a type."""
        while (frame := self.read()).type is not type:
            self.others.append(frame)
        return frame

    def raw(self, data: bytes) -> None:
        self.sock.sendall(data)

    def send(self, type: FrameType, message: Any = None, **parts: int) -> None:
        payload = message if isinstance(message, bytes) else message.SerializeToString() if message else b""
        self.raw(encode(Frame(type, payload, **parts)))

    def ok(self, request: Frame, message: Any = None, flags: int = 0) -> None:
        self.send(FrameType.RESPONSE, message, request_id=request.request_id, flags=flags)

    def fail(self, request: Frame, reason: str, flags: int = NOT_EXECUTED, millis: int = 0, **detail: Any) -> None:
        error = pb.Error(reason=pb.ErrorReason.Value("ERROR_REASON_" + reason), message="scripted", **detail)
        code = STATUS.get(reason, 9)
        self.send(FrameType.RESPONSE, error, request_id=request.request_id, code=code, flags=flags, millis=millis)

    def ends(self) -> None:
        """Waits until the client closes, whatever it may still send."""
        with contextlib.suppress(OSError):
            while self.sock.recv(65536):
                pass

    def closes_within(self, seconds: float, what: str) -> None:
        """The client has to close."""
        give_up_at = time.monotonic() + seconds
        try:
            while True:
                self.sock.settimeout(max(0.01, give_up_at - time.monotonic()))
                if not self.sock.recv(65536):
                    return
        except TimeoutError:
            raise Failure(f"{what}: the client keeps the connection") from None
        except OSError:
            return

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class FakeServer:
    """Listens on loopback until `close`, which raises what a script found to be wrong."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self._scripts, self._tls = scripts, tls
        self.connections = 0
        self._failures: list[Failure] = []
        self._sockets: list[socket.socket] = []
        self._players: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            self._sockets.append(sock)
            player = threading.Thread(target=self._play, args=(script, sock, self.connections), daemon=True)
            self._players.append(player)
            player.start()

    def _play(self, script: Script, sock: socket.socket, number: int) -> None:
        with sock:
            try:
                if self._tls is not None:
                    # An end without close_notify is an error.
                    sock = self._tls.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False)
                    self._sockets.append(sock)
                script(Peer(sock, number))
            except Failure as failure:
                self._failures.append(failure)
            except (OSError, EOFError):
                pass  # the client has gone, or the check is over

    def check(self) -> None:
        if self._failures:
            raise self._failures[0]

    def close(self) -> None:
        """Ends it, without a word about what was found."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for player in self._players:
            player.join(PATIENCE_SECONDS)


def nobody() -> str:
    """An address of loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"
