"""WRP/1 frames: bytes to frames and back. No sockets, no protobuf; proto/WIRE.md is the specification."""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

PREFACE = b"WRP/1\r\n\0"
"""What a client writes before its first frame."""

LENGTH_BYTES = 4
HEADER_BYTES = 20  # the length field included
LENGTH_MIN = HEADER_BYTES - LENGTH_BYTES

_LENGTH = struct.Struct(">I")
_HEAD = struct.Struct(">BBHII")  # what the checksum covers, with the payload
_HEADER = struct.Struct(">IBBHIII")


class FrameType(IntEnum):
    HELLO = 1
    HELLO_ACK = 2
    REQUEST = 3
    RESPONSE = 4
    CANCEL = 5
    PING = 6
    PONG = 7
    GOAWAY = 8
    CONNECTION_ERROR = 9
    EVENT = 10


NOT_EXECUTED = 0x02
REPLAYED = 0x04
LAST = 0x08

_LOW_FLAGS = 0x0F  # unknown bits of the low nibble are errors, those of the high one are ignored
_FLAGS_OF_TYPE = {FrameType.RESPONSE: NOT_EXECUTED | REPLAYED, FrameType.EVENT: LAST}
_TYPES = {int(type): type for type in FrameType}


class FrameError(ValueError):
    """These bytes are not a frame; the connection they came from is of no more use.

    `rule` names the check that failed: length_min, length_max, checksum, type or flags.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class Frame(NamedTuple):
    type: FrameType
    payload: bytes = b""
    flags: int = 0
    code: int = 0
    """REQUEST: the number of the method; RESPONSE: the status; else 0."""
    request_id: int = 0
    millis: int = 0
    """REQUEST: the deadline; RESPONSE: when to try again; else 0."""


def encode(frame: Frame) -> bytes:
    """The bytes of `frame`. Raises struct.error when a header field is out of its range: that is the caller's bug."""
    head = _HEAD.pack(frame.type, frame.flags, frame.code, frame.request_id, frame.millis)
    crc = zlib.crc32(frame.payload, zlib.crc32(head))
    length = LENGTH_MIN + len(frame.payload)
    return b"".join((_LENGTH.pack(length), head, _LENGTH.pack(crc), frame.payload))


class Deframer:
    """Makes frames of bytes that arrive in pieces of any size.

    `frame_bytes_max` bounds a whole frame, its length field included. It is checked as soon as the length is known,
    before the body is waited for, so that a hostile length never costs memory.
    """

    def __init__(self, frame_bytes_max: int) -> None:
        self.frame_bytes_max = frame_bytes_max
        self._buffer = bytearray()
        self._start = 0  # of the next frame in it

    def feed(self, data: bytes) -> None:
        """Adds bytes that have arrived."""
        if self._start:
            del self._buffer[: self._start]
            self._start = 0
        self._buffer += data

    def next(self) -> Frame | None:
        """The next whole frame, or None until more bytes arrive. Raises FrameError, and then again on each call."""
        waiting = len(self._buffer) - self._start
        if waiting < LENGTH_BYTES:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer, self._start)
        if length < LENGTH_MIN:
            raise FrameError("length_min", f"a frame length of {length} is below {LENGTH_MIN}")
        if LENGTH_BYTES + length > self.frame_bytes_max:
            raise FrameError("length_max", f"a frame of {LENGTH_BYTES + length} bytes is over {self.frame_bytes_max}")
        if waiting < LENGTH_BYTES + length:
            return None
        frame = self._decode(self._start, length)
        self._start += LENGTH_BYTES + length
        return frame

    def _decode(self, start: int, length: int) -> Frame:
        _, number, flags, code, request_id, millis, crc = _HEADER.unpack_from(self._buffer, start)
        payload = bytes(self._buffer[start + HEADER_BYTES : start + LENGTH_BYTES + length])
        head = self._buffer[start + LENGTH_BYTES : start + HEADER_BYTES - 4]
        if zlib.crc32(payload, zlib.crc32(head)) != crc:
            raise FrameError("checksum", "the checksum of a frame is wrong")
        kind = _TYPES.get(number)
        if kind is None:
            raise FrameError("type", f"frame type {number} is unknown")
        if flags & _LOW_FLAGS & ~_FLAGS_OF_TYPE.get(kind, 0):
            raise FrameError("flags", f"flags 0x{flags:02x} do not belong on a {kind.name}")
        return Frame(kind, payload, flags, code, request_id, millis)
