"""The arguments of each verb, as the schema has them, to the client's method."""

from __future__ import annotations

from typing import Any, Callable

import walletd
from walletd import BatchItem, FreezeScope, TransactionKind, WalletLimits, WalletRef, WindowLimit

Args = dict[str, Any]


class Reader:
    """The arguments of a verb, each of which has to be read."""

    def __init__(self, args: Args) -> None:
        self.left = dict(args)

    def text(self, name: str) -> str:
        value = self.left.pop(name, None) or ""
        if not isinstance(value, str):
            raise ValueError(f"{name} is text")
        return value

    def number(self, name: str) -> int:
        return int(self.left.pop(name, None) or 0)

    def flag(self, name: str) -> bool:
        return bool(self.left.pop(name, None))

    def list(self, name: str) -> list[Any]:
        return self.left.pop(name, None) or []

    def wallet(self, name: str = "wallet") -> WalletRef:
        inner = Reader(self.left.pop(name, None) or {})
        made = WalletRef(inner.number("id"), inner.text("owner_id"), inner.text("currency"), inner.text("name"))
        inner.end()
        return made

    def part(self) -> int | None:
        """The amount of a capture or a refund."""
        return self.number("amount") or None

    def end(self) -> None:
        if self.left:
            raise ValueError(f"no argument {next(iter(self.left))}")

    def options(self) -> dict[str, Any]:
        """Those of every mutation that are there; nothing is left behind them."""
        made: dict[str, Any] = {}
        if key := self.left.pop("idempotency_key", None):
            made["key"] = key
        for name in ("note", "reference", "correlation_id", "on_behalf_of", "counter_account"):
            if name in self.left:
                made[name] = self.text(name)
        for name in ("occurred_at_micros", "expected_version"):
            if name in self.left:
                made[name] = self.number(name)
        if "metadata" in self.left:
            made["metadata"] = {pair["key"]: pair["value"] for pair in self.list("metadata")}
        if "dry_run" in self.left:
            made["dry_run"] = self.flag("dry_run")
        made["reason"] = self.text("reason")
        self.end()
        return made


def _limits(given: Args) -> WalletLimits:
    def window(name: str) -> WindowLimit:
        inner = given.get(name) or {}
        return WindowLimit(int(inner.get("amount", 0)), int(inner.get("count", 0)))

    amounts = (int(given.get(name, 0)) for name in ("overdraft_limit", "max_balance", "max_amount"))
    return WalletLimits(*amounts, window("day"), window("week"), window("month"))


def _open(r: Reader) -> tuple[Any, ...]:
    wallet = r.left.pop("wallet", None) or {}
    return wallet.get("owner_id", ""), wallet.get("currency", ""), wallet.get("name", "")


# The positional arguments of a mutation, and the ones by name beside the options of all.
_MUTATIONS: dict[str, tuple[Callable[[Reader], tuple[Any, ...]], Callable[[Reader], dict[str, Any]]]] = {
    "open_wallet": (_open, lambda r: {}),
    "debit": (lambda r: (r.wallet(), r.number("amount")), lambda r: {}),
    "credit": (lambda r: (r.wallet(), r.number("amount")), lambda r: {}),
    "transfer": (lambda r: (r.wallet(), r.wallet("to"), r.number("amount")), lambda r: {}),
    "hold": (
        lambda r: (r.wallet(), r.number("amount")),
        lambda r: {"timeout_millis": r.number("timeout_millis")},
    ),
    "capture": (
        lambda r: (r.number("hold_id"), r.part()),
        lambda r: {"final": r.flag("final"), "currency": r.text("currency")},
    ),
    "release": (lambda r: (r.number("hold_id"),), lambda r: {}),
    "refund": (lambda r: (r.number("transaction_id"), r.part()), lambda r: {"currency": r.text("currency")}),
    "freeze": (
        lambda r: (r.wallet(), FreezeScope[r.text("scope")]),
        lambda r: {"until_micros": r.number("until_micros")},
    ),
    "unfreeze": (lambda r: (r.wallet(), FreezeScope[r.text("scope")]), lambda r: {}),
    "set_limits": (lambda r: (r.wallet(), _limits(r.left.pop("limits", None) or {})), lambda r: {}),
    "close_wallet": (lambda r: (r.wallet(),), lambda r: {}),
}


def _arguments(name: str, args: Args) -> tuple[tuple[Any, ...], dict[str, Any]]:
    reader = Reader(args)
    positional, named = _MUTATIONS[name]
    given = positional(reader)
    by_name = named(reader)
    return given, {**by_name, **reader.options()}


def _mutation(name: str) -> Callable[..., Any]:
    def call(client: walletd.AsyncClient, args: Args, options: dict[str, Any]) -> Any:
        given, by_name = _arguments(name, args)
        return getattr(client, name)(*given, **by_name, **options)

    return call


def _batch(client: walletd.AsyncClient, args: Args, options: dict[str, Any]) -> Any:
    r = Reader(args)
    items = []
    for item in r.list("items"):
        ((name, inner),) = item.items()
        given, by_name = _arguments(name, inner)
        items.append(getattr(BatchItem, name)(*given, **by_name))
    flags = {name: r.flag(name) for name in ("atomic", "full_results", "dry_run")}
    key = r.text("idempotency_key") or None
    r.end()
    return client.batch(items, key=key, **flags, **options)


