"""Currencies, counter-accounts and the trial balance: what is sent, what comes back, and the real server."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from fake import FakeServer, Peer
from server import Server

import walletd
from walletd import Rejected, WalletRef, messages
from walletd._proto import wallet_pb2 as pb

OPTIONS: dict[str, Any] = {
    "note": "n",
    "reference": "r",
    "correlation_id": "c",
    "on_behalf_of": "o",
    "occurred_at_micros": 12,
}
PAIR = [pb.MetadataEntry(key="a", value="b")]


def test_what_is_sent_and_what_comes_back(connect: Any) -> None:
    row = pb.AdministrationRow(
        id=9,
        verb=pb.METHOD_REGISTER_CURRENCY,
        subject="ESIM-MB",
        exponent=3,
        actor="local",
        reason="new",
        metadata=PAIR,
        digest=b"d",
    )

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        assert request.code == 512
        assert pb.RegisterCurrencyRequest.FromString(request.payload) == pb.RegisterCurrencyRequest(
            code="ESIM-MB", exponent=3, idempotency_key="key-0001", reason="new", metadata=PAIR, **OPTIONS
        )
        peer.ok(request, pb.AdministrationResponse(row=row, commit_seq=9, replayed=True), flags=0x04)
        request = peer.request()
        assert request.code == 513
        sent = pb.AddCounterAccountRequest.FromString(request.payload)
        assert (sent.name, sent.reason, len(sent.idempotency_key)) == ("vouchers", "new", 36)
        peer.ok(request, pb.AdministrationResponse(row=pb.AdministrationRow(id=10, subject="vouchers"), commit_seq=10))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        result = client.register_currency("ESIM-MB", 3, reason="new", key="key-0001", metadata={"a": "b"}, **OPTIONS)
        assert (result.key, result.replayed, result.commit_seq) == ("key-0001", True, 9)
        assert (result.row.id, result.row.verb, result.row.subject, result.row.exponent) == (9, 512, "ESIM-MB", 3)
        assert (result.row.actor, result.row.metadata, result.row.digest) == ("local", {"a": "b"}, b"d")
        added = client.add_counter_account("vouchers", reason="new")
        assert (added.row.subject, added.replayed, len(added.key)) == ("vouchers", False, 36)
        client.close()


def test_a_lost_registration_goes_out_again_with_the_same_bytes(connect: Any) -> None:
    payloads: list[bytes] = []

    def lose(peer: Peer) -> None:
        peer.hello()
        payloads.append(peer.request().payload)

    def refuse(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        payloads.append(request.payload)
        peer.fail(request, "COUNTER_ACCOUNT_EXISTS", 6)
        peer.ends()

    with FakeServer(lose, refuse) as server:
        client = connect(server.address)
        # A refusal that is remembered settles the matter.
        with pytest.raises(Rejected) as caught:
            client.add_counter_account("vouchers", reason="new")
        client.close()
    assert caught.value.reason == "COUNTER_ACCOUNT_EXISTS" and payloads[0] == payloads[1]


def test_what_cannot_be_asked(connect: Any) -> None:
    client = connect("127.0.0.1:1")
    for exponent in (1.0, True, "1"):
        with pytest.raises(TypeError):
            client.register_currency("ESIM-MB", exponent, reason="new")
    for exponent in (-1, 19):
        with pytest.raises(ValueError, match="from 0 to 18"):
            client.register_currency("ESIM-MB", exponent, reason="new")
    with pytest.raises(TypeError):
        client.add_counter_account("vouchers", reason="new", counter_account="sales")


# ---------------------------------------------------------------- the real server


def refused(code: str, call: Any, /, *arguments: Any, **options: Any) -> Any:
    """The figures of a refusal."""
    with pytest.raises(Rejected) as caught:
        call(*arguments, **options)
    assert caught.value.reason == code, caught.value
    return caught.value.detail


def test_currencies_and_counter_accounts_of_ones_own(server: Server, connect: Any) -> None:
    client = connect(server.address)
    first = client.register_currency("ESIM-MB", 0, reason="new.product", key="currency-0001")
    again = client.register_currency("ESIM-MB", 0, reason="new.product", key="currency-0001")
    assert again.replayed and not first.replayed and again.row == first.row and len(first.row.digest) == 32
    detail = refused(
        "IDEMPOTENCY_MISMATCH", client.register_currency, "ESIM-MB", 2, reason="new.product", key="currency-0001"
    )
    assert detail == messages.IdempotencyMismatch(field="exponent")
    detail = refused("CURRENCY_EXISTS", client.register_currency, "ESIM-MB", 2, reason="new.product")
    assert detail == messages.CurrencyDetail(request_currency="ESIM-MB")
    refused("CURRENCY_EXISTS", client.register_currency, "USD", 2, reason="new.product")
    assert refused("INVALID_ARGUMENT", client.register_currency, "esim", 0, reason="new").field == "code"

    client.add_counter_account("vouchers", reason="new.channel")
    detail = refused("COUNTER_ACCOUNT_EXISTS", client.add_counter_account, "vouchers", reason="new.channel")
    assert detail == messages.CounterAccountDetail(counter_account="vouchers")
    refused("COUNTER_ACCOUNT_EXISTS", client.add_counter_account, "sales", reason="new.channel")

    client.open_wallet("user-1", "ESIM-MB", reason="signup")
    client.open_wallet("user-1", "USD", reason="signup")
    megabytes, dollars = (WalletRef(owner="user-1", currency=currency) for currency in ("ESIM-MB", "USD"))
    assert client.credit(megabytes, 1024, reason="bundle", counter_account="vouchers").exponent == 0
    client.debit(megabytes, 24, reason="used")
    client.credit(dollars, 500, reason="topup")
    refused("CURRENCY_MISMATCH", client.transfer, megabytes, dollars, 1, reason="swap")

    balance = client.trial_balance()
    assert [one.currency for one in balance.currencies] == ["ESIM-MB", "USD"]
    own, iso = balance.currencies
    assert (own.wallets_total, own.counter_accounts) == (1000, {"sales": 24, "vouchers": -1024})
    assert (own.exponent, own.registered, own.difference) == (0, True, 0)
    assert (iso.wallets_total, iso.counter_accounts, iso.registered) == (500, {"funding": -500}, False)
    assert balance.counter_accounts == ("adjustments", "funding", "opening", "refunds", "sales", "vouchers")
    assert client.trial_balance("ESIM-MB").currencies == (own,)
    assert refused("CURRENCY_UNKNOWN", client.trial_balance, "QQQ").request_currency == "QQQ"


def test_they_are_there_after_a_restart(server: Server, connect: Any) -> None:
    client = connect(server.address, timeout=30)
    row = client.register_currency("ESIM-MB", 3, reason="new.product", key="currency-0001").row
    client.add_counter_account("vouchers", reason="new.channel")
    server.stop()
    server.start()
    assert client.register_currency("ESIM-MB", 3, reason="new.product", key="currency-0001").row == row
    assert client.open_wallet("user-1", "ESIM-MB", reason="signup").exponent == 3
    wallet = WalletRef(owner="user-1", currency="ESIM-MB")
    assert client.credit(wallet, 5, reason="bundle", counter_account="vouchers").balance == 5
    assert client.trial_balance().currencies[0].counter_accounts == {"vouchers": -5}
    with pytest.raises(walletd.Rejected):
        client.register_currency("ESIM-MB", 0, reason="new.product")


def test_tokens_are_made_here_and_only_their_digest_is_sent(connect: Any) -> None:
    secret = bytes(range(32))

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        assert request.code == 514
        assert pb.CreateTokenRequest.FromString(request.payload) == pb.CreateTokenRequest(
            principal="shop",
            scopes=["read", "debit"],
            secret_digest=hashlib.sha256(secret).digest(),
            currencies=["USD"],
            owner_prefix="app1:",
            max_amount=500,
            expires_at_micros=99,
            idempotency_key="key-0001",
            reason="new",
        )
        peer.ok(request, pb.AdministrationResponse(row=pb.AdministrationRow(id=9, token_id=9), commit_seq=9))
        request = peer.request()
        sent = pb.CreateTokenRequest.FromString(request.payload)
        assert sent.WhichOneof("credential") == "unix_user" and sent.unix_user == 0
        peer.ok(request, pb.AdministrationResponse(row=pb.AdministrationRow(id=10), commit_seq=10))
        request = peer.request()
        assert request.code == 515 and pb.RevokeTokenRequest.FromString(request.payload).token_id == 9
        peer.ok(request, pb.AdministrationResponse(row=pb.AdministrationRow(id=11, token_id=9), commit_seq=11))
        request = peer.request()
        assert request.code == 516
        token = pb.Token(token_id=9, principal="shop", kind=pb.TOKEN_KIND_SECRET, scopes=["read"], revoked_at_micros=5)
        peer.ok(request, pb.ListTokensResponse(tokens=[token], next_cursor="c", commit_seq=11))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        made = client.create_token(
            "shop",
            ["read", "debit"],
            reason="new",
            secret=secret,
            currencies=["USD"],
            owner_prefix="app1:",
            max_amount=500,
            expires_at_micros=99,
            key="key-0001",
        )
        assert made.token == "wlt_9_" + secret.hex() and made.result.row.token_id == 9
        assert made.token not in repr(made)
        assert client.create_token("web", ["read"], reason="new", unix_user=0).token is None
        assert client.revoke_token(9, reason="left").row.token_id == 9
        page = client.tokens_page(with_revoked=True)
        assert (page.tokens[0].principal, page.tokens[0].scopes, page.next_cursor) == ("shop", ("read",), "c")
        with pytest.raises(ValueError, match="one of"):
            client.create_token("x", ["read"], reason="new", unix_user=1, certificate_name="x")
        client.close()
