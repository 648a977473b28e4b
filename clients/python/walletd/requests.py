"""The verbs: each function makes the Request of one call. Both clients share them."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

from . import types
from ._proto import wallet_pb2 as pb
from .attempts import Request
from .keys import new_key
from .money import check_amount
from .mutations import METHODS, BatchItem, wallet_ref
from .reasons import reason_number, rejected
from .types import from_message, transaction_of, wallet_of

T = TypeVar("T")


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
    message = pb.GetWalletRequest(wallet=wallet_ref(wallet))
    return Request(pb.METHOD_GET_WALLET, message, pb.GetWalletResponse, lambda m: wallet_of(m.wallet, m.commit_seq))


def wallets_page(owner: str, page_size: int, cursor: str) -> Request[types.WalletPage]:
    def result(message: pb.ListWalletsResponse) -> types.WalletPage:
        wallets = tuple(wallet_of(wallet, message.commit_seq) for wallet in message.wallets)
        return from_message(types.WalletPage, message, wallets=wallets)

    message = pb.ListWalletsRequest(owner_id=owner, page_size=page_size, cursor=cursor)
    return Request(pb.METHOD_LIST_WALLETS, message, pb.ListWalletsResponse, result)


def balance(wallet: types.AnyWallet) -> Request[types.Balance]:
    message = pb.GetBalanceRequest(wallet=wallet_ref(wallet))
    return Request(pb.METHOD_GET_BALANCE, message, pb.GetBalanceResponse, lambda m: from_message(types.Balance, m))


def balance_at(wallet: types.AnyWallet, time_micros: int | None, version: int | None) -> Request[types.BalanceAt]:
    message = pb.GetBalanceAtRequest(wallet=wallet_ref(wallet))
    if time_micros is not None and version is None:
        message.time_micros = check_amount(time_micros)
    elif version is not None and time_micros is None:
        message.version = check_amount(version)
    else:
        raise ValueError("a balance is asked for either at a time or of a version")
    return Request(pb.METHOD_GET_BALANCE_AT, message, pb.GetBalanceAtResponse, lambda m: from_message(types.BalanceAt, m))


def explain_balance(wallet: types.AnyWallet, from_micros: int, last_changes: int) -> Request[types.BalanceExplanation]:
    def result(message: pb.ExplainBalanceResponse) -> types.BalanceExplanation:
        kind, scope, limit = types.TransactionKind, types.FreezeScope, types.LimitKind
        return from_message(
            types.BalanceExplanation,
            message,
            wallet=wallet_of(message.wallet, message.commit_seq),
            sums=tuple(from_message(types.BalanceSum, one, kind=kind(one.kind)) for one in message.sums),
            holds=tuple(from_message(types.HoldInfo, one) for one in message.holds),
            freezes=tuple(from_message(types.FreezeInfo, one, scope=scope(one.scope)) for one in message.freezes),
            limits=types.WalletLimits.from_message(message.limits),
            limit_uses=tuple(from_message(types.LimitUse, one, kind=limit(one.kind)) for one in message.limit_uses),
            last_changes=tuple(transaction_of(row) for row in message.last_changes),
        )

    message = pb.ExplainBalanceRequest(wallet=wallet_ref(wallet), from_micros=from_micros, last_changes=last_changes)
    return Request(pb.METHOD_EXPLAIN_BALANCE, message, pb.ExplainBalanceResponse, result)


def transactions_page(
    wallet: types.AnyWallet, page_size: int, cursor: str, oldest_first: bool, filter: types.TransactionFilter | None
) -> Request[types.TransactionPage]:
    def result(message: pb.ListTransactionsResponse) -> types.TransactionPage:
        rows = tuple(transaction_of(row) for row in message.transactions)
        return from_message(types.TransactionPage, message, transactions=rows)

    message = pb.ListTransactionsRequest(
        wallet=wallet_ref(wallet),
        page_size=page_size,
        cursor=cursor,
        oldest_first=oldest_first,
        filter=filter.to_message() if filter else None,
    )
    return Request(pb.METHOD_LIST_TRANSACTIONS, message, pb.ListTransactionsResponse, result)


def refusals_page(
    filter: types.RefusalFilter | None, page_size: int, cursor: str, oldest_first: bool
) -> Request[types.RefusalPage]:
    def result(message: pb.ListRefusalsResponse) -> types.RefusalPage:
        return from_message(types.RefusalPage, message, refusals=tuple(_refusal(row) for row in message.refusals))

    filter = filter or types.RefusalFilter()
    reasons: Any = sorted(reason_number(name) for name in filter.reasons)
    message = pb.ListRefusalsRequest(
        wallet=wallet_ref(filter.wallet) if filter.wallet else None,
        page_size=page_size,
        cursor=cursor,
        oldest_first=oldest_first,
        from_micros=check_amount(filter.from_micros),
        before_micros=check_amount(filter.before_micros),
        reasons=reasons,
        actor=filter.actor,
        owner_id=filter.owner,
    )
    return Request(pb.METHOD_LIST_REFUSALS, message, pb.ListRefusalsResponse, result)


def _refusal(message: pb.Refusal) -> types.Refusal:
    verb = pb.Method.DESCRIPTOR.values_by_number.get(message.verb)
    given = message.wallet
    named = types.WalletRef(given.id, given.owner_id, given.currency, given.name) if given.id or given.owner_id else None
    return from_message(
        types.Refusal,
        message,
        verb=verb.name.removeprefix("METHOD_") if verb else str(message.verb),
        error=rejected(message.error, key=message.idempotency_key),
        wallet=named,
        metadata={entry.key: entry.value for entry in message.metadata},
    )


def mutation(item: BatchItem) -> Request[types.MutationResult]:
    return _mutation(item, pb.MutationResponse, _mutation_result)


def transfer(item: BatchItem) -> Request[types.TransferResult]:
    def result(response: pb.TransferResponse, key: str) -> types.TransferResult:
        replayed, commit_seq = response.replayed, response.commit_seq
        source = _mutation_result(response.source, key, replayed=replayed, commit_seq=commit_seq)
        destination = transaction_of(response.destination)
        return types.TransferResult(key, source, destination, replayed, commit_seq, response.dry_run)

    return _mutation(item, pb.TransferResponse, result)


def _mutation(item: BatchItem, response: Any, result: Callable[[Any, str], T]) -> Request[T]:
    key = new_key() if item.key is None else item.key
    method = METHODS[item.verb]
    if item.is_dry_run:
        # It changes nothing, and says nothing of what became of other attempts: to the client it is a read.
        return Request(method, item.body(key), response, lambda m: result(m, key))
    return Request(method, item.body(key), response, lambda m: result(m, key), key, item.retry_of_unknown)


def _mutation_result(response: pb.MutationResponse, key: str, **given: Any) -> types.MutationResult:
    row = transaction_of(response.transaction)
    return from_message(types.MutationResult, response, key=key, transaction=row, **given)
