"""Batches: their keys, what answers mean after a lost attempt, and the real server through both clients."""

from __future__ import annotations

import copy
import os
import pathlib
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from fake import FakeServer, Peer
from server import Server, find_binary

import walletd
from walletd import BatchItem, ItemDone, OutcomeUnknown, Rejected, WalletRef, messages
from walletd._proto import wallet_pb2 as pb
from walletd.batch import ITEMS_MAX
from walletd.keys import counted_key

WALLET = WalletRef(owner="user-1", currency="USD")
FIRST = "018bcfe5-6800-7fff-bfff-fffffffffffe"


def credits(count: int, **options: Any) -> list[BatchItem]:
    return [BatchItem.credit(WALLET, n + 1, reason="test", **options) for n in range(count)]


def error(reason: str, **detail: Any) -> pb.Error:
    return pb.Error(reason=pb.ErrorReason.Value("ERROR_REASON_" + reason), message="scripted", **detail)


def test_keys_are_counted_in_the_random_bits() -> None:
    assert [counted_key(FIRST, n) for n in range(3)] == [
        FIRST,
        "018bcfe5-6800-7fff-bfff-ffffffffffff",
        "018bcfe5-6800-7fff-8000-000000000000",
    ]
    for text in (FIRST.upper(), "batch-0001", FIRST.replace("-", "")):
        with pytest.raises(ValueError):
            counted_key(text, 0)


def test_what_cannot_be_a_batch_is_a_value_error(connect: Any) -> None:
    client = connect("127.0.0.1:1")
    for items, options in (
        ([], {}),
        (credits(ITEMS_MAX + 1), {}),
        (credits(1, key="mine-0001"), {"atomic": True}),
        (credits(1), {"key": "batch-0001"}),
        (credits(8000, metadata={"k": "v" * 600}), {}),
    ):
        with pytest.raises(ValueError):
            client.batch(items, **options)
    with pytest.raises(TypeError):
        BatchItem.debit(WALLET, 1.5, reason="test")  # type: ignore[arg-type]


