"""A client of walletd in a few lines, for what no load generator asks: when the first debit comes back after a crash.

proto/WIRE.md has the frames; bodies are written and read field by field.
"""

from __future__ import annotations

import socket
import struct
import uuid
import zlib

_PREFACE = b"WRP/1\r\n\0"
_HEADER = struct.Struct(">IBBHII")
_HELLO, _HELLO_ACK, _REQUEST, _RESPONSE = 1, 2, 3, 4
PING, OPEN_WALLET, DEBIT, CREDIT = 1, 256, 260, 261
_COMMIT_SEQ = {PING: 2, OPEN_WALLET: 9, DEBIT: 9, CREDIT: 9}
_WALLET_EXISTS = 6


class Refused(Exception):
    pass


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def message(fields: dict[int, int | str | bytes]) -> bytes:
    """Fields in their order: numbers as varints, text and messages with their length."""
    out = b""
    for number, value in fields.items():
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            body = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(body)) + body
    return out


def number_field(body: bytes, wanted: int) -> int:
    """A varint field of a message; 0 when it isn't there."""
    place, found = 0, 0

    def read() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = body[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(body):
        tag = read()
        if tag & 7 == 0:
            value = read()
            found = value if tag >> 3 == wanted else found
        elif tag & 7 == 2:
            length = read()
            place += length
        else:
            place += 8 if tag & 7 == 1 else 4
    return found


def frame(kind: int, code: int, request_id: int, payload: bytes) -> bytes:
    head = struct.pack(">BBHII", kind, 0, code, request_id, 0)
    return struct.pack(">I", 16 + len(payload)) + head + struct.pack(">I", zlib.crc32(head + payload)) + payload


class Client:
    def __init__(self, address: str, timeout: float = 5):
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._last_id = 0
        hello = message({1: b"\x01", 2: "bench"})
        self._socket.sendall(_PREFACE + frame(_HELLO, 0, 0, hello))
        kind, _, _ = self._receive()
        if kind != _HELLO_ACK:
            raise Refused(f"frame {kind} instead of HELLO_ACK")

    def close(self) -> None:
        self._socket.close()

    def call(self, method: int, body: bytes, allowed: int = 0) -> int:
        """The commit_seq of the answer."""
        self._last_id += 1
        self._socket.sendall(frame(_REQUEST, method, self._last_id, body))
        kind, status, payload = self._receive()
        if kind != _RESPONSE or status not in (0, allowed):
            raise Refused(f"frame {kind}, status {status} to method {method}: {payload[:80]!r}")
        return number_field(payload, _COMMIT_SEQ[method])

    def open_wallet(self, owner: str) -> None:
        wallet = message({2: owner, 3: "USD"})
        key = f"bench-open-{owner}"
        self.call(OPEN_WALLET, message({1: wallet, 3: key, 4: "bench.open"}), _WALLET_EXISTS)

    def move(self, method: int, owner: str, amount: int) -> int:
        wallet = message({2: owner, 3: "USD"})
        return self.call(method, message({1: wallet, 2: amount, 3: str(uuid.uuid4()), 4: "bench.probe"}))

    def commit_seq(self) -> int:
        return self.call(PING, b"")

    def _receive(self) -> tuple[int, int, bytes]:
        length, kind, _flags, code, _id, _millis = _HEADER.unpack(self._read(16))
        rest = self._read(length - 12)
        return kind, code, rest[4:]

    def _read(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            piece = self._socket.recv(count - len(out))
            if not piece:
                raise ConnectionError("the server closed the connection")
            out += piece
        return out
