"""Watching and verifying."""

from __future__ import annotations

import threading
from typing import Any

from kit.case import Case, behaviour
from kit.driver import Client, Pending
from kit.failure import Failure, equal, expect
from kit.fake import FrameType, Peer, pb

R = "conformance"


def _transactions(stream: Pending, count: int) -> list[dict[str, Any]]:
    """The next so many events that have one."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        event = stream.event()
        if event is None:
            raise Failure(f"the watch ended after {len(found)} of {count} transactions: {stream.result()}")
        if event.get("transaction"):
            found.append(event)
    return found


def _ended(client: Client, stream: Pending) -> None:
    client.cancel(stream)
    if "ok" not in stream.result():
        stream.error("cancelled")


@behaviour("streams", "a watch from the beginning: each transaction once, in order, with its figures")
def watch(t: Case) -> None:
    server = t.new_server()
    client = t.client(server.address)
    wallet = t.wallet(client, 1000)
    client.ok("Debit", {"wallet": wallet, "amount": "300", "reason": R, "reference": "seen"})
    stream = client.stream("WatchTransactions", {"after_seq": "0"})
    opened, credited, debited = _transactions(stream, 3)
    kinds = [event["transaction"]["kind"] for event in (opened, credited, debited)]
    equal(kinds, ["OPEN", "CREDIT", "DEBIT"], "the kinds of the events")
    equal((debited["balance_before"], debited["transaction"]["balance"]), ("1000", "700"), "the balance before and after")
    equal((debited["currency"], debited["exponent"]), ("USD", 2), "currency and exponent")
    equal(debited["transaction"]["reference"], "seen", "the reference")
    client.ok("Credit", {"wallet": wallet, "amount": "5", "reason": R})
    equal(_transactions(stream, 1)[0]["transaction"]["amount"], "5", "the amount of what came meanwhile")
    _ended(client, stream)
    again = client.stream("WatchTransactions", {"resume_token": credited["resume_token"]})
    equal(_transactions(again, 1)[0]["transaction"]["id"], debited["transaction"]["id"], "the first id behind a token")
    _ended(client, again)


@behaviour("streams", "filters of a watch, and one from now on")
def filters(t: Case) -> None:
    client = t.client(t.server.address)
    wallet, other = t.wallet(client, 1000), t.wallet(client, 1000)
    number = client.ok("GetWallet", {"wallet": wallet})["wallet"]["id"]
    now = client.stream("WatchTransactions", {"from_now": True, "wallet_ids": [number], "kinds": ["DEBIT"]})
    expect(now.event() is not None, "a watch from now on doesn't stand")
    for name, amount in ((other, "1"), (wallet, "2")):
        client.ok("Credit", {"wallet": name, "amount": amount, "reason": R})
        client.ok("Debit", {"wallet": name, "amount": amount, "reason": R})
    event = _transactions(now, 1)[0]["transaction"]
    equal((event["wallet_id"], event["amount"]), (number, "-2"), "wallet and amount of the first event")
    _ended(client, now)


@behaviour("streams", "a watch goes on by itself after cuts: each event once, in order")
def resumes(t: Case) -> None:
    server = t.new_server()
    proxy = t.proxy(server.address)
    writer, watcher = t.client(server.address), t.client(proxy.address)
    wallet = t.wallet(writer)
    stream = watcher.stream("WatchTransactions", {"after_seq": "0"})
    found = _transactions(stream, 1)
    for n in range(1, 31):
        writer.ok("Credit", {"wallet": wallet, "amount": str(n), "reason": R})
        if n % 10 == 0:
            proxy.cut()
        if n % 7 == 0:
            found += _transactions(stream, 2)
    found += _transactions(stream, 31 - len(found))
    amounts = [int(event["transaction"]["amount"]) for event in found]
    equal(amounts, list(range(31)), "the amounts of all events")
    _ended(watcher, stream)


@behaviour("streams", "a watch goes on by itself when the server is restarted, and when it is killed")
def restarts(t: Case) -> None:
    server = t.new_server()
    client = t.client(server.address)
    wallet = t.wallet(client)
    stream = client.stream("WatchTransactions", {"after_seq": "0"})
    found = _transactions(stream, 1)
    for n in range(1, 4):
        client.ok("Credit", {"wallet": wallet, "amount": str(n), "reason": R}, timeout_millis=40_000)
        found += _transactions(stream, 1)
        if n == 1:
            server.stop()
            server.start()
        if n == 2:
            server.kill()
            server.start()
    amounts = [int(event["transaction"]["amount"]) for event in found]
    equal(amounts, list(range(4)), "the amounts of all events")
    _ended(client, stream)


@behaviour("streams", "a place that the ledger doesn't have is refused: RESUME_INVALID")
def invalid(t: Case) -> None:
    client = t.client(t.server.address)
    client.stream("WatchTransactions", {"after_seq": "999999999"}).error("rejected", reason="RESUME_INVALID")
    client.stream("WatchTransactions", {"resume_token": "nonsense"}).error("rejected")


@behaviour("streams", "leaving a watch sends CANCEL; a StreamEnd is resumed from its reader's last event")
def leaving(t: Case) -> None:
    cancelled = threading.Event()
    asked: list[pb.WatchTransactionsRequest] = []

    def event(peer: Peer, request: Any, number: int) -> None:
        row = pb.Transaction(id=number, kind=pb.TRANSACTION_KIND_CREDIT, amount=number)
        told = pb.WatchEvent(transaction=row, resume_token=f"token-{number}", commit_seq=number)
        peer.send(FrameType.EVENT, told, request_id=request.request_id)

    def first(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        asked.append(pb.WatchTransactionsRequest.FromString(request.payload))
        event(peer, request, 1)
        event(peer, request, 2)
        peer.fail(request, "RESOURCE_EXHAUSTED", stream_end=pb.StreamEnd(resume_token="token-2"))
        request = peer.request()
        asked.append(pb.WatchTransactionsRequest.FromString(request.payload))
        event(peer, request, 3)
        peer.reset()

    def second(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        asked.append(pb.WatchTransactionsRequest.FromString(request.payload))
        event(peer, request, 4)
        cancel = peer.frame(FrameType.CANCEL)
        equal(cancel.request_id, request.request_id, "the id of the CANCEL")
        cancelled.set()
        peer.ends()

    client = t.client(t.fake(first, second).address)
    stream = client.stream("WatchTransactions", {"after_seq": "0"})
    equal([e["transaction"]["id"] for e in _transactions(stream, 4)], ["1", "2", "3", "4"], "the ids of the events")
    _ended(client, stream)
    expect(cancelled.wait(30), "no CANCEL comes")
    tokens = [(request.WhichOneof("start"), request.resume_token) for request in asked]
    equal(tokens, [("after_seq", ""), ("resume_token", "token-2"), ("resume_token", "token-3")], "what was asked for")


@behaviour("streams", "calls go on beside a watch whose reader is slow")
def beside(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client)
    stream = client.stream("WatchTransactions", {"after_seq": "0"})
    expect(stream.event() is not None, "the watch doesn't stand")
    calls = [client.begin("Credit", {"wallet": wallet, "amount": "1", "reason": R}) for _ in range(100)]
    equal(sorted(int(call.ok()["version"]) for call in calls), list(range(2, 102)), "the versions")
    _ended(client, stream)


@behaviour("streams", "Verify: progress, and a report at the end")
def verify(t: Case) -> None:
    server = t.new_server()
    client = t.client(server.address)
    t.wallet(client, 1000)
    stream = client.stream("Verify", {"skip_integrity_check": True})
    events = []
    while (event := stream.event()) is not None:
        events.append(event)
    stream.ok()
    report = events[-1].get("report")
    expect(report, f"the last event of Verify is {events[-1]}")
    equal((report["findings"], report["rows"], report["wallets"]), ("0", "2", "1"), "findings, rows and wallets")
    head = report["head"]
    equal(len(head["digest"]), 64, "the length of the head's digest in hexadecimal digits")
    wrong = {"seq": head["seq"], "digest": "00" * 32}
    stream = client.stream("Verify", {"skip_integrity_check": True, "expected_head": wrong})
    found = []
    while (event := stream.event()) is not None:
        found.append(event)
    stream.ok()
    findings = [event["finding"]["what"] for event in found if event.get("finding")]
    equal(findings, ["head"], "what is found with another head")