def test_typed_results_and_the_keys_on_the_wire(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        assert request.code == pb.METHOD_BATCH
        sent = pb.BatchRequest.FromString(request.payload)
        assert [item.credit.idempotency_key for item in sent.items] == [FIRST, "mine-0001", counted_key(FIRST, 2)]
        assert not sent.atomic and not sent.idempotency_key and sent.items[2].credit.expected_version == 7
        refused = error("INSUFFICIENT_FUNDS", insufficient_funds=pb.InsufficientFunds(shortfall=4))
        done = pb.BatchResult(transaction_id=7, wallet_id=3, wallet_version=2, balance=1230, currency="USD", exponent=2)
        results = [done, pb.BatchResult(error=refused), pb.BatchResult(error=error("VERSION_CONFLICT"))]
        peer.ok(request, pb.BatchResponse(results=results, commit_seq=8))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        items = credits(1) + credits(1, key="mine-0001") + credits(1, expected_version=7)
        result = client.batch(items, key=FIRST)
        client.close()
    assert result.key == FIRST and result.commit_seq == 8 and not result.replayed
    first, second, third = result.items
    assert isinstance(first, ItemDone) and (first.transaction_id, first.balance, first.exponent) == (7, 1230, 2)
    assert first.key == FIRST and first.transaction is None
    assert isinstance(second, Rejected) and second.detail.shortfall == 4 and second.key == "mine-0001"
    assert isinstance(third, Rejected) and third.reason == "VERSION_CONFLICT"
    assert [index for index, _ in result.rejected] == [1, 2]


def test_after_a_lost_attempt_only_what_the_journal_knows_settles_an_item(connect: Any) -> None:
    payloads: list[bytes] = []

    def lose(peer: Peer) -> None:
        peer.hello()
        payloads.append(peer.request().payload)

    def answer(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        payloads.append(request.payload)
        results = [
            pb.BatchResult(transaction_id=7, replayed=True),
            pb.BatchResult(error=error("INSUFFICIENT_FUNDS")),
            pb.BatchResult(error=error("VERSION_CONFLICT")),
            pb.BatchResult(error=error("INVALID_ARGUMENT")),
        ]
        peer.ok(request, pb.BatchResponse(results=results))
        # The third key is still open: of another call with it NOT_EXECUTED says nothing of the first attempt.
        again = peer.request()
        peer.fail(again, "DEADLINE_EXCEEDED", 4)
        settled = peer.request()
        peer.fail(settled, "DEADLINE_EXCEEDED", 4)
        peer.ends()

    with FakeServer(lose, answer) as server:
        client = connect(server.address)
        result = client.batch(credits(4), key=FIRST)
        assert [type(item) for item in result.items] == [ItemDone, Rejected, OutcomeUnknown, OutcomeUnknown]
        assert result.items[2].key == counted_key(FIRST, 2)
        assert isinstance(result.items[2].__cause__, Rejected)
        with pytest.raises(OutcomeUnknown):
            client.credit(WALLET, 3, reason="test", key=counted_key(FIRST, 2))
        with pytest.raises(walletd.NotExecuted):
            client.credit(WALLET, 2, reason="test", key=counted_key(FIRST, 1))
        client.close()
    assert payloads[0] == payloads[1]


@pytest.mark.parametrize("cause", ["INSUFFICIENT_FUNDS", "VERSION_CONFLICT"])
def test_an_aborted_batch_settles_when_its_cause_is_remembered(connect: Any, cause: str) -> None:
    def lose(peer: Peer) -> None:
        peer.hello()
        peer.request()

    def answer(peer: Peer) -> None:
        peer.hello()
        aborted = pb.BatchAborted(index=1, cause=error(cause))
        peer.fail(peer.request(), "BATCH_ABORTED", 10, batch_aborted=aborted)
        peer.ends()

    with FakeServer(lose, answer) as server:
        client = connect(server.address)
        with pytest.raises(Rejected if cause == "INSUFFICIENT_FUNDS" else OutcomeUnknown) as caught:
            client.batch(credits(2), atomic=True, key="batch-0001")
        client.close()
    refused = caught.value if isinstance(caught.value, Rejected) else caught.value.__cause__
    assert isinstance(refused, Rejected) and caught.value.key == "batch-0001"
    assert refused.index == 1 and refused.cause is not None and refused.cause.reason == cause
    for copied in (copy.copy(refused), pickle.loads(pickle.dumps(refused))):
        assert copied.index == 1 and copied.cause.reason == cause


def test_a_wrong_count_of_results_leaves_the_outcome_unknown(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.BatchResponse(results=[pb.BatchResult()]))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        with pytest.raises(OutcomeUnknown):
            client.batch(credits(2))
        client.close()


# ---------------------------------------------------------------- the real server


@pytest.fixture
def server(tmp_path: pathlib.Path) -> Iterator[Server]:
    if os.environ.get("WALLETD_WITHOUT_SERVER") == "1":
        pytest.skip("WALLETD_WITHOUT_SERVER=1: the tests of the real server are left out")
    binary = find_binary()
    assert binary is not None, "there is no walletd to test with: build it, or name it by WALLETD"
    server = Server(binary, tmp_path / "data")
    try:
        yield server
    finally:
        server.stop()


ORDER = [
    BatchItem.open_wallet("user-1", "USD", reason="signup"),
    BatchItem.credit(WALLET, 1000, reason="topup", metadata={"channel": "web"}),
    BatchItem.debit(WALLET, 450, reason="esim.purchase", reference="order-1"),
]


def test_all_or_nothing(server: Server, connect: Any) -> None:
    client = connect(server.address)
    for replayed in (False, True):
        result = client.batch(ORDER, atomic=True, key="batch-0001", full_results=True)
        assert result.replayed is replayed and result.key == "batch-0001"
        assert [item.balance for item in result.items] == [0, 1000, 550]
        assert result.items[1].transaction.metadata == {"channel": "web"}
        assert result.items[2].transaction.idempotency_key == "batch-0001\u00b72"
    too_much = [*ORDER[1:], BatchItem.debit(WALLET, 5000, reason="esim.purchase")]
    for replayed in (False, True):
        with pytest.raises(Rejected) as caught:
            client.batch(too_much, atomic=True, key="batch-0002")
        refused = caught.value
        assert (refused.reason, refused.index, refused.replayed) == ("BATCH_ABORTED", 2, replayed)
        assert refused.cause is not None and isinstance(refused.cause.detail, messages.InsufficientFunds)
        assert refused.cause.detail.available == 1100
    with pytest.raises(Rejected) as caught:
        client.batch(ORDER[:2] + too_much[:1], atomic=True, key="batch-0001")
    assert caught.value.detail == messages.IdempotencyMismatch(field="items[2].verb")
    assert client.balance(WALLET).balance == 550


def test_item_by_item(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wrong = BatchItem.credit(WALLET, 1, reason="NO")
    items = [*ORDER, wrong, BatchItem.debit(WALLET, 5000, reason="esim.purchase"), ORDER[0]]
    first = client.batch(items)
    reasons = [item.reason if isinstance(item, Rejected) else None for item in first.items]
    assert reasons == [None, None, None, "INVALID_ARGUMENT", "INSUFFICIENT_FUNDS", "WALLET_EXISTS"]
    assert first.items[3].detail.field == "items[3].credit.reason"
    again = client.batch(items, key=first.key)
    for one, other in zip(first.items, again.items):
        if isinstance(one, ItemDone):
            assert isinstance(other, ItemDone) and other.replayed and other.transaction_id == one.transaction_id
        else:
            assert isinstance(other, Rejected) and other.detail == one.detail
    assert client.balance(WALLET).balance == 550


def test_as_many_items_as_there_may_be(server: Server, connect: Any) -> None:
    client = connect(server.address)
    client.open_wallet("user-1", "USD", reason="test")
    items = [BatchItem.credit(WALLET, 1, reason="esim.purchase", reference=f"order-{n:09}") for n in range(ITEMS_MAX)]
    result = client.batch(items, timeout=60)
    assert [item.version for item in result.items] == list(range(2, ITEMS_MAX + 2))
    assert client.balance(WALLET).balance == ITEMS_MAX
    # Refusals with long names make a reply of several MiB.
    missing = WalletRef(owner="o" * 64, currency="USD", name="n" * 32)
    result = client.batch([BatchItem.credit(missing, 1, reason="test") for _ in range(ITEMS_MAX)], timeout=60)
    assert {item.reason for item in result.items} == {"WALLET_NOT_FOUND"}
