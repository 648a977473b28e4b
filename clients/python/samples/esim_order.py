"""An order of an eSIM: its price is held, then taken when the profile is there, or given back. Its argument is the
server's address."""

import sys

import walletd
from walletd import WalletRef, money


def order_profile(plan: str) -> None:
    """Stands for the carrier, which may not have it."""
    if plan.startswith("Atlantis"):
        raise LookupError(plan)


def order(client: walletd.Client, wallet: WalletRef, plan: str, price: int) -> None:
    fifteen_minutes = 15 * 60_000
    hold = client.hold(wallet, price, timeout_millis=fifteen_minutes, reason="esim.reserve", reference=plan)
    hold_id = hold.transaction.hold_id
    print(f"{plan}: held {hold.held}")
    try:
        order_profile(plan)
    except LookupError:
        # Where this doesn't come through, the hold ends by itself.
        released = client.release(hold_id, reason="esim.unavailable")
        print(f"{plan}: released, available {released.available}")
        return
    captured = client.capture(hold_id, reason="esim.activate")
    print(f"{plan}: paid, available {captured.available}")


with walletd.Client(sys.argv[1]) as client:
    wallet = WalletRef(owner="user-31", currency="EUR")
    client.open_wallet("user-31", "EUR", reason="signup")
    client.credit(wallet, 3000, reason="topup")
    order(client, wallet, "Japan 5 GB", 1250)
    order(client, wallet, "Atlantis 1 GB", 1250)
    left = client.balance(wallet)
    print("left:", money.format(left.available, left.exponent))
