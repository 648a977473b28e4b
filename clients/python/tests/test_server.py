"""Against the real server: every verb by both clients, the golden sessions, and what the ledger promises."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import threading
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from server import ROOT, Server

import walletd
from walletd import RefusalFilter, TransactionFilter, TransactionKind, WalletRef, WalletStatus, messages
from walletd._proto import wallet_pb2 as pb
from walletd.frames import Deframer, Frame, FrameType, encode

if os.environ.get("WALLETD_WITHOUT_SERVER") == "1":
    pytest.skip("WALLETD_WITHOUT_SERVER=1: the tests of the real server are left out", allow_module_level=True)

SESSIONS = json.loads((ROOT / "proto/vectors/sessions.json").read_text())["vectors"]
WALLET = WalletRef(owner="user-1", currency="USD")


def funded(client: Any, amount: int, wallet: WalletRef = WALLET) -> None:
    client.open_wallet(wallet.owner, wallet.currency, wallet.name, reason="test")
    client.credit(wallet, amount, reason="test")


# ---------------------------------------------------------------- verbs


def test_server_verbs(server: Server, connect: Any) -> None:
    client = connect(server.address)
    pong = client.ping()
    assert pong.server_time_micros > 0
    info = client.server_info()
    assert info.ledger_id and info.server_name and info.storage and info.mutations_available
    assert info.build in ("release", "debug")
    assert info.limits.request_bytes_max > 0 and info.started_at_micros > 0
    assert client.ping().commit_seq >= pong.commit_seq
    schema = client.schema()
    assert hashlib.sha256(schema.file_descriptor_set).digest() == schema.digest == info.schema_digest
    names = [file.package for file in FileDescriptorSet.FromString(schema.file_descriptor_set).file]
    assert "wallet.v1" in names


def test_wallet_verbs(server: Server, connect: Any) -> None:
    client = connect(server.address, client_name="till-7")
    opened = client.open_wallet("user-1", "USD", reason="signup", note="first", metadata={"plan": "gold"})
    assert (opened.balance, opened.version, opened.currency, opened.exponent) == (0, 1, "USD", 2)
    assert opened.transaction.kind is TransactionKind.OPEN and not opened.replayed
    assert opened.transaction.metadata == {"plan": "gold"}

    credited = client.credit(WALLET, 2000, reason="topup", reference="ref-1", occurred_at_micros=5)
    assert (credited.balance, credited.available, credited.held, credited.version) == (2000, 2000, 0, 2)
    debited = client.debit(WalletRef(id=opened.transaction.wallet_id), 1230, reason="esim.purchase")
    row = debited.transaction
    assert (row.kind, row.amount, row.balance, row.wallet_version) == (TransactionKind.DEBIT, -1230, 770, 3)
    assert (row.reason, row.counter_account, row.client_name) == ("esim.purchase", "sales", "till-7")
    assert row.idempotency_key == debited.key and row.actor and row.digest and row.created_at_micros > 0
    assert debited.commit_seq == row.id

    balance = client.balance(WALLET)
    assert (balance.balance, balance.available, balance.version, balance.exponent) == (770, 770, 3, 2)
    assert balance.commit_seq >= row.id
    wallet = client.wallet(WALLET)
    assert (wallet.id, wallet.owner_id, wallet.name) == (balance.wallet_id, "user-1", "main")
    assert (wallet.status, wallet.balance, wallet.version) == (WalletStatus.OPEN, 770, 3)
    assert client.balance(wallet).balance == 770
    assert [one.id for one in client.wallets("user-1")] == [wallet.id]
    rows = list(client.transactions(WALLET))
    assert [one.wallet_version for one in rows] == [3, 2, 1]
    assert (rows[1].reference, rows[1].occurred_at_micros, rows[1].counter_account) == ("ref-1", 5, "funding")


# ---------------------------------------------------------------- promises


def test_a_key_is_executed_once(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 1000)
    first = client.debit(WALLET, 100, reason="test", key="order-4711")
    again = client.debit(WALLET, 100, reason="test", key="order-4711")
    assert not first.replayed and again.replayed
    assert again.transaction == first.transaction
    assert (again.balance, client.balance(WALLET).balance) == (900, 900)

    with pytest.raises(walletd.Rejected) as caught:
        client.debit(WALLET, 101, reason="test", key="order-4711")
    assert caught.value.reason == "IDEMPOTENCY_MISMATCH"
    assert isinstance(caught.value.detail, messages.IdempotencyMismatch)
    assert (caught.value.detail.field, client.balance(WALLET).balance) == ("amount", 900)


def test_a_key_is_known_after_a_restart(server: Server, connect: Any) -> None:
    """The same client goes on: the server left, and came back on its port."""
    client = connect(server.address, timeout=30)
    funded(client, 1000)
    first = client.debit(WALLET, 100, reason="test", key="order-4711")
    server.stop()
    server.start()
    again = client.debit(WALLET, 100, reason="test", key="order-4711")
    assert again.replayed and again.transaction == first.transaction
    assert client.balance(WALLET).balance == 900


def test_insufficient_funds(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 100)
    with pytest.raises(walletd.Rejected) as caught:
        client.debit(WALLET, 150, reason="test", key="too-much-1")
    first = caught.value
    assert (first.reason, first.status, first.replayed, first.key) == ("INSUFFICIENT_FUNDS", 9, False, "too-much-1")
    assert first.detail == messages.InsufficientFunds(
        requested=150, available=100, balance=100, held=0, overdraft_limit=0, shortfall=50, version=2
    )
    client.credit(WALLET, 100, reason="test")
    with pytest.raises(walletd.Rejected) as caught:
        client.debit(WALLET, 150, reason="test", key="too-much-1")
    again = caught.value
    assert again.replayed and (again.detail, again.commit_seq) == (first.detail, first.commit_seq)
    assert client.debit(WALLET, 150, reason="test").balance == 50


def test_version_conflict(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 100)
    with pytest.raises(walletd.Rejected) as caught:
        client.debit(WALLET, 10, reason="test", key="versioned-1", expected_version=1)
    assert (caught.value.reason, caught.value.status) == ("VERSION_CONFLICT", 10)
    assert caught.value.detail == messages.VersionConflict(expected=1, actual=2, balance=100)
    # It isn't remembered: after reading, the same key succeeds.
    assert client.debit(WALLET, 10, reason="test", key="versioned-1", expected_version=2).version == 3


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        ("WALLET_EXISTS", lambda client: client.open_wallet("user-1", "USD", reason="test")),
        ("WALLET_NOT_FOUND", lambda client: client.balance(WalletRef(owner="nobody", currency="USD"))),
        ("WALLET_NOT_FOUND", lambda client: client.credit(WalletRef(id=2**62), 1, reason="test")),
        ("CURRENCY_UNKNOWN", lambda client: client.open_wallet("user-1", "QQQ", reason="test")),
        ("COUNTER_ACCOUNT_UNKNOWN", lambda client: client.debit(WALLET, 1, reason="test", counter_account="none")),
        ("INVALID_ARGUMENT", lambda client: client.debit(WALLET, 0, reason="test")),
        ("INVALID_ARGUMENT", lambda client: client.debit(WALLET, 1, reason="NOT LIKE THIS")),
        ("INVALID_ARGUMENT", lambda client: client.debit(WALLET, 1, reason="test", key="short")),
        ("AMOUNT_OVERFLOW", lambda client: client.credit(WALLET, 2**63 - 1, reason="test")),
    ],
)
def test_rejections(server: Server, connect: Any, reason: str, act: Any) -> None:
    client = connect(server.address)
    funded(client, 100)
    with pytest.raises(walletd.Rejected) as caught:
        act(client)
    assert caught.value.reason == reason
    assert client.balance(WALLET).balance == 100


def test_another_ledger(server: Server, connect: Any) -> None:
    ledger_id = connect(server.address).server_info().ledger_id
    assert connect(server.address, ledger_id=ledger_id).ping()
    with pytest.raises(walletd.Rejected) as caught:
        connect(server.address, ledger_id="another").ping()
    assert caught.value.reason == "INVALID_ARGUMENT"


# ---------------------------------------------------------------- pages


def test_pages_of_transactions_in_both_orders(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 1)
    for amount in range(2, 25):
        client.credit(WALLET, amount, reason="test")
    versions = list(range(1, 26))
    for page_size in (1, 7, 25, 1000, 0):
        rising = list(client.transactions(WALLET, page_size=page_size, oldest_first=True))
        assert [row.wallet_version for row in rising] == versions
        assert [row.id for row in rising] == sorted({row.id for row in rising})
        falling = list(client.transactions(WALLET, page_size=page_size))
        assert falling == rising[::-1]
    page = client.transactions_page(WALLET, page_size=10)
    assert (len(page.transactions), page.currency, page.exponent) == (10, "USD", 2)
    client.credit(WALLET, 1, reason="test")  # newest-first pages are bound to the place of their first page
    rest = client.transactions_page(WALLET, page_size=1000, cursor=page.next_cursor)
    assert [row.wallet_version for row in rest.transactions] == versions[14::-1] and rest.next_cursor == ""


def test_pages_of_wallets(server: Server, connect: Any) -> None:
    client = connect(server.address)
    names = [f"pocket-{number}" for number in range(11)]
    ids = [client.open_wallet("user-1", "EUR", name, reason="test").transaction.wallet_id for name in names]
    client.open_wallet("user-2", "EUR", reason="test")
    for page_size in (1, 4, 11, 0):
        assert [wallet.id for wallet in client.wallets("user-1", page_size=page_size)] == ids
    page = client.wallets_page("user-1", page_size=4)
    assert [wallet.name for wallet in page.wallets] == names[:4] and page.next_cursor
    assert list(client.wallets("nobody")) == []


# ---------------------------------------------------------------- what was


def test_transactions_that_pass_a_filter(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 1000)
    for amount in range(1, 21):
        reference = f"order-{amount % 3}"
        client.debit(WALLET, amount, reason="fee" if amount % 2 else "esim.purchase", reference=reference)
    debits = client.transactions(WALLET, oldest_first=True, filter=TransactionFilter(kinds=[TransactionKind.DEBIT]))
    rows = list(debits)
    assert [row.amount for row in rows] == [-amount for amount in range(1, 21)]

    def listed(**fields: Any) -> list[int]:
        asked = TransactionFilter(**fields)
        falling = list(client.transactions(WALLET, page_size=3, filter=asked))
        assert falling == list(client.transactions(WALLET, page_size=3, filter=asked, oldest_first=True))[::-1]
        return [row.id for row in falling]

    def ids(passes: Any) -> list[int]:
        return [row.id for row in rows[::-1] if passes(row)]

    middle = rows[10].created_at_micros
    kinds = {TransactionKind.DEBIT}
    assert listed(reason="fee") == ids(lambda row: row.reason == "fee")
    assert listed(reference="order-1") == ids(lambda row: row.reference == "order-1")
    assert listed(min_amount=5, max_amount=9) == ids(lambda row: 5 <= -row.amount <= 9)
    assert listed(kinds=kinds, from_micros=middle) == ids(lambda row: row.created_at_micros >= middle)
    assert listed(kinds=kinds, before_micros=middle) == ids(lambda row: row.created_at_micros < middle)
    assert listed(actor="nobody") == []

    page = client.transactions_page(WALLET, page_size=2, filter=TransactionFilter(reason="fee"))
    with pytest.raises(walletd.Rejected, match="belongs to another list"):
        client.transactions_page(WALLET, filter=TransactionFilter(reason="other"), cursor=page.next_cursor)
    for fields, field in (
        ({"from_micros": 5, "before_micros": 5}, "filter.before_micros"),
        ({"min_amount": 5, "max_amount": 4}, "filter.max_amount"),
        ({"kinds": [TransactionKind.UNSPECIFIED]}, "filter.kinds[0]"),
        ({"reason": "A"}, "filter.reason"),
    ):
        with pytest.raises(walletd.Rejected) as caught:
            list(client.transactions(WALLET, filter=TransactionFilter(**fields)))
        assert caught.value.detail.field == field
    with pytest.raises(TypeError):
        list(client.transactions(WALLET, filter=TransactionFilter(min_amount=1.5)))


def test_a_balance_as_it_was(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 1000)
    hold = client.hold(WALLET, 300, timeout_millis=60_000, reason="test").transaction
    debit = client.debit(WALLET, 100, reason="test").transaction
    at = client.balance_at(WALLET, time_micros=hold.created_at_micros)
    assert (at.balance, at.held, at.available, at.version, at.transaction_id) == (1000, 300, 700, 3, hold.id)
    assert (at.currency, at.exponent, at.overdraft_limit, at.commit_seq) == ("USD", 2, 0, debit.id)
    assert client.balance_at(WALLET, version=4).balance == 900
    assert client.balance_at(WALLET, version=2).created_at_micros <= hold.created_at_micros
    opened = client.wallet(WALLET).created_at_micros
    for wrong, reason in (
        ({"version": 5}, "INVALID_ARGUMENT"),
        ({"version": 0}, "INVALID_ARGUMENT"),
        ({"time_micros": 0}, "INVALID_ARGUMENT"),
        ({"time_micros": debit.created_at_micros + 3_600_000_000}, "INVALID_ARGUMENT"),
        ({"time_micros": opened - 1}, "WALLET_NOT_FOUND"),
    ):
        with pytest.raises(walletd.Rejected) as caught:
            client.balance_at(WALLET, **wrong)
        assert caught.value.reason == reason, wrong
    for none in ({}, {"version": 1, "time_micros": opened}):
        with pytest.raises(ValueError):
            client.balance_at(WALLET, **none)


def test_refusals(server: Server, connect: Any) -> None:
    client = connect(server.address)
    funded(client, 100)
    told = []
    for number in range(5):
        with pytest.raises(walletd.Rejected) as caught:
            client.debit(WALLET, 500 + number, reason="test", note=f"number {number}", metadata={"a": "b"})
        told.append(caught.value)
    with pytest.raises(walletd.Rejected):
        client.capture(4711, reason="test")
    with pytest.raises(walletd.Rejected):
        client.debit(WalletRef(id=99), 1, reason="test")

    assert [row.verb for row in client.refusals(page_size=2)] == ["DEBIT", "CAPTURE"] + ["DEBIT"] * 5
    rows = list(client.refusals(RefusalFilter(wallet=WALLET), page_size=2, oldest_first=True))
    assert [row.error.detail for row in rows] == [error.detail for error in told]
    assert [row.id for row in rows] == [error.commit_seq for error in told]
    first = rows[0]
    assert (first.error.reason, first.wallet, first.amount) == ("INSUFFICIENT_FUNDS", WALLET, 500)
    assert (first.note, first.metadata, first.idempotency_key) == ("number 0", {"a": "b"}, told[0].key)
    assert (first.currency, first.exponent, first.actor, first.counter_account) == ("USD", 2, "local", "sales")
    assert [row.wallet for row in client.refusals(RefusalFilter(reasons=["HOLD_NOT_FOUND"]))] == [None]
    lost = list(client.refusals(RefusalFilter(reasons=["WALLET_NOT_FOUND", "WALLET_CLOSED"])))
    assert [(row.wallet, row.wallet_id) for row in lost] == [(WalletRef(id=99), 0)]
    assert len(list(client.refusals(RefusalFilter(owner="user-1", from_micros=rows[2].created_at_micros)))) == 3
    assert list(client.refusals(RefusalFilter(actor="nobody"))) == []
    with pytest.raises(ValueError):
        client.refusals_page(RefusalFilter(reasons=["NO_SUCH"]))


# ---------------------------------------------------------------- many at once


def test_fifty_threads_on_one_wallet(server: Server, connect: Any) -> None:
    """No update is lost: each call has a version of its own, and the sums agree."""
    client = connect(server.address, timeout=60)
    funded(client, 1_000_000)
    threads_count, rounds = 50, 8
    results: list[Any] = []
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(rounds):
                results.append(client.debit(WALLET, number, reason="test"))
                results.append(client.credit(WALLET, 1, reason="test"))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, threads_count + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    count = threads_count * rounds * 2
    assert sorted(result.version for result in results) == list(range(3, count + 3))
    expected = 1_000_000 - rounds * sum(range(1, threads_count + 1)) + rounds * threads_count
    balance = client.balance(WALLET)
    assert (balance.balance, balance.version) == (expected, count + 2)
    running = 0
    for row in client.transactions(WALLET, page_size=1000, oldest_first=True):
        running += row.amount
        assert row.balance == running
    assert running == expected


def test_fifty_threads_with_one_key(server: Server, connect: Any) -> None:
    client = connect(server.address, timeout=60)
    funded(client, 1000)
    results: list[Any] = []

    def work() -> None:
        results.append(client.debit(WALLET, 10, reason="test", key="one-and-only"))

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 50 and sum(not result.replayed for result in results) == 1
    assert len({result.transaction.id for result in results}) == 1
    assert client.balance(WALLET).balance == 990


# ---------------------------------------------------------------- golden sessions


def test_golden_sessions(server: Server) -> None:
    """All of them against one server, each on a connection of its own; every difference is told."""
    differences = []
    for vector in SESSIONS:
        try:
            difference = replay(server.address, vector)
        except OSError as error:
            difference = repr(error)
        if difference:
            differences.append(f"{vector['name']}: {difference}")
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)


def replay(address: str, vector: dict[str, Any]) -> str | None:
    """What differs from the vector, None when nothing does."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(bytes.fromhex(vector["hex"]))
        deframer = Deframer(1 << 20)
        for number, expected in enumerate(vector["answers"]):
            frame = read(sock, deframer)
            if frame is None:
                return f"closed before answer {number}"
            answer = told(frame)
            differing = {key: answer.get(key) for key in expected if answer.get(key) != expected[key]}
            if differing:
                return f"answer {number} has {differing}, not {expected}"
        if vector["closes"]:
            extra = read(sock, deframer)
            return f"then {extra} instead of the end" if extra else None
        # A PONG as the next frame shows that the connection lives and that no answer was too many.
        sock.sendall(encode(Frame(FrameType.PING, b"is alive", request_id=0xFFFF)))
        frame = read(sock, deframer)
        alive = frame is not None and (frame.type, frame.payload) == (FrameType.PONG, b"is alive")
        return None if alive else f"then {frame} instead of a PONG"


def read(sock: socket.socket, deframer: Deframer) -> Frame | None:
    """The next frame, None at the end."""
    while (frame := deframer.next()) is None:
        try:
            data = sock.recv(65536)
        except ConnectionResetError:
            return None
        if not data:
            return None
        deframer.feed(data)
    return frame


def told(frame: Frame) -> dict[str, Any]:
    """What the vectors say of an answer."""
    answer: dict[str, Any] = {
        "type": frame.type,
        "code": frame.code,
        "request_id": frame.request_id,
        "flags": frame.flags,
        "payload": frame.payload.hex(),
    }
    if frame.type is FrameType.CONNECTION_ERROR or (frame.type is FrameType.RESPONSE and frame.code):
        error = pb.Error.FromString(frame.payload)
        answer["reason"] = pb.ErrorReason.Name(error.reason).replace("ERROR_REASON_", "")
        answer["field"] = error.invalid_argument.field or error.idempotency_mismatch.field
    return answer
