"""Other sides that aren't walletd, or are no longer: a typed error, in time, and no hang."""

from __future__ import annotations

from typing import Any, Callable

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.fake import Frame, FrameType, Peer, encode, pb

R = "conformance"
ARGS: dict[str, Any] = {"wallet": {"id": "7"}, "amount": "1", "reason": R}
BALANCE: dict[str, Any] = {"wallet": {"id": "7"}}
HTTP = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 11\r\nConnection: close\r\n\r\nBad Request"


def _before_hello(data: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.raw(data)
        peer.ends()

    return script


def _in_answer(make: Callable[[Peer, Frame], None]) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.hello()
        make(peer, peer.request())
        peer.closes_within(30, "after what isn't WRP/1")

    return script


@behaviour("bad peers", "a server that speaks HTTP, TLS or garbage: a protocol error, and nothing is unknown")
def other_protocols(t: Case) -> None:
    openings = {
        "HTTP": HTTP,
        "a TLS alert": bytes.fromhex("15030300020246"),
        "SSH": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
        "zeros": bytes(64),
        "ones": b"\xff" * 64,
        "text": b"hello, this is dog\n" * 4,
    }
    for name, data in openings.items():
        fake = t.fake(_before_hello(data))
        error = t.client(fake.address).error("Debit", ARGS, "protocol")
        expect(error.get("key"), f"the error after {name} has no key")
        equal(fake.connections, 1, f"the number of connections to what speaks {name}")


@behaviour("bad peers", "garbage in place of an answer: protocol for a read, unknown for a mutation that was sent")
def garbage(t: Case) -> None:
    script = _in_answer(lambda peer, _: peer.raw(b"\x00\x00\x00\x20" + b"garbage! " * 8))
    t.client(t.fake(script).address).error("GetBalance", BALANCE, "protocol")
    error = t.client(t.fake(script).address).error("Debit", ARGS, "outcome_unknown")
    expect(error.get("key"), "the unknown outcome has no key")


def _response(request: Frame, **parts: Any) -> bytes:
    payload = pb.GetBalanceResponse(balance=1).SerializeToString()
    return encode(Frame(FrameType.RESPONSE, payload, request_id=request.request_id, **parts))


def _flip(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@behaviour("bad peers", "frames that break a rule of WRP/1 end the connection: a protocol error")
def broken_frames(t: Case) -> None:
    broken: dict[str, Callable[[Peer, Frame], None]] = {
        "a wrong checksum": lambda p, r: p.raw(_flip(_response(r))),
        "a length below the header": lambda p, r: p.raw((15).to_bytes(4, "big") + bytes(15)),
        "an unknown type": lambda p, r: p.raw(_typed(99)),
        "an unknown low flag": lambda p, r: p.raw(_response(r, flags=0x01)),
        "a second HELLO_ACK": lambda p, r: p.ack(),
        "a REQUEST of the server": lambda p, r: p.send(FrameType.REQUEST, b"", request_id=1, code=1),
        "a PING of 4 bytes": lambda p, r: p.send(FrameType.PING, b"1234", request_id=1),
    }
    for name, make in broken.items():
        client = t.client(t.fake(_in_answer(make)).address)
        try:
            client.error("GetBalance", BALANCE, "protocol", timeout_millis=5000)
        except AssertionError as failure:
            raise type(failure)(f"{name}: {failure}") from None


def _typed(number: int) -> bytes:
    import zlib

    head = bytes([number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    return (16).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")


@behaviour("bad peers", "a frame beyond the limit is refused by its length alone")
def oversized(t: Case) -> None:
    for length in (0xFFFF_FFFF, 0x7FFF_FFFF, 64 << 20):

        def declares(peer: Peer, _: Frame, length: int = length) -> None:
            peer.raw(length.to_bytes(4, "big") + bytes(100))

        client = t.client(t.fake(_in_answer(declares)).address)
        client.error("GetBalance", BALANCE, "protocol", timeout_millis=5000)

    def over_told(peer: Peer) -> None:
        peer.hello(response_bytes_max=2000, batch_request_bytes_max=2000)
        request = peer.request()
        peer.raw((5000).to_bytes(4, "big"))
        peer.closes_within(30, f"after a length over the limit of HELLO_ACK to request {request.request_id}")

    t.client(t.fake(over_told).address).error("GetBalance", BALANCE, "protocol", timeout_millis=5000)
    t.client(t.fake(_before_hello((1 << 24).to_bytes(4, "big"))).address).error("Debit", ARGS, "protocol")


@behaviour("bad peers", "answers that don't parse, or contradict themselves")
def contradictions(t: Case) -> None:
    def nonsense(peer: Peer, request: Frame) -> None:
        peer.send(FrameType.RESPONSE, b"\xff\xff\xff\xff", request_id=request.request_id)

    def both(peer: Peer, request: Frame) -> None:
        peer.ok(request, pb.MutationResponse(balance=1), flags=0x02)

    def bad_error(peer: Peer, request: Frame) -> None:
        peer.send(FrameType.RESPONSE, b"\xff\xff\xff", request_id=request.request_id, code=9, flags=0x02)

    for make in (nonsense, both, bad_error):

        def script(peer: Peer, make: Callable[[Peer, Frame], None] = make) -> None:
            peer.hello()
            while True:
                make(peer, peer.request())

        client = t.client(t.fake(script).address, attempts_max=1)
        client.error("Debit", ARGS, "outcome_unknown")
        client.error("GetBalance", BALANCE, "protocol")


@behaviour("bad peers", "HELLO_ACK of another version, or that doesn't parse")
def wrong_ack(t: Case) -> None:
    def newer(peer: Peer) -> None:
        peer.read_hello()
        peer.ack(version=2)
        peer.ends()

    def broken(peer: Peer) -> None:
        peer.read_hello()
        peer.send(FrameType.HELLO_ACK, b"\xff\xff\xff")
        peer.ends()

    def response(peer: Peer) -> None:
        peer.read_hello()
        peer.send(FrameType.RESPONSE, b"", request_id=1)
        peer.ends()

    for script in (newer, broken, response):
        t.client(t.fake(script).address).error("Debit", ARGS, "protocol")


@behaviour("bad peers", "CONNECTION_ERROR: what is wrong with the client isn't tried again")
def connection_error(t: Case) -> None:
    def invalid(peer: Peer) -> None:
        peer.read_hello()
        detail = pb.FrameLimit(rule="scripted")
        peer.send(FrameType.CONNECTION_ERROR, pb.Error(reason=pb.ERROR_REASON_INVALID_FRAME, message="no", frame_limit=detail))
        peer.ends()

    def stranger(peer: Peer) -> None:
        peer.read_hello()
        peer.send(FrameType.CONNECTION_ERROR, pb.Error(reason=pb.ERROR_REASON_UNAUTHENTICATED, message="who?"))
        peer.ends()

    for script, kind in ((invalid, "protocol"), (stranger, "unauthenticated")):
        fake = t.fake(script)
        t.client(fake.address).error("Debit", ARGS, kind)
        equal(fake.connections, 1, f"the number of connections with {kind}")


@behaviour("bad peers", "after a bad peer a good one is served by the same client")
def then_good(t: Case) -> None:
    def good(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.GetBalanceResponse(balance=6))
        peer.ends()

    client = t.client(t.fake(_before_hello(HTTP), good).address)
    client.error("GetBalance", BALANCE, "protocol")
    equal(client.ok("GetBalance", BALANCE)["balance"], "6", "the balance")


@behaviour("bad peers", "a server that accepts and closes at once, for ever: disconnected, in time")
def closes(t: Case) -> None:
    fake = t.fake(lambda peer: peer.reset())
    t.client(fake.address, timeout_millis=5000).error("Debit", ARGS, "disconnected", "deadline_exceeded")
    expect(fake.connections <= 6, f"there were {fake.connections} attempts")
