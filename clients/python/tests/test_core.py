"""The connection core, event by event, without sockets."""

from __future__ import annotations

import pytest

from walletd._proto import wallet_pb2 as pb
from walletd.core import CONTROL_BYTES_MAX, Answered, Core, Failed, State
from walletd.deadline import Deadline
from walletd.errors import Disconnected, ProtocolError, Unauthenticated
from walletd.frames import PREFACE, Deframer, Frame, FrameType, encode

ACK = encode(Frame(FrameType.HELLO_ACK, pb.HelloAck(version=1).SerializeToString()))
GOAWAY = encode(Frame(FrameType.GOAWAY))
RESPONSE = FrameType.RESPONSE


def opened() -> Core:
    core = Core(pb.Hello(versions=[1]))
    assert core.take().startswith(PREFACE)
    assert core.receive(ACK) == []
    assert core.state is State.OPEN
    return core


def call(core: Core, waiter: str = "one") -> int:
    return core.call(259, b"", Deadline(10), waiter)


def sent(core: Core) -> list[Frame]:
    deframer, found = Deframer(1 << 20), []
    deframer.feed(core.take())
    while (frame := deframer.next()) is not None:
        found.append(frame)
    return found


def test_requests_wait_for_hello_ack() -> None:
    core = Core(pb.Hello())
    call(core)
    hello = core.take()
    assert hello.startswith(PREFACE) and len(hello) == len(PREFACE) + 20
    assert core.take() == b""
    core.receive(ACK)
    assert [frame.type for frame in sent(core)] == [FrameType.REQUEST]


def test_responses_come_in_any_order() -> None:
    core = opened()
    first, second = call(core, "one"), call(core, "two")
    assert [frame.request_id for frame in sent(core)] == [first, second]
    frames = [Frame(RESPONSE, request_id=second), Frame(RESPONSE, request_id=first)]
    settled = core.receive(b"".join(map(encode, frames)))
    assert settled == [("two", Answered(frames[0])), ("one", Answered(frames[1]))]


def test_what_was_not_taken_was_not_sent() -> None:
    core = opened()
    call(core, "taken")
    core.take()
    call(core, "queued")
    error = Disconnected("gone")
    assert core.lost(error) == [("taken", Failed(error, True, True)), ("queued", Failed(error, False, True))]
    assert core.finished


def test_goaway_keeps_what_is_in_flight_and_gives_back_the_queue() -> None:
    core = opened()
    request_id = call(core, "in flight")
    core.take()
    call(core, "queued")
    [(waiter, outcome)] = core.receive(GOAWAY)
    assert waiter == "queued" and isinstance(outcome, Failed) and not outcome.sent and outcome.retry
    assert not core.accepting and not core.finished
    [(waiter, outcome)] = core.receive(encode(Frame(RESPONSE, request_id=request_id)))
    assert waiter == "in flight" and isinstance(outcome, Answered)
    assert core.finished


def test_forgetting() -> None:
    core = opened()
    queued = call(core)
    assert core.forget(queued) is False
    assert sent(core) == []
    in_flight = call(core)
    core.take()
    assert core.forget(in_flight) is True
    assert [(frame.type, frame.request_id) for frame in sent(core)] == [(FrameType.CANCEL, in_flight)]
    assert core.receive(encode(Frame(RESPONSE, request_id=in_flight))) == []  # late
    assert core.state is State.OPEN


def test_a_connection_that_stays_silent_gets_no_more_calls() -> None:
    core = opened()
    for again in (True, False):
        request_id = call(core)
        core.take()
        core.forget(request_id)
        assert core.accepting is again
    core = opened()
    for _ in range(5):
        request_id = call(core)
        core.take()
        core.receive(encode(Frame(FrameType.PONG, bytes(8))))  # any frame is a sign of life
        core.forget(request_id)
        assert core.accepting


def test_ping_is_answered() -> None:
    core = opened()
    core.receive(encode(Frame(FrameType.PING, b"12345678", request_id=9)))
    assert sent(core) == [Frame(FrameType.PONG, b"12345678", request_id=9)]


