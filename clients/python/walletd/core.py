"""One WRP/1 connection without its socket: bytes in, settled calls out, bytes to write out.

Both clients share it and own nothing but the socket and the waiting. It isn't thread-safe; its owner locks.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, Union

from google.protobuf.message import DecodeError

from . import frames, reasons
from ._proto import wallet_pb2 as pb
from .deadline import Deadline
from .errors import Disconnected, ProtocolError, Rejected, Unauthenticated, WalletError
from .frames import Deframer, Frame, FrameError, FrameType

VERSION = 1
OPENING_FRAME_BYTES_MAX = 64 * 1024  # of the server, before HELLO_ACK names the real limit
RESPONSE_BYTES_DEFAULT = 1024 * 1024
IN_FLIGHT_DEFAULT = 1024
RESPONSE_BYTES_CEILING = 16 * 1024 * 1024  # whatever the server says
WRITE_BYTES_MAX = 64 * 1024  # how much one take() hands out, and so how much may wait below the core
CONTROL_BYTES_MAX = 64 * 1024  # PONGs that the peer does not read
SILENT_TIMEOUTS_MAX = 2
_REQUEST_ID_MAX = 2**32 - 1


class Answered(NamedTuple):
    """The RESPONSE of a call."""

    frame: Frame
    leaving: bool = False
    """Behind GOAWAY: another server may answer at once."""


@dataclass(frozen=True)
class Failed:
    """The end of an attempt that got no RESPONSE."""

    error: WalletError
    sent: bool
    """Whether any byte of the request may have left. If not, nothing can have happened."""
    retry: bool
    """Whether another attempt has hope."""
    leaving: bool = False
    """Since the server said GOAWAY: another one may answer at once."""


@dataclass(frozen=True)
class Happened:
    """An EVENT of a stream, which goes on."""

    frame: Frame


Outcome = Union[Answered, Failed]
Settled = list[tuple[Any, Any]]
"""Waiters, as they were given to `call`, with what became of them: an Outcome, or before it each Happened of a stream."""


class State(Enum):
    OPENING = "opening"  # HELLO is on its way
    OPEN = "open"
    LEAVING = "leaving"  # no new calls; those in flight finish
    CLOSED = "closed"


@dataclass
class _Pending:
    waiter: Any
    method: int
    payload: bytes
    deadline: Deadline
    sent: bool = False
    heard_when_sent: int = 0
    streams: bool = False


class Core:
    """The state of a connection, from the preface to its end."""

    def __init__(self, hello: pb.Hello) -> None:
        self.state = State.OPENING
        self._control = bytearray(frames.PREFACE + frames.encode(Frame(FrameType.HELLO, hello.SerializeToString())))
        self._queue: OrderedDict[int, _Pending] = OrderedDict()  # not sent yet, in order
        self._in_flight: dict[int, _Pending] = {}
        self._deframer = Deframer(OPENING_FRAME_BYTES_MAX)
        self._in_flight_max = IN_FLIGHT_DEFAULT
        self._last_id = 0
        self._heard = 0  # bytes received
        self._silent_timeouts = 0
        self._said_goaway = False
        self._refusal = Failed(Disconnected("the server is going away"), sent=False, retry=True, leaving=True)

    # ------------------------------------------------------------ what the owner asks

    @property
    def accepting(self) -> bool:
        """Whether new calls may be given to this connection."""
        return self.state in (State.OPENING, State.OPEN)

    @property
    def refusal(self) -> Failed:
        """What becomes of a call that finds this connection no longer accepting."""
        return self._refusal

    @property
    def finished(self) -> bool:
        """Whether the socket is to be closed."""
        if self.state is State.LEAVING:
            return not (self._in_flight or self._queue or self._control)
        return self.state is State.CLOSED

    def call(self, method: int, payload: bytes, deadline: Deadline, waiter: Any, streams: bool = False) -> int:
        """Queues a request and returns its id. `accepting` must be true. It leaves by `take`, once HELLO_ACK is in.

        With `streams` its waiter is told each event, too.
        """
        assert self.accepting
        self._last_id = self._unused_id()
        self._queue[self._last_id] = _Pending(waiter, method, payload, deadline, streams=streams)
        return self._last_id

    def forget(self, request_id: int) -> bool:
        """Ends the wait for a call; its late RESPONSE will be ignored. True if any of it may have been sent.

        If so a CANCEL is queued. Twice in a row without hearing a byte since the request left, the connection is
        taken for dead, so that the next call gets a new one: TCP alone takes a quarter of an hour to notice.
        """
        if self._queue.pop(request_id, None) is not None:
            return False
        pending = self._in_flight.pop(request_id, None)
        if pending is None:
            return True  # settled in this moment
        if self.state is not State.CLOSED:
            self._control += frames.encode(Frame(FrameType.CANCEL, request_id=request_id))
        if pending.heard_when_sent == self._heard:
            self._silent_timeouts += 1
        if self._silent_timeouts >= SILENT_TIMEOUTS_MAX and self.state is State.OPEN:
            self.state = State.LEAVING
        return True

    def distrust(self) -> None:
        """What should have been heard wasn't: the next call gets a new connection."""
        if self.state is State.OPEN:
            self.state = State.LEAVING

    def take(self) -> bytes:
        """Bytes to write next, b"" if there are none. What is handed out counts as sent.

        So take only what the socket can have: what is still in the queue when the connection ends is certain not to
        have been executed.
        """
        if self.state is State.CLOSED:
            return b""
        out, self._control = self._control, bytearray()
        while self.state in (State.OPEN, State.LEAVING) and self._queue and len(out) < WRITE_BYTES_MAX:
            if len(self._in_flight) >= self._in_flight_max:
                break  # the server would stop reading, and CANCEL would wait behind
            request_id, pending = self._queue.popitem(last=False)
            pending.sent = True
            pending.heard_when_sent = self._heard
            self._in_flight[request_id] = pending
            millis = pending.deadline.server_millis()
            out += frames.encode(Frame(FrameType.REQUEST, pending.payload, 0, pending.method, request_id, millis))
        return bytes(out)

    # ------------------------------------------------------------ what happens to it

    def receive(self, data: bytes) -> Settled:
        """Takes bytes from the peer and returns the calls that they settle."""
        settled: Settled = []
        self._heard += len(data)
        self._silent_timeouts = 0
        self._deframer.feed(data)
        try:
            while self.state is not State.CLOSED:
                frame = self._deframer.next()
                if frame is None:
                    break
                settled += self._handle(frame)
        except FrameError as error:
            settled += self._broken(f"the peer does not speak WRP/1: {error}")
        return settled

    def lost(self, error: WalletError, retry: bool = True) -> Settled:
        """Ends the connection and all its calls with `error`."""
        if self.state is State.OPENING:
            self._refusal = Failed(error, sent=False, retry=retry)
        leaving = self.state is State.LEAVING and self._said_goaway
        ended = [*self._in_flight.values(), *self._queue.values()]
        self.state = State.CLOSED
        self._in_flight.clear()
        self._queue.clear()
        self._control.clear()
        return [(pending.waiter, Failed(error, pending.sent, retry, leaving)) for pending in ended]

    # ------------------------------------------------------------ frames

    def _handle(self, frame: Frame) -> Settled:
        opening = self.state is State.OPENING
        if frame.type is FrameType.CONNECTION_ERROR:
            return self._refused(frame)
        if frame.type is FrameType.HELLO_ACK and opening:
            return self._opened(frame)
        if frame.type is FrameType.PING and len(frame.payload) == 8:
            if len(self._control) > CONTROL_BYTES_MAX:
                return self._broken("the peer sends PINGs and does not read the PONGs")
            self._control += frames.encode(Frame(FrameType.PONG, frame.payload, request_id=frame.request_id))
            return []
        if frame.type is FrameType.GOAWAY:
            return self._leave()
        if opening:
            return self._broken(f"the peer sent {frame.type.name} before HELLO_ACK")
        if frame.type is FrameType.RESPONSE:
            pending = self._in_flight.pop(frame.request_id, None)
            # An unknown id is a benign race: the answer to a call that was given up.
            return [(pending.waiter, Answered(frame, self._said_goaway))] if pending else []
        if frame.type is FrameType.EVENT:
            streaming = self._in_flight.get(frame.request_id)
            # An unknown id is a benign race: an event of a stream that was given up.
            return [(streaming.waiter, Happened(frame))] if streaming and streaming.streams else []
        if frame.type is FrameType.PONG:
            return []
        return self._broken(f"the peer sent a {frame.type.name} that servers do not send")

    def _opened(self, frame: Frame) -> Settled:
        ack = pb.HelloAck()
        try:
            ack.ParseFromString(frame.payload)
        except DecodeError:
            return self._broken("HELLO_ACK does not parse")
        if ack.version != VERSION:
            return self._broken(f"the peer chose version {ack.version}")
        # The response to a batch may be as long as its request.
        limit = max(ack.limits.response_bytes_max or RESPONSE_BYTES_DEFAULT, ack.limits.batch_request_bytes_max)
        self._in_flight_max = ack.limits.requests_in_flight_max or IN_FLIGHT_DEFAULT
        # Room for a header, should the server mean payloads.
        self._deframer.frame_bytes_max = min(limit, RESPONSE_BYTES_CEILING) + frames.HEADER_BYTES
        self.state = State.OPEN
        return []

    def _leave(self) -> Settled:
        """GOAWAY: what is in flight finishes here, what is queued has to find another connection."""
        self.state = State.LEAVING
        self._said_goaway = True
        queued = list(self._queue.values())
        self._queue.clear()
        error = Disconnected("the server is going away")
        return [(pending.waiter, Failed(error, sent=False, retry=True, leaving=True)) for pending in queued]

    def _refused(self, frame: Frame) -> Settled:
        reason, error = reasons.error_of(frame)
        if isinstance(error, ProtocolError) or reason == "INVALID_FRAME":
            return self._broken(f"the connection was refused: {error}")
        if self.state is State.OPENING:
            return self.lost(error, retry=not isinstance(error, (Rejected, Unauthenticated)))
        return self.lost(Disconnected(f"the server closed the connection: {error}"))

    def _broken(self, message: str) -> Settled:
        """The peer's fault, or ours: asking again would break it again, so no retry."""
        return self.lost(ProtocolError(message), retry=False)

    def _unused_id(self) -> int:
        request_id = self._last_id
        while True:
            request_id = request_id % _REQUEST_ID_MAX + 1
            if request_id not in self._in_flight and request_id not in self._queue:
                return request_id
