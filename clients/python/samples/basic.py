"""A wallet with its first money, a purchase, and one that the wallet can't pay. Its argument is the server's address."""

import sys

import walletd
from walletd import WalletRef, money

with walletd.Client(sys.argv[1]) as client:
    wallet = WalletRef(owner="user-17", currency="EUR")
    client.open_wallet("user-17", "EUR", reason="signup")

    client.credit(wallet, 2000, reason="topup", reference="stripe:pi_123")
    paid = client.debit(wallet, money.parse("12.30", 2), reason="esim.purchase")
    print(money.format(paid.available, paid.exponent), paid.currency)

    try:
        client.debit(wallet, 5000, reason="esim.purchase")
    except walletd.Rejected as refused:
        print(refused.reason, "short of", refused.detail.shortfall)

    for row in client.transactions(wallet):
        print(row.wallet_version, row.kind.name, row.amount, row.balance)