def test_a_peer_that_only_pings_is_bounded() -> None:
    core = opened()
    ping = encode(Frame(FrameType.PING, bytes(8)))
    for _ in range(CONTROL_BYTES_MAX // len(ping) + 2):
        core.receive(ping)
    assert core.finished


def test_unknown_fields_are_ignored() -> None:
    core = Core(pb.Hello())
    core.take()
    unknown = b"\x98\x06\x01"  # field 99
    core.receive(encode(Frame(FrameType.HELLO_ACK, pb.HelloAck(version=1).SerializeToString() + unknown)))
    assert core.state is State.OPEN


@pytest.mark.parametrize(
    "frame",
    [
        Frame(FrameType.HELLO),
        Frame(FrameType.HELLO_ACK),
        Frame(FrameType.REQUEST, request_id=1),
        Frame(FrameType.CANCEL, request_id=1),
        Frame(FrameType.PING, bytes(7)),
        Frame(FrameType.CONNECTION_ERROR, pb.Error(reason=pb.ERROR_REASON_INVALID_FRAME).SerializeToString()),
    ],
    ids=lambda frame: frame.type.name,
)
def test_what_a_server_may_not_send(frame: Frame) -> None:
    core = opened()
    call(core)
    core.take()
    [(_, outcome)] = core.receive(encode(frame))
    assert isinstance(outcome, Failed) and isinstance(outcome.error, ProtocolError)
    assert outcome.sent and not outcome.retry and core.finished


@pytest.mark.parametrize(
    "frame",
    [
        Frame(FrameType.RESPONSE, request_id=1),
        Frame(FrameType.HELLO_ACK, b"\xff"),
        Frame(FrameType.HELLO_ACK, pb.HelloAck(version=2).SerializeToString()),
        Frame(FrameType.EVENT, request_id=1),
    ],
    ids=["RESPONSE", "unparsable HELLO_ACK", "version 2", "EVENT"],
)
def test_what_a_server_may_not_open_with(frame: Frame) -> None:
    core = Core(pb.Hello())
    call(core)
    core.take()
    [(_, outcome)] = core.receive(encode(frame))
    assert isinstance(outcome, Failed) and isinstance(outcome.error, ProtocolError) and not outcome.sent


def test_a_refused_connection_is_a_decision_of_the_server() -> None:
    core = Core(pb.Hello())
    call(core)
    error = pb.Error(reason=pb.ERROR_REASON_UNAUTHENTICATED)
    [(_, outcome)] = core.receive(encode(Frame(FrameType.CONNECTION_ERROR, error.SerializeToString())))
    assert isinstance(outcome, Failed) and isinstance(outcome.error, Unauthenticated)
    assert outcome.error.reason == "UNAUTHENTICATED" and not outcome.sent and not outcome.retry


def test_request_ids_wrap_around_those_in_flight() -> None:
    core = opened()
    assert call(core) == 1
    core._last_id = 2**32 - 2
    assert [call(core), call(core)] == [2**32 - 1, 2]


def test_no_more_are_in_flight_than_hello_ack_allows() -> None:
    core = Core(pb.Hello())
    core.take()
    ack = pb.HelloAck(version=1, limits=pb.Limits(requests_in_flight_max=2))
    core.receive(encode(Frame(FrameType.HELLO_ACK, ack.SerializeToString())))
    ids = [call(core, str(number)) for number in range(3)]
    assert [frame.request_id for frame in sent(core)] == ids[:2]
    assert sent(core) == []
    core.receive(encode(Frame(RESPONSE, request_id=ids[1])))
    assert [frame.request_id for frame in sent(core)] == ids[2:]


def test_the_limit_of_hello_ack_holds_for_responses() -> None:
    core = Core(pb.Hello())
    core.take()
    ack = pb.HelloAck(version=1, limits=pb.Limits(response_bytes_max=1000))
    core.receive(encode(Frame(FrameType.HELLO_ACK, ack.SerializeToString())))
    request_id = call(core)
    core.take()
    [(_, outcome)] = core.receive((1100).to_bytes(4, "big"))
    assert request_id and isinstance(outcome, Failed) and "over" in str(outcome.error)
