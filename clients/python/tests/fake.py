"""A scripted server on a free loopback port: each connection is played by the next function of a list."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Any, Callable

from walletd._proto import wallet_pb2 as pb
from walletd.frames import PREFACE, Deframer, Frame, FrameType, encode

PATIENCE_SECONDS = 10.0


class Peer:
    """The server's side of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(PATIENCE_SECONDS)
        self._deframer = Deframer(1 << 20)

    def hello(self, **limits: int) -> pb.Hello:
        """Reads the preface and HELLO, answers HELLO_ACK."""
        hello = self.read_hello()
        self.send(FrameType.HELLO_ACK, pb.HelloAck(version=1, limits=pb.Limits(**limits)))
        return hello

    def read_hello(self) -> pb.Hello:
        preface = b""
        while len(preface) < len(PREFACE):
            preface += self.sock.recv(len(PREFACE) - len(preface))
        assert preface == PREFACE
        frame = self.read()
        assert frame.type is FrameType.HELLO
        return pb.Hello.FromString(frame.payload)

    def read(self) -> Frame:
        while (frame := self._deframer.next()) is None:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self._deframer.feed(data)
        return frame

    def request(self) -> Frame:
        frame = self.read()
        assert frame.type is FrameType.REQUEST, frame
        assert frame.millis > 0
        return frame

    def send(self, type: FrameType, message: Any = None, **parts: int) -> None:
        payload = message if isinstance(message, bytes) else message.SerializeToString() if message else b""
        self.sock.sendall(encode(Frame(type, payload, **parts)))

    def ok(self, request: Frame, message: Any = None, flags: int = 0) -> None:
        self.send(FrameType.RESPONSE, message, request_id=request.request_id, flags=flags)

    def fail(self, request: Frame, reason: str, status: int, flags: int = 0x02, millis: int = 0, **detail: Any) -> None:
        error = pb.Error(reason=pb.ErrorReason.Value("ERROR_REASON_" + reason), message="scripted", **detail)
        self.send(FrameType.RESPONSE, error, request_id=request.request_id, code=status, flags=flags, millis=millis)

    def ends(self) -> None:
        """Waits until the client closes, whatever it may still send."""
        with contextlib.suppress(ConnectionError):
            while self.sock.recv(65536):
                pass

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class FakeServer:
    """Leaving it as a context raises what a script raised, so that a script may assert."""

    def __init__(self, *scripts: Callable[[Peer], None]) -> None:
        self._scripts = list(scripts)
        self.connections = 0
        self._errors: list[BaseException] = []
        self._players: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        for script in self._scripts:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            player = threading.Thread(target=self._play, args=(script, sock), daemon=True)
            self._players.append(player)
            player.start()

    def _play(self, script: Callable[[Peer], None], sock: socket.socket) -> None:
        with sock:
            try:
                script(Peer(sock))
            except BaseException as error:
                self._errors.append(error)

    def __enter__(self) -> FakeServer:
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for player in self._players:
            player.join(PATIENCE_SECONDS)
        if self._errors:
            raise self._errors[0]


def refused_address() -> str:
    """An address on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def mutation(balance: int = 0, **fields: Any) -> pb.MutationResponse:
    return pb.MutationResponse(balance=balance, currency="USD", exponent=2, **fields)
