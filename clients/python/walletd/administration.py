"""What administrators do: it changes no wallet."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from . import types
from ._proto import wallet_pb2 as pb
from .attempts import Request
from .keys import new_key
from .mutations import common_fields
from .types import from_message

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def new_secret() -> bytes:
    """The secret of a token: 256 bits that nobody can guess."""
    return secrets.token_bytes(32)


def create_token(
    principal: str,
    scopes: Iterable[str],
    *,
    reason: str,
    secret: bytes | None,
    certificate_name: str | None,
    unix_user: int | None,
    currencies: Iterable[str],
    owner_prefix: str,
    max_amount: int,
    expires_at_micros: int,
    **options: Unpack[MutationOptions],
) -> Request[types.CreatedToken]:
    if sum(given is not None for given in (secret, certificate_name, unix_user)) != 1:
        raise ValueError("a principal is let in by one of secret, certificate_name and unix_user")
    own: dict[str, Any] = {
        "principal": principal,
        "scopes": list(scopes),
        "currencies": list(currencies),
        "owner_prefix": owner_prefix,
        "max_amount": max_amount,
        "expires_at_micros": expires_at_micros,
    }
    if secret is not None:
        own["secret_digest"] = hashlib.sha256(secret).digest()
    elif certificate_name is not None:
        own["certificate_name"] = certificate_name
    else:
        own["unix_user"] = unix_user
    request = _request(pb.METHOD_CREATE_TOKEN, pb.CreateTokenRequest, reason, dict(options), own)
    administered = request.result

    def result(response: pb.AdministrationResponse) -> types.CreatedToken:
        done = administered(response)
        text = f"wlt_{done.row.id}_{secret.hex()}" if secret is not None and done.row.id else None
        return types.CreatedToken(text, done)

    return Request(request.method, request.message, request.response, result, request.key, request.retry_of_unknown)


def revoke_token(
    token_id: int, *, reason: str, **options: Unpack[MutationOptions]
) -> Request[types.AdministrationResult]:
    return _request(pb.METHOD_REVOKE_TOKEN, pb.RevokeTokenRequest, reason, dict(options), {"token_id": token_id})


def tokens_page(
    principal: str, with_revoked: bool, cursor: str, page_size: int
) -> Request[types.TokenPage]:
    message = pb.ListTokensRequest(
        principal=principal, with_revoked=with_revoked, cursor=cursor, page_size=page_size
    )

    def result(response: pb.ListTokensResponse) -> types.TokenPage:
        tokens = tuple(
            from_message(types.Token, token, scopes=tuple(token.scopes), currencies=tuple(token.currencies))
            for token in response.tokens
        )
        return types.TokenPage(tokens, response.next_cursor, response.commit_seq)

    return Request(pb.METHOD_LIST_TOKENS, message, pb.ListTokensResponse, result)


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
