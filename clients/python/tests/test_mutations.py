"""Every mutation: what it sends, alone and in a batch, what comes back, and the real server through both clients."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fake import FakeServer, Peer, mutation
from server import Server

import walletd
from walletd import (
    BatchItem,
    FreezeScope,
    ItemDone,
    LimitKind,
    Rejected,
    TransactionKind,
    TransferResult,
    WalletLimits,
    WalletRef,
    WindowLimit,
    messages,
)
from walletd._proto import wallet_pb2 as pb

WALLET = WalletRef(id=7)
OTHER = WalletRef(owner="user-2", currency="USD")
LIMITS = WalletLimits(overdraft_limit=100, max_amount=5, week=WindowLimit(amount=9, count=2))

REF = pb.WalletRef(id=7)
POSTING = {"counter_account": "adjustments"}

# Verb, arguments, options of its own, and the fields that they become.
CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], dict[str, Any]]] = [
    ("debit", (WALLET, 5), POSTING, {"wallet": REF, "amount": 5, **POSTING}),
    ("credit", (WALLET, 5), POSTING, {"wallet": REF, "amount": 5, **POSTING}),
    (
        "transfer",
        (WALLET, OTHER, 5),
        {},
        {"wallet": REF, "to": pb.WalletRef(owner_id="user-2", currency="USD", name="main"), "amount": 5},
    ),
    ("hold", (WALLET, 5), {"timeout_millis": 900_000}, {"wallet": REF, "amount": 5, "timeout_millis": 900_000}),
    ("capture", (9,), {}, {"hold_id": 9}),
    ("capture", (9, 3), {"final": True, **POSTING}, {"hold_id": 9, "amount": 3, "final": True, **POSTING}),
    ("release", (9,), {}, {"hold_id": 9}),
    ("refund", (8,), {}, {"transaction_id": 8}),
    ("refund", (8, 2), POSTING, {"transaction_id": 8, "amount": 2, **POSTING}),
    ("freeze", (WALLET, FreezeScope.DEBIT), {"until_micros": 11}, {"wallet": REF, "scope": 1, "until_micros": 11}),
    ("unfreeze", (WALLET, FreezeScope.ALL), {}, {"wallet": REF, "scope": 3}),
    (
        "set_limits",
        (WALLET, LIMITS),
        {},
        {
            "wallet": REF,
            "limits": pb.WalletLimits(overdraft_limit=100, max_amount=5, week=pb.WindowLimit(amount=9, count=2)),
        },
    ),
    ("close_wallet", (WALLET,), {}, {"wallet": REF}),
]
COMMON = {
    "key": "key-0001",
    "note": "n",
    "reference": "r",
    "correlation_id": "c",
    "on_behalf_of": "o",
    "occurred_at_micros": 12,
    "metadata": {"a": "b"},
    "expected_version": 4,
}


def request_of(verb: str, fields: dict[str, Any]) -> Any:
    name = "".join(word.capitalize() for word in verb.split("_"))
    return getattr(pb, f"{name}Request")(
        idempotency_key="key-0001",
        reason="esim.purchase",
        note="n",
        reference="r",
        correlation_id="c",
        on_behalf_of="o",
        occurred_at_micros=12,
        metadata=[pb.MetadataEntry(key="a", value="b")],
        expected_version=4,
        **fields,
    )


def test_each_verb_sends_its_fields(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        for verb, _, _, fields in CALLS:
            request = peer.request()
            assert request.code == pb.Method.Value(f"METHOD_{verb.upper()}")
            expected = request_of(verb, fields)
            assert type(expected).FromString(request.payload) == expected
            reply = mutation(balance=3)
            peer.ok(request, pb.TransferResponse(source=reply) if verb == "transfer" else reply)
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        for verb, arguments, own, _ in CALLS:
            result = getattr(client, verb)(*arguments, reason="esim.purchase", **own, **COMMON)
            assert result.key == "key-0001"
            assert (result.source if verb == "transfer" else result).balance == 3
        client.close()


def test_an_item_of_a_batch_is_the_same_message() -> None:
    for verb, arguments, own, fields in CALLS:
        item = getattr(BatchItem, verb)(*arguments, reason="esim.purchase", **own, **COMMON)
        assert item.to_message("key-0001") == pb.BatchItem(**{verb: request_of(verb, fields)})


def test_a_transfer_has_both_rows(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        source = mutation(balance=1, version=3, transaction=pb.Transaction(id=7, kind=4, amount=-5))
        destination = pb.Transaction(id=8, kind=5, amount=5, wallet_id=2)
        reply = pb.TransferResponse(source=source, destination=destination, commit_seq=8, replayed=True)
        peer.ok(peer.request(), reply, flags=0x04)
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        result = client.transfer(WALLET, OTHER, 5, reason="gift")
        client.close()
    assert isinstance(result, TransferResult) and result.replayed and result.commit_seq == 8
    assert result.source.replayed and result.source.commit_seq == 8 and result.source.key == result.key
    assert (result.source.balance, result.source.transaction.amount) == (1, -5)
    assert result.destination.kind is TransactionKind.TRANSFER_IN and result.destination.wallet_id == 2


def test_a_lost_transfer_goes_out_again_with_the_same_bytes(connect: Any) -> None:
    payloads: list[bytes] = []

    def lose(peer: Peer) -> None:
        peer.hello()
        payloads.append(peer.request().payload)

    def refuse(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        payloads.append(request.payload)
        peer.fail(request, "VERSION_CONFLICT", 10)
        peer.ends()

    with FakeServer(lose, refuse) as server:
        client = connect(server.address)
        with pytest.raises(walletd.OutcomeUnknown) as caught:
            client.transfer(WALLET, OTHER, 5, reason="gift")
        client.close()
    assert payloads[0] == payloads[1] and caught.value.key


def test_a_dry_run_is_marked_and_leaves_nothing_unknown(connect: Any) -> None:
    def lose(peer: Peer) -> None:
        peer.hello()
        assert pb.DebitRequest.FromString(peer.request().payload).dry_run

    def answer(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), mutation(balance=3, dry_run=True))
        # Lost for good: nothing that was only tried took place.
        peer.fail(peer.request(), "VERSION_CONFLICT", 10)
        request = peer.request()
        batch = pb.BatchRequest.FromString(request.payload)
        assert batch.dry_run and batch.idempotency_key == "key-0001" and not batch.items[0].debit.dry_run
        peer.ok(request, pb.BatchResponse(results=[pb.BatchResult(balance=3)], dry_run=True))
        peer.ends()

    with FakeServer(lose, answer) as server:
        client = connect(server.address)
        result = client.debit(WALLET, 5, reason="test", key="key-0001", dry_run=True)
        assert result.dry_run and result.key == "key-0001" and not result.replayed
        with pytest.raises(Rejected):
            client.debit(WALLET, 5, reason="test", key="key-0001", dry_run=True)
        items = [BatchItem.debit(WALLET, 5, reason="test")]
        tried = client.batch(items, atomic=True, key="key-0001", dry_run=True)
        assert tried.dry_run and isinstance(tried.items[0], ItemDone) and tried.items[0].transaction_id == 0
        with pytest.raises(ValueError, match="item 0 is a dry run"):
            client.batch([BatchItem.debit(WALLET, 5, reason="test", dry_run=True)])
        client.close()


def test_what_cannot_be_asked(connect: Any) -> None:
    client = connect("127.0.0.1:1")
    for maker in (client, BatchItem):
        for amount in (1.5, True, "1"):
            with pytest.raises(TypeError):
                maker.transfer(WALLET, OTHER, amount, reason="test")
            with pytest.raises(TypeError):
                maker.capture(9, amount, reason="test")
            with pytest.raises(TypeError):
                maker.hold(WALLET, 5, timeout_millis=amount, reason="test")
        # 0 on the wire is all that is left.
        with pytest.raises(ValueError, match="from 1"):
            maker.capture(9, 0, reason="test")
        with pytest.raises(ValueError, match="from 1"):
            maker.refund(9, 0, reason="test")
        with pytest.raises(ValueError):
            maker.freeze(WALLET, "all", reason="test")
        with pytest.raises(TypeError):
            maker.set_limits(WALLET, WalletLimits(max_amount=1.5), reason="test")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client.transfer(WALLET, OTHER, 5, reason="test", counter_account="sales")
    with pytest.raises(TypeError):
        client.open_wallet("user-1", "USD", reason="test", expected_version=1)


@pytest.mark.parametrize(
    ("reason", "detail"),
    [
        ("NOT_REFUNDABLE", {"transaction": messages.TransactionDetail(transaction_id=4)}),
        ("HOLD_EXPIRED", {"hold": messages.HoldDetail(hold_id=4, at_micros=5, remaining=6)}),
        ("REFUND_EXCEEDS_ORIGINAL", {"refund_exceeds": messages.RefundExceeds(original=9, refunded=6, remaining=3)}),
        ("WALLET_FROZEN", {"wallet_frozen": messages.WalletFrozen(wallet_id=1, scope=2, reason="fraud")}),
        ("WALLET_NOT_EMPTY", {"wallet_not_empty": messages.WalletNotEmpty(balance=5, open_holds=2)}),
        ("LIMIT_EXCEEDED", {"limit_exceeded": messages.LimitExceeded(kind=5, limit=9, used=8, remaining=1)}),
        ("MAX_BALANCE_EXCEEDED", {"max_balance_exceeded": messages.MaxBalanceExceeded(limit=9, balance=8)}),
    ],
)
def test_typed_figures(connect: Any, reason: str, detail: dict[str, Any]) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        peer.fail(peer.request(), reason, 9, **detail)
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        with pytest.raises(Rejected) as caught:
            client.debit(WALLET, 1, reason="test")
        client.close()
    assert caught.value.reason == reason and caught.value.detail == next(iter(detail.values()))


def test_kinds_and_scopes_that_are_newer() -> None:
    assert LimitKind(messages.LimitExceeded(kind=5).kind) is LimitKind.WEEK_COUNT
    assert LimitKind(99).name == "UNKNOWN_99" and FreezeScope(99).name == "UNKNOWN_99"


# ---------------------------------------------------------------- the real server


def refused(reason: str, call: Any, *arguments: Any, **options: Any) -> Any:
    """The figures of a refusal."""
    with pytest.raises(Rejected) as caught:
        call(*arguments, reason="test", **options)
    assert caught.value.reason == reason, caught.value
    return caught.value.detail


def opened(client: Any, owner: str, amount: int) -> WalletRef:
    client.open_wallet(owner, "USD", reason="test")
    wallet = WalletRef(owner=owner, currency="USD")
    client.credit(wallet, amount, reason="test")
    return wallet


def test_transfers(server: Server, connect: Any) -> None:
    client = connect(server.address)
    source, destination = opened(client, "user-1", 1000), opened(client, "user-2", 1)
    for replayed in (False, True):
        result = client.transfer(source, destination, 300, reason="gift", key="transfer-1")
        assert result.replayed is replayed and result.source.balance == 700
        assert result.destination.balance == 301 and result.destination.kind is TransactionKind.TRANSFER_IN
        assert result.source.transaction.related_transaction_id == result.destination.id
    assert client.balance(destination).balance == 301
    assert refused("INSUFFICIENT_FUNDS", client.transfer, source, destination, 701).shortfall == 1
    refused("SAME_WALLET", client.transfer, source, source, 1)


def test_holds(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet = opened(client, "user-1", 1000)
    hold = client.hold(wallet, 600, timeout_millis=60_000, reason="esim.reserve")
    assert (hold.balance, hold.held, hold.available) == (1000, 600, 400)
    hold_id = hold.transaction.hold_id
    assert hold_id == hold.transaction.id
    part = client.capture(hold_id, 200, reason="esim.use")
    assert (part.balance, part.held, part.available) == (800, 400, 400)
    assert refused("HOLD_AMOUNT_EXCEEDED", client.capture, hold_id, 401).remaining == 400
    assert client.release(hold_id, reason="esim.cancel").available == 800
    refused("HOLD_RELEASED", client.capture, hold_id)
    refused("HOLD_NOT_FOUND", client.release, 999)
    rest = client.hold(wallet, 500, timeout_millis=60_000, reason="esim.reserve").transaction.id
    assert client.capture(rest, reason="esim.use").balance == 300
    refused("HOLD_CAPTURED", client.release, rest)
    short = client.hold(wallet, 300, timeout_millis=1, reason="esim.reserve").transaction.id
    time.sleep(0.05)
    balance = client.balance(wallet)
    assert balance.available == 300 and balance.expiry_pending and client.wallet(wallet).expiry_pending
    assert refused("HOLD_EXPIRED", client.capture, short).hold_id == short


def test_refunds(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet = opened(client, "user-1", 1000)
    debit = client.debit(wallet, 400, reason="esim.purchase").transaction.id
    assert client.refund(debit, 100, reason="complaint").balance == 700
    figures = refused("REFUND_EXCEEDS_ORIGINAL", client.refund, debit, 301)
    assert (figures.original, figures.refunded, figures.remaining) == (400, 100, 300)
    rest = client.refund(debit, reason="complaint")
    assert rest.balance == 1000 and rest.transaction.related_transaction_id == debit
    assert refused("NOT_REFUNDABLE", client.refund, rest.transaction.id).transaction_id == rest.transaction.id
    refused("TRANSACTION_NOT_FOUND", client.refund, 999)


def test_freezes(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet = opened(client, "user-1", 1000)
    client.freeze(wallet, FreezeScope.DEBIT, reason="fraud.check")
    figures = refused("WALLET_FROZEN", client.debit, wallet, 1)
    assert FreezeScope(figures.scope) is FreezeScope.DEBIT and figures.reason == "fraud.check"
    assert client.credit(wallet, 1, reason="test").balance == 1001
    client.unfreeze(wallet, FreezeScope.ALL, reason="fraud.cleared")
    assert client.debit(wallet, 1, reason="test").balance == 1000


def test_limits_and_closing(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet = opened(client, "user-1", 1000)
    limits = WalletLimits(overdraft_limit=50, max_balance=2000, max_amount=600, day=WindowLimit(count=3))
    assert client.set_limits(wallet, limits, reason="kyc").available == 1050
    figures = refused("LIMIT_EXCEEDED", client.debit, wallet, 601)
    assert LimitKind(figures.kind) is LimitKind.TRANSACTION_AMOUNT and figures.limit == 600
    assert refused("MAX_BALANCE_EXCEEDED", client.credit, wallet, 1001).remaining == 1000
    client.debit(wallet, 600, reason="test")
    client.debit(wallet, 450, reason="test")
    figures = refused("WALLET_NOT_EMPTY", client.close_wallet, wallet)
    assert (figures.balance, figures.open_holds) == (-50, 0)
    assert refused("INSUFFICIENT_FUNDS", client.set_limits, wallet, WalletLimits()).shortfall == 50
    client.credit(wallet, 50, reason="test")
    client.set_limits(wallet, WalletLimits(), reason="kyc")
    assert client.close_wallet(wallet, reason="gone").balance == 0
    assert client.wallet(wallet).status is walletd.WalletStatus.CLOSED
    refused("WALLET_CLOSED", client.credit, wallet, 1)


def test_a_batch_of_all_verbs(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet, other = opened(client, "user-1", 1000), opened(client, "user-2", 1)
    hold = client.hold(wallet, 100, timeout_millis=60_000, reason="test").transaction.id
    debit = client.debit(wallet, 100, reason="test").transaction.id
    items = [
        BatchItem.transfer(wallet, other, 100, reason="test"),
        BatchItem.hold(wallet, 100, timeout_millis=60_000, reason="test"),
        BatchItem.capture(hold, 50, reason="test"),
        BatchItem.release(hold, reason="test"),
        BatchItem.refund(debit, 50, reason="test"),
        BatchItem.freeze(wallet, FreezeScope.ALL, reason="test"),
        BatchItem.unfreeze(wallet, FreezeScope.ALL, reason="test"),
        BatchItem.set_limits(wallet, LIMITS, reason="test"),
        BatchItem.open_wallet("user-3", "USD", reason="test"),
        BatchItem.close_wallet(WalletRef(owner="user-3", currency="USD"), reason="test"),
    ]
    for replayed in (False, True):
        result = client.batch(items, atomic=True, key="batch-0001", full_results=True)
        assert result.replayed is replayed and all(isinstance(item, ItemDone) for item in result.items)
        assert [item.balance for item in result.items] == [800, 800, 750, 750, 800, 800, 800, 800, 0, 0]
        assert result.items[7].available == 800
    assert client.balance(other).balance == 101


def test_dry_runs(server: Server, connect: Any) -> None:
    client = connect(server.address)
    source, destination = opened(client, "user-1", 1000), opened(client, "user-2", 1)
    for verb, arguments, options in (
        ("debit", (source, 300), {}),
        ("hold", (source, 300), {"timeout_millis": 60_000}),
        ("freeze", (source, FreezeScope.ALL), {}),
        ("set_limits", (source, LIMITS), {}),
    ):
        tried = getattr(client, verb)(*arguments, reason="test", key="dry-run-1", dry_run=True, **options)
        assert tried.dry_run and not tried.replayed and tried.transaction.id == 0 and tried.transaction.digest == b""
        assert tried.version == 3 and tried.commit_seq == 4
    moved = client.transfer(source, destination, 300, reason="test", key="dry-run-1", dry_run=True)
    assert moved.dry_run and moved.source.dry_run and (moved.source.balance, moved.destination.balance) == (700, 301)
    refused("INSUFFICIENT_FUNDS", client.debit, source, 1001, key="dry-run-1", dry_run=True)
    items = [BatchItem.debit(source, 600, reason="test"), BatchItem.debit(source, 600, reason="test")]
    tried = client.batch(items, dry_run=True)
    assert tried.dry_run and tried.items[0].balance == 400 and tried.items[0].transaction_id == 0
    assert tried.rejected[0][1].reason == "INSUFFICIENT_FUNDS"
    assert client.server_info().head.seq == 4
    # The key is as new, and then it is known.
    done = client.debit(source, 300, reason="test", key="dry-run-1")
    assert not done.dry_run and not done.replayed and done.transaction.id == 5 and done.balance == 700
    again = client.debit(source, 300, reason="test", key="dry-run-1", dry_run=True)
    assert again.replayed and not again.dry_run and again.transaction == done.transaction


def test_an_explanation(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet = opened(client, "user-1", 1000)
    hold = client.hold(wallet, 300, timeout_millis=60_000, reason="reserve", reference="order-1")
    client.debit(wallet, 100, reason="purchase")
    client.set_limits(wallet, LIMITS, reason="kyc")
    client.freeze(wallet, FreezeScope.DEBIT, reason="fraud")
    explained = client.explain_balance(wallet, last_changes=2)
    assert (explained.opening_balance, explained.opening_version, explained.rows_recomputed) == (0, 0, 6)
    sums = {(one.kind, one.reason): (one.count, one.amount, one.held_change) for one in explained.sums}
    assert sums[TransactionKind.CREDIT, "test"] == (1, 1000, 0)
    assert sums[TransactionKind.DEBIT, "purchase"] == (1, -100, 0)
    assert sums[TransactionKind.HOLD, "reserve"] == (1, 0, 300)
    assert [one.amount for one in explained.sums][:2] == [1000, -100]
    (open_hold,) = explained.holds
    assert (open_hold.hold_id, open_hold.remaining, open_hold.reference) == (hold.transaction.id, 300, "order-1")
    (freeze,) = explained.freezes
    assert freeze.scope is FreezeScope.DEBIT and freeze.reason == "fraud" and freeze.until_micros == 0
    assert explained.frozen_amount == explained.wallet.available == 700
    assert explained.limits == LIMITS
    uses = {one.kind: (one.limit, one.used, one.remaining) for one in explained.limit_uses}
    assert uses == {
        LimitKind.TRANSACTION_AMOUNT: (5, 0, 5),
        LimitKind.WEEK_AMOUNT: (9, 400, 0),
        LimitKind.WEEK_COUNT: (2, 2, 0),
    }
    assert [row.kind for row in explained.last_changes] == [TransactionKind.FREEZE, TransactionKind.SET_LIMITS]
    assert explained.equal and explained.difference == "" and explained.chain_verified_to == explained.commit_seq == 6
    later = client.explain_balance(wallet, from_micros=explained.last_changes[0].created_at_micros + 1)
    assert (later.opening_balance, later.opening_version, later.rows_recomputed, later.sums) == (900, 6, 0, ())
    with pytest.raises(Rejected):
        client.explain_balance(wallet, last_changes=101)
