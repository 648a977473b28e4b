"""Pays orders over a connection that may be lost at any time: each is paid exactly once. Its argument is the server's
address."""

import sys
import time
from typing import Callable

import walletd
from walletd import MutationResult, WalletRef, money


def for_sure(call: Callable[[], MutationResult]) -> MutationResult:
    """Repeats a call until its outcome is known. The same key can't move money twice."""
    while True:
        try:
            return call()
        except (walletd.OutcomeUnknown, walletd.Disconnected) as error:
            print("again:", error, file=sys.stderr)
            time.sleep(0.05)


with walletd.Client(sys.argv[1]) as client:
    wallet = WalletRef(owner="user-21", currency="EUR")
    for_sure(lambda: client.open_wallet("user-21", "EUR", reason="signup", key="signup-user-21"))
    for_sure(lambda: client.credit(wallet, 10_000, reason="topup", key="topup-user-21-1"))

    for order in range(1, 21):
        # A key of the order's own, kept with it: so it can be asked for again after a crash of this process, too.
        key = f"order-{order:06}"
        paid = for_sure(lambda key=key: client.debit(wallet, 100, reason="esim.purchase", key=key))
    print("20 orders are paid, left are", money.format(paid.available, paid.exponent), paid.currency)
