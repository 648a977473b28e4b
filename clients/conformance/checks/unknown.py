"""Once unknown, unknown: what resolves the outcome of a key, and what doesn't."""

from __future__ import annotations

from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.fake import NOT_EXECUTED, REPLAYED, Peer, pb

R = "conformance"


def _args(key: str) -> dict[str, Any]:
    return {"wallet": {"id": "7"}, "amount": "1", "reason": R, "idempotency_key": key}


def _drops(peer: Peer) -> None:
    peer.hello()
    peer.request()
    peer.reset()


@behaviour("unknown outcomes", "a mutation that was sent and lost each time is unknown, with its key")
def lost(t: Case) -> None:
    fake = t.fake(_drops)
    error = t.client(fake.address, attempts_max=3).error("Debit", _args("conformance-lost"), "outcome_unknown")
    equal((error["key"], fake.connections), ("conformance-lost", 3), "the key, and the number of attempts")


@behaviour("unknown outcomes", "a NOT_EXECUTED that comes after an unknown attempt resolves nothing")
def promise_too_late(t: Case) -> None:
    reasons = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "VERSION_CONFLICT", "INVALID_ARGUMENT", "IDEMPOTENCY_MISMATCH")
    for reason in reasons:

        def refuses(peer: Peer, reason: str = reason) -> None:
            peer.hello()
            while True:
                peer.fail(peer.request(), reason, flags=NOT_EXECUTED)

        client = t.client(t.fake(_drops, refuses).address, attempts_max=2)
        key = f"conformance-late-{reason}"
        equal(client.error("Debit", _args(key), "outcome_unknown")["key"], key, f"the key after {reason}")
        # So it is in a later call with that key, and only with that.
        equal(client.error("Debit", _args(key), "outcome_unknown")["key"], key, f"the key of a later call after {reason}")
        client.error("Debit", _args("conformance-other"), "rejected", "not_executed", "deadline_exceeded", reason=reason)


@behaviour("unknown outcomes", "OK, a replay and a remembered refusal resolve it")
def resolved(t: Case) -> None:
    def ok(peer: Peer, request: Any) -> None:
        peer.ok(request, pb.MutationResponse(balance=3, replayed=True), flags=REPLAYED)

    def refused(peer: Peer, request: Any) -> None:
        peer.fail(request, "INSUFFICIENT_FUNDS")

    for settle in (ok, refused):

        def settles(peer: Peer, settle: Any = settle) -> None:
            peer.hello()
            settle(peer, peer.request())
            while True:
                peer.fail(peer.request(), "UNAVAILABLE")

        client = t.client(t.fake(_drops, settles).address, attempts_max=2)
        args = _args("conformance-settled")
        if settle is ok:
            equal(client.ok("Debit", args)["balance"], "3", "the balance")
        else:
            client.rejected("Debit", args, "INSUFFICIENT_FUNDS")
        # It is settled: a later NOT_EXECUTED of the same key is sure again.
        client.error("Debit", args, "not_executed", reason="UNAVAILABLE")


@behaviour("unknown outcomes", "retry_of_unknown: an attempt of another process counts, too")
def of_another_process(t: Case) -> None:
    def refuses(peer: Peer) -> None:
        peer.hello()
        while True:
            peer.fail(peer.request(), "UNAVAILABLE")

    client = t.client(t.fake(refuses).address, attempts_max=1)
    client.error("Debit", _args("conformance-sure"), "not_executed", reason="UNAVAILABLE")
    error = client.error("Debit", _args("conformance-told"), "outcome_unknown", retry_of_unknown=True)
    equal(error["key"], "conformance-told", "the key")


@behaviour("unknown outcomes", "what was never written is sure: not executed")
def unsent(t: Case) -> None:
    def before_hello(peer: Peer) -> None:
        peer.read_hello()
        peer.reset()

    client = t.client(t.fake(before_hello).address, attempts_max=2)
    client.error("Debit", _args("conformance-unsent"), "disconnected")


@behaviour("unknown outcomes", "of a batch: its key, and all of its items")
def batch(t: Case) -> None:
    items = [{"debit": {"wallet": {"id": "7"}, "amount": str(n), "reason": R}} for n in (1, 2)]

    def refuses(peer: Peer) -> None:
        peer.hello()
        while True:
            peer.fail(peer.request(), "UNAVAILABLE")

    client = t.client(t.fake(_drops, refuses).address, attempts_max=2)
    atomic = {"items": items, "atomic": True, "idempotency_key": "conformance-atomic"}
    equal(client.error("Batch", atomic, "outcome_unknown")["key"], "conformance-atomic", "the key of an atomic batch")
    other = t.client(t.fake(_drops, refuses).address, attempts_max=2)
    error = other.error("Batch", {"items": items}, "outcome_unknown")
    expect(error.get("key"), "the unknown outcome of a batch has no key")


@behaviour("unknown outcomes", "an item of a batch whose outcome stays unknown is unknown to later calls, the first one, too")
def items(t: Case) -> None:
    def answers(peer: Peer) -> None:
        peer.hello()
        conflict = pb.Error(reason=pb.ERROR_REASON_VERSION_CONFLICT, message="scripted")
        open_one, done = pb.BatchResult(error=conflict), pb.BatchResult(balance=3)
        peer.ok(peer.request(), pb.BatchResponse(results=[open_one, done, open_one], commit_seq=9))
        while True:
            peer.fail(peer.request(), "UNAVAILABLE")

    client = t.client(t.fake(_drops, answers).address, attempts_max=2)
    items = [{"debit": {"wallet": {"id": "7"}, "amount": str(n), "reason": R}} for n in (1, 2, 3)]
    first, second, third = client.ok("Batch", {"items": items})["results"]
    for result in (first, third):
        equal(result["error"]["kind"], "outcome_unknown", "what a refusal that isn't remembered says of an unknown attempt")
    key = second["key"] if "key" in second else second["ok"]["key"]
    client.error("Debit", _args(key), "not_executed", reason="UNAVAILABLE")
    for result in (third, first):
        key = result["error"]["key"]
        equal(client.error("Debit", _args(key), "outcome_unknown")["key"], key, "the key of a later call")


@behaviour("unknown outcomes", "a dry run is never of unknown outcome")
def dry(t: Case) -> None:
    client = t.client(t.fake(_drops).address, attempts_max=2)
    client.error("Debit", {**_args("conformance-dry"), "dry_run": True}, "disconnected")