def _read(method: str, read: Callable[[Reader], tuple[tuple[Any, ...], dict[str, Any]]]) -> Callable[..., Any]:
    def call(client: walletd.AsyncClient, args: Args, options: dict[str, Any]) -> Any:
        reader = Reader(args)
        given, by_name = read(reader)
        reader.end()
        return getattr(client, method)(*given, **by_name, **options)

    return call


def _page(r: Reader) -> dict[str, Any]:
    return {"page_size": r.number("page_size"), "cursor": r.text("cursor")}


def _transaction_filter(r: Reader) -> walletd.TransactionFilter | None:
    given = r.left.pop("filter", None)
    if given is None:
        return None
    f = Reader(given)
    made = walletd.TransactionFilter(
        from_micros=f.number("from_micros"),
        before_micros=f.number("before_micros"),
        kinds=[TransactionKind[kind] for kind in f.list("kinds")],
        reason=f.text("reason"),
        actor=f.text("actor"),
        reference=f.text("reference"),
        min_amount=f.number("min_amount"),
        max_amount=f.number("max_amount"),
    )
    f.end()
    return made


def _refusals(r: Reader) -> tuple[tuple[Any, ...], dict[str, Any]]:
    made = walletd.RefusalFilter(
        wallet=r.wallet() if r.left.get("wallet") else None,
        from_micros=r.number("from_micros"),
        before_micros=r.number("before_micros"),
        reasons=r.list("reasons"),
        actor=r.text("actor"),
        owner=r.text("owner_id"),
    )
    return (made,), {**_page(r), "oldest_first": r.flag("oldest_first")}


def _administration(method: str, names: Callable[[Reader], tuple[tuple[Any, ...], dict[str, Any]]]) -> Callable[..., Any]:
    def call(client: walletd.AsyncClient, args: Args, options: dict[str, Any]) -> Any:
        reader = Reader(args)
        given, by_name = names(reader)
        return getattr(client, method)(*given, **by_name, **reader.options(), **options)

    return call


def _token(r: Reader) -> tuple[tuple[Any, ...], dict[str, Any]]:
    given = (r.text("principal"), r.list("scopes"))
    return given, {
        "certificate_name": r.text("certificate_name") or None,
        "unix_user": r.left.pop("unix_user", None),
        "currencies": r.list("currencies"),
        "owner_prefix": r.text("owner_prefix"),
        "max_amount": r.number("max_amount"),
        "expires_at_micros": r.number("expires_at_micros"),
    }


def _at(r: Reader) -> tuple[tuple[Any, ...], dict[str, Any]]:
    places = {name: int(r.left.pop(name)) for name in ("time_micros", "version") if name in r.left}
    return (r.wallet(),), places


def _watch(r: Reader) -> tuple[tuple[Any, ...], dict[str, Any]]:
    after = r.left.pop("after_seq", None)
    r.flag("from_now")
    return (), {
        "after": None if after is None else int(after),
        "resume_token": r.text("resume_token") or None,
        "wallet_ids": [int(one) for one in r.list("wallet_ids")],
        "kinds": [TransactionKind[kind] for kind in r.list("kinds")],
    }


def _verify(r: Reader) -> tuple[tuple[Any, ...], dict[str, Any]]:
    head = r.left.pop("expected_head", None)
    made = None if head is None else walletd.JournalHead(int(head["seq"]), bytes.fromhex(head["digest"]))
    return (), {"expected_head": made, "skip_integrity_check": r.flag("skip_integrity_check")}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


VERBS: dict[str, Callable[..., Any]] = {
    **{_camel(name): _mutation(name) for name in _MUTATIONS},
    "Batch": _batch,
    "Ping": _read("ping", lambda r: ((), {})),
    "GetServerInfo": _read("server_info", lambda r: ((), {})),
    "GetSchema": _read("schema", lambda r: ((), {})),
    "GetWallet": _read("wallet", lambda r: ((r.wallet(),), {})),
    "GetBalance": _read("balance", lambda r: ((r.wallet(),), {})),
    "GetBalanceAt": _read("balance_at", _at),
    "ExplainBalance": _read(
        "explain_balance",
        lambda r: ((r.wallet(),), {name: r.number(name) for name in ("from_micros", "last_changes")}),
    ),
    "ListWallets": _read("wallets_page", lambda r: ((r.text("owner_id"),), _page(r))),
    "ListTransactions": _read(
        "transactions_page",
        lambda r: (
            (r.wallet(),),
            {**_page(r), "oldest_first": r.flag("oldest_first"), "filter": _transaction_filter(r)},
        ),
    ),
    "ListRefusals": _read("refusals_page", _refusals),
    "TrialBalance": _read("trial_balance", lambda r: ((r.text("currency"),), {})),
    "ListTokens": _read(
        "tokens_page", lambda r: ((r.text("principal"),), {**_page(r), "with_revoked": r.flag("with_revoked")})
    ),
    "RegisterCurrency": _administration("register_currency", lambda r: ((r.text("code"), r.number("exponent")), {})),
    "AddCounterAccount": _administration("add_counter_account", lambda r: ((r.text("name"),), {})),
    "CreateToken": _administration("create_token", _token),
    "RevokeToken": _administration("revoke_token", lambda r: ((r.number("token_id"),), {})),
}

STREAMS: dict[str, Callable[..., Any]] = {
    "WatchTransactions": _read("watch", _watch),
    "Verify": _read("verify", _verify),
    "Backup": _read("backup", lambda r: ((), {"incremental": r.flag("incremental")})),
}
