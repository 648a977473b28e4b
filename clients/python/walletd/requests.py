"""The verbs: each function makes the Request of one call. Both clients share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import types
from ._proto import wallet_pb2 as pb
from .attempts import Request
from .keys import new_key
from .money import check_amount
from .types import from_message, transaction_of, wallet_of

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    class MutationOptions(TypedDict, total=False):
        """What every mutation takes beside its own arguments."""

        key: str | None
        """Idempotency key, 8 to 64 printable ASCII characters; a UUIDv7 is made when there is none."""
        retry_of_unknown: bool
        """An attempt of `key` that this client doesn't know of, of another process perhaps, ended unknown: only OK, a
        replay or a remembered refusal will then do, everything else raises OutcomeUnknown."""
        note: str
        """At most 256 bytes."""
        reference: str
        """At most 128 bytes."""
        correlation_id: str
        """At most 64 bytes of [A-Za-z0-9._:@-]."""
        on_behalf_of: str
        """At most 64 bytes of [A-Za-z0-9._:@-]."""
        occurred_at_micros: int
        """Business time; stored, never used by a rule."""
        metadata: Mapping[str, str] | None
        """At most 16 pairs and 1 KiB."""

    class PostingOptions(MutationOptions, total=False):
        """What Debit and Credit take beside their own arguments."""

        expected_version: int
        """The wallet's version must be this one; 0: not checked."""
        counter_account: str
        """Empty: "sales" for a debit, "funding" for a credit."""


def ping() -> Request[types.Pong]:
    return Request(pb.METHOD_PING, pb.PingRequest(), pb.PingResponse, lambda m: from_message(types.Pong, m))


def schema() -> Request[types.Schema]:
    return Request(
        pb.METHOD_GET_SCHEMA, pb.GetSchemaRequest(), pb.GetSchemaResponse, lambda m: from_message(types.Schema, m)
    )


def server_info() -> Request[types.ServerInfo]:
    def result(message: pb.GetServerInfoResponse) -> types.ServerInfo:
        head = from_message(types.JournalHead, message.head)
        limits = from_message(types.Limits, message.limits)
        return from_message(types.ServerInfo, message, head=head, limits=limits)

    return Request(pb.METHOD_GET_SERVER_INFO, pb.GetServerInfoRequest(), pb.GetServerInfoResponse, result)


def wallet(wallet: types.AnyWallet) -> Request[types.Wallet]:
    message = pb.GetWalletRequest(wallet=_ref(wallet))
    return Request(pb.METHOD_GET_WALLET, message, pb.GetWalletResponse, lambda m: wallet_of(m.wallet, m.commit_seq))


def wallets_page(owner: str, page_size: int, cursor: str) -> Request[types.WalletPage]:
    def result(message: pb.ListWalletsResponse) -> types.WalletPage:
        wallets = tuple(wallet_of(wallet, message.commit_seq) for wallet in message.wallets)
        return from_message(types.WalletPage, message, wallets=wallets)

    message = pb.ListWalletsRequest(owner_id=owner, page_size=page_size, cursor=cursor)
    return Request(pb.METHOD_LIST_WALLETS, message, pb.ListWalletsResponse, result)


def balance(wallet: types.AnyWallet) -> Request[types.Balance]:
    message = pb.GetBalanceRequest(wallet=_ref(wallet))
    return Request(pb.METHOD_GET_BALANCE, message, pb.GetBalanceResponse, lambda m: from_message(types.Balance, m))


def transactions_page(
    wallet: types.AnyWallet, page_size: int, cursor: str, oldest_first: bool
) -> Request[types.TransactionPage]:
    def result(message: pb.ListTransactionsResponse) -> types.TransactionPage:
        rows = tuple(transaction_of(row) for row in message.transactions)
        return from_message(types.TransactionPage, message, transactions=rows)

    message = pb.ListTransactionsRequest(
        wallet=_ref(wallet), page_size=page_size, cursor=cursor, oldest_first=oldest_first
    )
    return Request(pb.METHOD_LIST_TRANSACTIONS, message, pb.ListTransactionsResponse, result)


def open_wallet(owner: str, currency: str, name: str, reason: str, **options: Any) -> Request[types.MutationResult]:
    wallet = types.WalletRef(owner=owner, currency=currency, name=name)
    return _mutation(pb.METHOD_OPEN_WALLET, pb.OpenWalletRequest, wallet, reason, **options)


def debit(wallet: types.AnyWallet, amount: int, reason: str, **options: Any) -> Request[types.MutationResult]:
    return _posting(pb.METHOD_DEBIT, pb.DebitRequest, wallet, amount, reason, **options)


def credit(wallet: types.AnyWallet, amount: int, reason: str, **options: Any) -> Request[types.MutationResult]:
    return _posting(pb.METHOD_CREDIT, pb.CreditRequest, wallet, amount, reason, **options)


def _posting(
    method: int,
    message: Any,
    wallet: types.AnyWallet,
    amount: int,
    reason: str,
    *,
    expected_version: int = 0,
    counter_account: str = "",
    **options: Any,
) -> Request[types.MutationResult]:
    return _mutation(method, message, wallet, reason, posting(amount, expected_version, counter_account), **options)


def posting(amount: int, expected_version: int = 0, counter_account: str = "") -> dict[str, Any]:
    """The fields that Debit and Credit have beside those of every mutation."""
    return {"amount": check_amount(amount), "expected_version": expected_version, "counter_account": counter_account}


def _mutation(
    method: int,
    message: Any,
    wallet: types.AnyWallet,
    reason: str,
    own: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    retry_of_unknown: bool = False,
    note: str = "",
    reference: str = "",
    correlation_id: str = "",
    on_behalf_of: str = "",
    occurred_at_micros: int = 0,
    metadata: Mapping[str, str] | None = None,
) -> Request[types.MutationResult]:
    key = new_key() if key is None else key

    def result(response: pb.MutationResponse) -> types.MutationResult:
        row = transaction_of(response.transaction)
        return from_message(types.MutationResult, response, key=key, transaction=row)

    body = mutation_body(
        message,
        wallet,
        reason,
        own,
        key=key,
        note=note,
        reference=reference,
        correlation_id=correlation_id,
        on_behalf_of=on_behalf_of,
        occurred_at_micros=occurred_at_micros,
        metadata=metadata,
    )
    return Request(method, body, pb.MutationResponse, result, key, retry_of_unknown)


def mutation_body(
    message: Any,
    wallet: types.AnyWallet,
    reason: str,
    own: dict[str, Any] | None = None,
    *,
    key: str,
    note: str = "",
    reference: str = "",
    correlation_id: str = "",
    on_behalf_of: str = "",
    occurred_at_micros: int = 0,
    metadata: Mapping[str, str] | None = None,
) -> Any:
    return message(
        wallet=_ref(wallet),
        idempotency_key=key,
        reason=reason,
        note=note,
        reference=reference,
        correlation_id=correlation_id,
        on_behalf_of=on_behalf_of,
        occurred_at_micros=occurred_at_micros,
        metadata=_metadata(metadata),
        **(own or {}),
    )


def _ref(wallet: types.AnyWallet) -> pb.WalletRef:
    if isinstance(wallet, types.Wallet):
        wallet = wallet.ref
    if not isinstance(wallet, types.WalletRef):
        raise TypeError(f"a wallet is a WalletRef or a Wallet, not {type(wallet).__name__}")
    return wallet.to_message()


def _metadata(metadata: Mapping[str, str] | None) -> list[pb.MetadataEntry]:
    return [pb.MetadataEntry(key=key, value=value) for key, value in (metadata or {}).items()]
