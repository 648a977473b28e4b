"""Bad ways to the server: a proxy that cuts, slices, delays and stalls, by the seed that is printed."""

from __future__ import annotations

from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.load import Load

R = "conformance"


@behaviour("ways", "connections that are cut again and again under load: each debit is there once")
def cut(t: Case) -> None:
    proxy = t.proxy(t.server.address)
    load = Load.prepare(t.client(proxy.address), t.owner())
    proxy.cut_bytes = 20_000
    proxy.cut()
    load.run(250, 24)
    proxy.cut_bytes = 0
    expect(proxy.cuts >= 2, f"the proxy cut {proxy.cuts} connections")
    load.check(t.ledger(t.server.address))


@behaviour("ways", "single bytes, both ways")
def slices(t: Case) -> None:
    proxy = t.proxy(t.server.address, slice_bytes=1)
    client = t.client(proxy.address)
    wallet = t.wallet(client, 5000)
    calls = [client.begin("Debit", {"wallet": wallet, "amount": "1", "reason": R}) for _ in range(20)]
    versions = sorted(int(call.ok()["version"]) for call in calls)
    equal(versions, list(range(3, 23)), "the versions after 20 debits")
    rows = client.ok("ListTransactions", {"wallet": wallet})["transactions"]
    equal(len(rows), 22, "the number of rows")


@behaviour("ways", "pieces that are late by chance")
def delays(t: Case) -> None:
    client = t.client(t.proxy(t.server.address, slice_bytes=97, delay_millis=10).address)
    wallet = t.wallet(client, 5000)
    calls = [client.begin("Debit", {"wallet": wallet, "amount": "2", "reason": R}) for _ in range(20)]
    versions = sorted(int(call.ok()["version"]) for call in calls)
    equal(versions, list(range(3, 23)), "the versions after 20 debits")


@behaviour("ways", "a black hole: each call ends in its time, and the way back is found")
def black_hole(t: Case) -> None:
    proxy = t.proxy(t.server.address)
    client = t.client(proxy.address)
    wallet = t.wallet(client, 1000)
    args: dict[str, Any] = {"wallet": wallet, "amount": "100", "reason": R, "idempotency_key": f"conformance-{t.owner()}"}
    proxy.stall()
    client.error("GetBalance", {"wallet": wallet}, "deadline_exceeded", timeout_millis=500)
    client.error("Debit", args, "outcome_unknown", timeout_millis=500)
    proxy.flow()
    done = client.ok("Debit", args)
    equal((done["balance"], done["version"]), ("900", "3"), "balance and version, with the key of the unknown outcome")
    fresh = t.proxy(t.server.address)
    fresh.stall()
    error = t.client(fresh.address).error("Debit", args, "deadline_exceeded", "disconnected", timeout_millis=500)
    equal(error["key"], args["idempotency_key"], "the key of a call that never left")


@behaviour("ways", "long answers, in pieces")
def long_answers(t: Case) -> None:
    client = t.client(t.proxy(t.server.address, slice_bytes=1000).address)
    wallet = t.wallet(client)
    items = [{"credit": {"wallet": wallet, "amount": "1", "reason": R, "note": "n" * 200}} for _ in range(600)]
    done = client.ok("Batch", {"items": items, "full_results": True})
    equal(done["results"][-1]["ok"]["balance"], "600", "the balance after 600 credits")
    rows = client.ok("ListTransactions", {"wallet": wallet, "page_size": 1000})["transactions"]
    expect(len(rows) > 500, f"a page of 1,000 rows has {len(rows)}")
