"""When a call is tried again, how often, and how patiently."""

from __future__ import annotations

import threading
import time
from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.fake import FrameType, Peer, nobody, pb

R = "conformance"
ARGS: dict[str, Any] = {"wallet": {"id": "7"}, "amount": "1", "reason": R}
BALANCE: dict[str, Any] = {"wallet": {"id": "7"}}
FIRST_WAIT = 0.05
# A wait is measured between two programs; timers of languages end a little early.
EARLY = 0.004


@behaviour("retries", "UNAVAILABLE and RESOURCE_EXHAUSTED are tried again, 6 attempts at most, with growing waits")
def back_off(t: Case) -> None:
    times: list[float] = []
    reasons = ("UNAVAILABLE", "RESOURCE_EXHAUSTED")

    def script(peer: Peer) -> None:
        peer.hello()
        while True:
            request = peer.request()
            times.append(time.monotonic())
            peer.fail(request, reasons[len(times) % 2])

    error = t.client(t.fake(script).address).error("Debit", ARGS, "not_executed")
    expect(error.get("reason") in reasons, f"the reason is {error.get('reason')}")
    equal(len(times), 6, "the number of attempts")
    for number, (one, other) in enumerate(zip(times, times[1:])):
        least = FIRST_WAIT * 2**number / 2
        expect(other - one >= least - EARLY, f"wait {number + 1} is {other - one:.3f} s, below {least:.3f} s")


@behaviour("retries", "the server's retry-after is honoured, and one past the deadline isn't waited for")
def retry_after(t: Case) -> None:
    times: list[float] = []

    def script(peer: Peer) -> None:
        peer.hello()
        for _ in range(2):
            request = peer.request()
            times.append(time.monotonic())
            peer.fail(request, "UNAVAILABLE", millis=400)
        request = peer.request()
        times.append(time.monotonic())
        peer.ok(request, pb.MutationResponse(balance=1))
        peer.fail(peer.request(), "UNAVAILABLE", millis=60_000)
        peer.ends()

    client = t.client(t.fake(script).address)
    client.ok("Debit", ARGS)
    for one, other in zip(times, times[1:]):
        expect(other - one >= 0.4 - EARLY, f"a wait is {other - one:.3f} s, where the server asked for 0.4 s")
    began = time.monotonic()
    error = client.error("Debit", ARGS, "not_executed", reason="UNAVAILABLE", timeout_millis=20_000)
    equal(error.get("retry_after_millis"), 60_000, "retry_after_millis of the error")
    expect(time.monotonic() - began < 15, "a wait that ends past the deadline was begun")


@behaviour("retries", "refusals, INTERNAL, CANCELLED and deadlines aren't tried again")
def never(t: Case) -> None:
    reasons = ("INSUFFICIENT_FUNDS", "VERSION_CONFLICT", "INTERNAL", "CANCELLED", "DEADLINE_EXCEEDED", "UNIMPLEMENTED")
    seen: list[str] = []

    def script(peer: Peer) -> None:
        peer.hello()
        for reason in reasons:
            request = peer.request()
            seen.append(pb.DebitRequest.FromString(request.payload).idempotency_key)
            peer.fail(request, reason)
        peer.request()
        seen.append("more")

    client = t.client(t.fake(script).address)
    for reason in reasons:
        args = {**ARGS, "idempotency_key": f"conformance-{reason}"}
        client.error("Debit", args, "rejected", "not_executed", "deadline_exceeded", reason=reason)
    equal(seen, [f"conformance-{reason}" for reason in reasons], "the attempts that came")


@behaviour("retries", "a budget: when it is spent, the first attempt's error is the call's")
def budget(t: Case) -> None:
    calls, seen = 14, []

    def script(peer: Peer) -> None:
        peer.hello()
        while True:
            request = peer.request()
            seen.append(request.request_id)
            peer.fail(request, "UNAVAILABLE")

    client = t.client(t.fake(script).address, attempts_max=3)
    for _ in range(calls):
        client.error("GetBalance", BALANCE, "not_executed", reason="UNAVAILABLE")
    retries = len(seen) - calls
    expect(10 <= retries <= 12, f"{calls} calls were tried again {retries} times: 10 are there at the start, each call earns 0.1")


