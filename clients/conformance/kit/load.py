"""A load of debits through whatever happens, and what the ledger has of it afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import walletd

from .driver import Client, Pending
from .failure import Failure, equal, expect, short

WALLETS = 4
AMOUNT = 3
FUNDS = 1_000_000
# What wasn't executed is asked anew until it is, and what is unknown with its key: so often.
TRIES_MAX = 2000
PAUSE_SECONDS = 0.02


@dataclass
class Debit:
    """One debit, however often it is asked for."""

    number: int
    wallet: dict[str, Any]
    key: str | None = None
    unknown: int = 0
    result: dict[str, Any] | None = None

    @property
    def reference(self) -> str:
        return f"load-{self.number}"

    def begin(self, client: Client) -> Pending:
        args = {"wallet": self.wallet, "amount": str(AMOUNT), "reason": "load", "reference": self.reference}
        if self.key is not None:
            args["idempotency_key"] = self.key
        return client.begin("Debit", args)


@dataclass
class Load:
    """Debits in flight on one client. `unknowns`: how many answers of unknown outcome came."""

    client: Client
    wallets: list[dict[str, Any]]
    debits: list[Debit] = field(default_factory=list)
    unknowns: int = 0
    refusals: int = 0

    @classmethod
    def prepare(cls, client: Client, owner: str) -> Load:
        """Opens the wallets, before anything happens."""
        wallets = [{"owner_id": owner, "currency": "USD", "name": f"w{n}"} for n in range(WALLETS)]
        for wallet in wallets:
            client.ok("OpenWallet", {"wallet": wallet, "reason": "load"})
            client.ok("Credit", {"wallet": wallet, "amount": str(FUNDS), "reason": "load"})
        return cls(client, wallets)

    def run(self, count: int, in_flight: int, events: dict[int, Callable[[], None]] | None = None) -> None:
        """Carries out so many debits; `events` happen when so many were acknowledged."""
        left = dict(events or {})
        self.debits = [Debit(n, self.wallets[n % WALLETS]) for n in range(count)]
        waiting, under_way, done, tries = list(self.debits), [], 0, 0
        while waiting or under_way:
            while waiting and len(under_way) < in_flight:
                debit = waiting.pop(0)
                under_way.append((debit, debit.begin(self.client)))
            debit, pending = under_way.pop(0)
            if self._settle(debit, pending.result()):
                done += 1
            else:
                tries += 1
                expect(tries < TRIES_MAX, f"after {tries} answers that settle nothing {debit.reference} is given up")
                waiting.append(debit)
                time.sleep(PAUSE_SECONDS)
            for at in [at for at in left if at <= done]:
                left.pop(at)()

    def _settle(self, debit: Debit, line: dict[str, Any]) -> bool:
        if "ok" in line:
            debit.result = line["ok"]
            if debit.key is not None:
                equal(line["ok"].get("key"), debit.key, f"the key of {debit.reference}")
            return True
        error = line["error"]
        key = error.get("key")
        expect(key, f"an error of {debit.reference} has no key: {short(error)}")
        expect(debit.key in (None, key), f"{debit.reference} has the keys {debit.key} and {key}")
        if error["kind"] == "outcome_unknown":
            self.unknowns += 1
            debit.unknown += 1
            debit.key = key
        elif error["kind"] not in ("disconnected", "not_executed", "deadline_exceeded"):
            raise Failure(f"{debit.reference} ended with {short(error)}")
        elif debit.key is not None:
            raise Failure(f"{debit.reference} of unknown outcome then ended with {short(error)}, which settles nothing")
        else:
            # Certain not to have been executed: it may go with a new key. Were it a lie, the ledger would have it twice.
            self.refusals += 1
        return False

    def check(self, ledger: walletd.Client) -> None:
        """The ledger has each debit once, as it was acknowledged, and nothing else."""
        rows: dict[str, list[walletd.Transaction]] = {}
        balances: dict[str, int] = {}
        for wallet in self.wallets:
            ref = walletd.WalletRef(owner=wallet["owner_id"], currency="USD", name=wallet["name"])
            balances[wallet["name"]] = ledger.balance(ref).balance
            for row in ledger.transactions(ref, page_size=1000):
                if row.kind is walletd.TransactionKind.DEBIT:
                    rows.setdefault(row.reference, []).append(row)
        for debit in self.debits:
            found = rows.pop(debit.reference, [])
            expect(found, f"{debit.reference} was acknowledged, and isn't in the ledger")
            expect(len(found) == 1, f"{debit.reference} is in the ledger {len(found)} times: {[r.idempotency_key for r in found]}")
            assert debit.result is not None
            got = (debit.result["key"], debit.result["transaction"]["id"])
            equal(got, (found[0].idempotency_key, str(found[0].id)), f"key and id of {debit.reference}")
        expect(not rows, f"the ledger has debits that nobody asked for: {short(list(rows))}")
        for index, wallet in enumerate(self.wallets):
            count = sum(debit.number % WALLETS == index for debit in self.debits)
            equal(balances[wallet["name"]], FUNDS - count * AMOUNT, f"the balance of {wallet['name']}")
