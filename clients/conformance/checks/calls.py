"""Many calls on one connection, deadlines, cancelling, closing."""

from __future__ import annotations

import threading
import time
from typing import Any

from kit.case import Case, behaviour
from kit.failure import Failure, equal, expect
from kit.fake import FrameType, Peer, pb

R = "conformance"
ARGS: dict[str, Any] = {"wallet": {"id": "7"}, "amount": "1", "reason": R}
BALANCE: dict[str, Any] = {"wallet": {"id": "7"}}


@behaviour("calls", "many calls are in flight on one connection, answered in any order")
def in_flight(t: Case) -> None:
    count = 60

    def script(peer: Peer) -> None:
        peer.hello()
        requests = [peer.request() for _ in range(count)]
        equal(len({request.request_id for request in requests}), count, "the number of different ids in flight")
        for request in reversed(requests):
            amount = pb.DebitRequest.FromString(request.payload).amount
            peer.ok(request, pb.MutationResponse(balance=amount * 10))
        peer.ends()

    fake = t.fake(script)
    client = t.client(fake.address)
    calls = [client.begin("Debit", {**ARGS, "amount": str(n)}) for n in range(1, count + 1)]
    got = [call.ok()["balance"] for call in calls]
    equal(got, [str(n * 10) for n in range(1, count + 1)], "the balances, by call")
    equal(fake.connections, 1, "the number of connections")


@behaviour("calls", "no more are in flight than HELLO_ACK allows; the others wait their turn")
def in_flight_limit(t: Case) -> None:
    limit, count = 3, 12

    def script(peer: Peer) -> None:
        peer.hello(requests_in_flight_max=limit)
        answered = 0
        waiting = [peer.request() for _ in range(limit)]
        while answered < count:
            peer.sock.settimeout(0.05)
            try:
                more = peer.read()
            except TimeoutError:
                pass
            else:
                raise Failure(f"{len(waiting) + 1} requests are in flight, where HELLO_ACK allows {limit}: {more}")
            peer.sock.settimeout(30)
            peer.ok(waiting.pop(), pb.MutationResponse(balance=1))
            answered += 1
            if answered + len(waiting) < count:
                waiting.append(peer.request())
        peer.ends()

    client = t.client(t.fake(script).address)
    for call in [client.begin("Debit", ARGS) for _ in range(count)]:
        call.ok()


@behaviour("calls", "a deadline covers all attempts: each is told what is left, and the call ends in its time")
def deadline(t: Case) -> None:
    told: list[int] = []

    def script(peer: Peer) -> None:
        peer.hello()
        while True:
            request = peer.request()
            told.append(request.millis)
            peer.fail(request, "UNAVAILABLE", millis=150)

    began = time.monotonic()
    client = t.client(t.fake(script).address)
    error = client.error("GetBalance", BALANCE, "not_executed", "deadline_exceeded", timeout_millis=1000)
    seconds = time.monotonic() - began
    expect(len(told) >= 2, f"there were {len(told)} attempts within the deadline")
    expect(all(0 < later < earlier <= 1000 for earlier, later in zip(told, told[1:])), f"attempts were told {told} ms")
    expect(seconds < 30, f"the call of 1 s took {seconds:.1f} s: {error}")


@behaviour("calls", "a server that says nothing: deadline exceeded for a read, unknown for a mutation that was sent")
def silence(t: Case) -> None:
    def deaf(peer: Peer) -> None:
        peer.hello()
        peer.ends()

    client = t.client(t.fake(deaf).address)
    client.error("GetBalance", BALANCE, "deadline_exceeded", timeout_millis=400)
    error = client.error("Debit", ARGS, "outcome_unknown", timeout_millis=400)
    expect(error.get("key"), "the unknown outcome has no key")
    # HELLO is never answered: nothing was sent.
    mute = t.client(t.fake(Peer.ends).address)
    error = mute.error("Debit", ARGS, "deadline_exceeded", "disconnected", timeout_millis=400)
    expect(error.get("key"), "the error has no key")


