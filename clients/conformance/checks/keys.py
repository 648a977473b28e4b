"""Idempotency keys: made, kept, shown, and answered again."""

from __future__ import annotations

import uuid
from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.fake import Peer, pb

R = "conformance"
ARGS: dict[str, Any] = {"wallet": {"id": "7"}, "amount": "1", "reason": R}


@behaviour("keys", "a key that isn't given is a UUIDv7, and is on results and on errors")
def made(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client, 100)
    done = client.ok("Debit", {"wallet": wallet, "amount": "1", "reason": R})
    refused = client.rejected("Debit", {"wallet": wallet, "amount": "1000", "reason": R}, "INSUFFICIENT_FUNDS")
    row = next(t.ledger(t.server.address).transactions(_wallet(wallet)))
    equal(row.idempotency_key, done["key"], "the key of the row")
    for key in (done["key"], refused["key"]):
        equal(uuid.UUID(key).version, 7, f"the version of {key}")
    expect(done["key"] != refused["key"], "two calls have one key")


def _wallet(address: dict[str, str]) -> Any:
    import walletd

    return walletd.WalletRef(owner=address["owner_id"], currency=address["currency"])


@behaviour("keys", "a key that was given is answered again, replayed; other arguments are a mismatch")
def replay(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client, 1000)
    args = {"wallet": wallet, "amount": "400", "reason": R, "idempotency_key": f"conformance-{t.owner()}"}
    first = client.ok("Debit", args)
    again = client.ok("Debit", args)
    equal((first["replayed"], again["replayed"]), (False, True), "replayed of the first and of the second call")
    for name in ("balance", "version", "commit_seq", "key"):
        equal(again[name], first[name], f"{name} of the replay")
    equal(again["transaction"]["id"], first["transaction"]["id"], "the id of the replay")
    equal(client.ok("GetBalance", {"wallet": wallet})["balance"], "600", "the balance after both")
    error = client.rejected("Debit", {**args, "amount": "401"}, "IDEMPOTENCY_MISMATCH")
    equal((error["detail"]["field"], error["key"]), ("amount", args["idempotency_key"]), "field and key of the mismatch")


@behaviour("keys", "all attempts of a call have one key, and one request")
def one_key(t: Case) -> None:
    payloads: list[bytes] = []

    def drops(peer: Peer) -> None:
        peer.hello()
        payloads.append(peer.request().payload)

    def takes(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        payloads.append(request.payload)
        peer.ok(request, pb.MutationResponse(balance=5, replayed=True))
        peer.ends()

    done = t.client(t.fake(drops, drops, takes).address).ok("Debit", ARGS)
    equal((len(payloads), len(set(payloads))), (3, 1), "the number of attempts, and of different requests among them")
    equal(pb.DebitRequest.FromString(payloads[0]).idempotency_key, done["key"], "the key of the result")


@behaviour("keys", "a key is on every kind of error")
def on_errors(t: Case) -> None:
    def refuses(peer: Peer) -> None:
        peer.hello()
        peer.fail(peer.request(), "INSUFFICIENT_FUNDS")
        peer.fail(peer.request(), "UNAVAILABLE")
        peer.request()
        peer.reset()

    client = t.client(t.fake(refuses, Peer.ends).address, attempts_max=1)
    for kinds in (("rejected",), ("not_executed",), ("outcome_unknown",)):
        key = f"conformance-{t.owner()}"
        error = client.error("Debit", {**ARGS, "idempotency_key": key}, *kinds)
        equal(error.get("key"), key, f"the key of an error of the kind {error['kind']}")
    error = client.error("Debit", ARGS, "deadline_exceeded", "disconnected", timeout_millis=300)
    equal(uuid.UUID(error["key"]).version, 7, "the version of the key of a call that met nobody")
    read = client.error("Ping", {}, "deadline_exceeded", "disconnected", timeout_millis=300)
    expect(not read.get("key"), f"a read has the key {read.get('key')!r}")
