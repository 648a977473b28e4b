"""The Python client's driver with a fault in the client, which FAULT names: conformance has to find it."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import pathlib
import sys
from typing import Any

CLIENTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CLIENTS / "python/tools"), str(CLIENTS / "python")]

import driver  # noqa: E402
import values  # noqa: E402
from walletd import attempts, core, keys, money, watching  # noqa: E402
from walletd.errors import NotExecuted  # noqa: E402


def says_not_executed() -> None:
    """What was sent and lost is told as if it had never been sent."""
    settle = attempts.Attempts.settle

    def lies(self: Any, outcome: Any) -> Any:
        if isinstance(outcome, core.Failed):
            outcome = dataclasses.replace(outcome, sent=False)
        return settle(self, outcome)

    attempts.Attempts.settle = lies  # type: ignore[method-assign]


def forgets_unknown() -> None:
    """A later NOT_EXECUTED is believed."""
    keys.UnresolvedKeys.add = lambda self, key: None  # type: ignore[method-assign]


def a_key_for_each_attempt() -> None:
    """Tries again with another key, so a debit may happen twice."""
    settle = attempts.Attempts.settle

    def renews(self: Any, outcome: Any) -> Any:
        waits = settle(self, outcome)
        if waits is not None and self.request.key is not None:
            self.request.message.idempotency_key = keys.new_key()
            self.payload = self.request.message.SerializeToString()
        return waits

    attempts.Attempts.settle = renews  # type: ignore[method-assign]


def amounts_as_floats() -> None:
    plain = values.plain

    def rounded(value: Any, name: str = "") -> Any:
        made = plain(value, name)
        return str(int(float(made))) if type(value) is int and isinstance(made, str) else made

    values.plain = rounded
    driver.plain = rounded


def no_budget() -> None:
    attempts.RetryBudget.spend = lambda self: True  # type: ignore[method-assign]


def no_waits() -> None:
    attempts.RetryPolicy.wait_seconds = lambda self, count, millis: 0.0  # type: ignore[method-assign]


def no_details() -> None:
    told = values.told

    def bare(error: BaseException) -> dict[str, Any]:
        shown = told(error)
        shown.pop("detail", None)
        return shown

    values.told = bare
    driver.told = bare


def watches_from_the_start() -> None:
    told = watching.Resumption.told

    def keeps_nothing(self: Any, event: Any) -> Any:
        start = self._start
        shown = told(self, event)
        self._start = start
        return shown

    watching.Resumption.told = keeps_nothing  # type: ignore[method-assign]


def rounds_money() -> None:
    parse = money.parse
    money.parse = lambda text, exponent: parse(f"{float(text):.{exponent}f}", exponent)


def believes_nobody() -> None:
    """Every error is told as not executed."""
    values._KINDS[:] = [(NotExecuted, "not_executed")]


if __name__ == "__main__":
    if fault := os.environ.get("FAULT"):
        globals()[fault]()
    asyncio.run(driver.Driver().run())
