"""What administrators do: it changes no wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import types
from ._proto import wallet_pb2 as pb
from .attempts import Request
from .keys import new_key
from .mutations import common_fields
from .types import from_message

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .mutations import MutationOptions


def register_currency(
    code: str, exponent: int, *, reason: str, **options: Unpack[MutationOptions]
) -> Request[types.AdministrationResult]:
    if isinstance(exponent, bool) or not isinstance(exponent, int):
        raise TypeError(f"exponent is an int, not {type(exponent).__name__}")
    if not 0 <= exponent <= 18:
        raise ValueError(f"an exponent is from 0 to 18, not {exponent}")
    own = {"code": code, "exponent": exponent}
    return _request(pb.METHOD_REGISTER_CURRENCY, pb.RegisterCurrencyRequest, reason, dict(options), own)


def add_counter_account(
    name: str, *, reason: str, **options: Unpack[MutationOptions]
) -> Request[types.AdministrationResult]:
    return _request(
        pb.METHOD_ADD_COUNTER_ACCOUNT, pb.AddCounterAccountRequest, reason, dict(options), {"name": name}
    )


def trial_balance(currency: str) -> Request[types.TrialBalance]:
    def result(message: pb.TrialBalanceResponse) -> types.TrialBalance:
        currencies = tuple(_currency(currency) for currency in message.currencies)
        return types.TrialBalance(currencies, tuple(message.counter_accounts), message.commit_seq)

    return Request(
        pb.METHOD_TRIAL_BALANCE, pb.TrialBalanceRequest(currency=currency), pb.TrialBalanceResponse, result
    )


def _request(
    method: Any, message: Any, reason: str, options: dict[str, Any], own: dict[str, Any]
) -> Request[types.AdministrationResult]:
    given, retry_of_unknown = options.pop("key", None), options.pop("retry_of_unknown", False)
    key = new_key() if given is None else given
    body = message(idempotency_key=key, reason=reason, **own, **common_fields(**options))

    def result(response: pb.AdministrationResponse) -> types.AdministrationResult:
        return from_message(types.AdministrationResult, response, key=key, row=_row(response.row))

    if options.get("dry_run"):
        # It changes nothing: to the client it is a read.
        return Request(method, body, pb.AdministrationResponse, result)
    return Request(method, body, pb.AdministrationResponse, result, key, retry_of_unknown)


def _row(message: pb.AdministrationRow) -> types.AdministrationRow:
    metadata = {entry.key: entry.value for entry in message.metadata}
    return from_message(types.AdministrationRow, message, metadata=metadata)


def _currency(message: pb.CurrencyBalance) -> types.CurrencyBalance:
    accounts = {account.name: account.total for account in message.counter_accounts}
    return from_message(types.CurrencyBalance, message, counter_accounts=accounts)