@behaviour("calls", "the client's own timeout holds where a call has none")
def default_timeout(t: Case) -> None:
    def deaf(peer: Peer) -> None:
        peer.hello()
        peer.ends()

    client = t.client(t.fake(deaf).address, timeout_millis=400)
    client.error("GetBalance", BALANCE, "deadline_exceeded")


@behaviour("calls", "cancelling sends CANCEL and ends the call: a read cancelled, a mutation unknown")
def cancelling(t: Case) -> None:
    seen: list[tuple[int, int]] = []
    arrived, cancelled = threading.Event(), threading.Event()

    def script(peer: Peer) -> None:
        peer.hello()
        for _ in range(2):
            request = peer.request()
            arrived.set()
            cancel = peer.frame(FrameType.CANCEL)
            seen.append((request.request_id, cancel.request_id))
            cancelled.set()
        peer.ends()

    client = t.client(t.fake(script).address)
    for verb, args, kind in (("GetBalance", BALANCE, "cancelled"), ("Debit", ARGS, "outcome_unknown")):
        arrived.clear()
        cancelled.clear()
        call = client.begin(verb, args)
        expect(arrived.wait(30), f"{verb} doesn't arrive")
        client.cancel(call)
        error = call.error(kind)
        expect(verb == "GetBalance" or error.get("key"), "the unknown outcome has no key")
        expect(cancelled.wait(30), f"no CANCEL comes for {verb}")
    expect(all(one == other for one, other in seen), f"ids of requests and their CANCELs are {seen}")


@behaviour("calls", "closing ends all calls, each by its kind; later ones are disconnected")
def closing(t: Case) -> None:
    arrived = threading.Event()

    def script(peer: Peer) -> None:
        peer.hello()
        peer.request()
        peer.request()
        arrived.set()
        peer.closes_within(30, "closed")

    client = t.client(t.fake(script).address)
    read, mutation = client.begin("GetBalance", BALANCE), client.begin("Debit", ARGS)
    expect(arrived.wait(30), "the calls don't arrive")
    closed = client.close()
    read.error("disconnected", "cancelled")
    expect(mutation.error("outcome_unknown").get("key"), "the unknown outcome has no key")
    closed.ok()
    expect(client.error("Debit", ARGS, "disconnected").get("key"), "the error of a closed client has no key")


@behaviour("calls", "PING of the server is answered with PONG")
def ping(t: Case) -> None:
    payload = bytes.fromhex("0102030405060708")

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        peer.send(FrameType.PING, payload, request_id=77)
        pong = peer.frame(FrameType.PONG)
        equal((pong.request_id, pong.payload), (77, payload), "id and payload of the PONG")
        peer.ok(request, pb.PingResponse(commit_seq=1))
        peer.ends()

    t.client(t.fake(script).address).ok("Ping")


@behaviour("calls", "a reply to a call long gone is dropped, and others go on")
def late(t: Case) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        gone = peer.request()
        cancel = peer.frame(FrameType.CANCEL)
        equal(cancel.request_id, gone.request_id, "the id of the CANCEL")
        peer.ok(gone, pb.GetBalanceResponse(balance=1))
        peer.send(FrameType.RESPONSE, pb.GetBalanceResponse(balance=2), request_id=4_000_000_000)
        peer.send(FrameType.EVENT, pb.WatchEvent(), request_id=4_000_000_001)
        request = peer.request()
        expect(request.request_id != gone.request_id, "the id of a call that is gone is used again at once")
        peer.ok(request, pb.GetBalanceResponse(balance=3))
        peer.ends()

    fake = t.fake(script)
    client = t.client(fake.address)
    client.error("GetBalance", BALANCE, "deadline_exceeded", timeout_millis=300)
    equal(client.ok("GetBalance", BALANCE)["balance"], "3", "the balance of the next call")
    equal(fake.connections, 1, "the number of connections")