@behaviour("retries", "a lost connection: a read is asked again, a mutation with the same key")
def lost(t: Case) -> None:
    def drops(peer: Peer) -> None:
        peer.hello()
        peer.request()
        peer.reset()

    def answers(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        reads = request.code == pb.METHOD_GET_BALANCE
        peer.ok(request, pb.GetBalanceResponse(balance=4) if reads else pb.MutationResponse(balance=5))
        peer.ends()

    equal(t.client(t.fake(drops, answers).address).ok("GetBalance", BALANCE)["balance"], "4", "the balance")
    equal(t.client(t.fake(drops, answers).address).ok("Debit", ARGS)["balance"], "5", "the balance after a debit")


@behaviour("retries", "a connection that ended while idle costs no call")
def idle(t: Case) -> None:
    gone = threading.Event()

    def script(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.MutationResponse(balance=1))
        peer.sock.close()
        gone.set()

    client = t.client(t.fake(script).address)
    for _ in range(3):
        gone.clear()
        client.ok("Debit", ARGS)
        expect(gone.wait(30), "the connection isn't closed")
        time.sleep(0.05)


@behaviour("retries", "nobody listens: disconnected, with a bound, and nothing is unknown")
def refused(t: Case) -> None:
    client = t.client(nobody(), timeout_millis=5000)
    client.error("GetBalance", BALANCE, "disconnected", "deadline_exceeded")
    error = client.error("Debit", ARGS, "disconnected", "deadline_exceeded")
    expect(error.get("key"), "the error has no key")
    once = t.client(nobody(), attempts_max=1)
    once.error("Debit", ARGS, "disconnected")
    nowhere = t.client("host.invalid:7431", timeout_millis=5000, attempts_max=1)
    nowhere.error("Debit", ARGS, "disconnected", "deadline_exceeded")


@behaviour("retries", "GOAWAY: what is in flight is answered, all else goes to a new connection, no call is lost")
def goaway(t: Case) -> None:
    count, first = 40, 10
    seen: dict[str, int] = {}
    lock = threading.Lock()

    def note(request: Any) -> int:
        asked = pb.DebitRequest.FromString(request.payload)
        with lock:
            seen[asked.idempotency_key] = seen.get(asked.idempotency_key, 0) + 1
        return asked.amount

    def leaves(peer: Peer) -> None:
        peer.hello(requests_in_flight_max=first)
        requests = [peer.request() for _ in range(first)]
        peer.send(FrameType.GOAWAY, pb.GoAway(message="restarting"))
        time.sleep(0.1)
        for request in requests:
            peer.ok(request, pb.MutationResponse(balance=note(request)))
        peer.closes_within(30, "GOAWAY, and all is answered")

    def stays(peer: Peer) -> None:
        peer.hello()
        while True:
            request = peer.request()
            peer.ok(request, pb.MutationResponse(balance=note(request)))

    fake = t.fake(leaves, stays)
    client = t.client(fake.address)
    calls = [client.begin("Debit", {**ARGS, "amount": str(n)}) for n in range(1, count + 1)]
    equal([call.ok()["balance"] for call in calls], [str(n) for n in range(1, count + 1)], "the balances")
    equal((len(seen), set(seen.values())), (count, {1}), "the number of keys, and how often each was asked")
    equal(fake.connections, 2, "the number of connections")


@behaviour("retries", "a request behind GOAWAY that is turned away is asked again elsewhere")
def behind_goaway(t: Case) -> None:
    def leaves(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        peer.send(FrameType.GOAWAY, pb.GoAway())
        peer.fail(request, "UNAVAILABLE")
        peer.ends()

    def stays(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.MutationResponse(balance=8))
        peer.ends()

    equal(t.client(t.fake(leaves, stays).address).ok("Debit", ARGS)["balance"], "8", "the balance")


@behaviour("retries", "a server that is full at HELLO is tried again")
def full(t: Case) -> None:
    def turns_away(peer: Peer) -> None:
        peer.read_hello()
        peer.send(FrameType.CONNECTION_ERROR, pb.Error(reason=pb.ERROR_REASON_RESOURCE_EXHAUSTED, message="full"))

    def takes(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.MutationResponse(balance=9))
        peer.ends()

    equal(t.client(t.fake(turns_away, takes).address).ok("Debit", ARGS)["balance"], "9", "the balance")
