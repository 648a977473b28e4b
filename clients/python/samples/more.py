"""Moving, giving back, stopping, limiting and closing, and currencies of one's own. Its argument is the server's address."""

import sys

import walletd
from walletd import FreezeScope, WalletLimits, WalletRef, WindowLimit

with walletd.Client(sys.argv[1]) as client:
    wallet, friend = WalletRef(owner="user-51", currency="EUR"), WalletRef(owner="user-52", currency="EUR")
    for owner in ("user-51", "user-52"):
        client.open_wallet(owner, "EUR", reason="signup")
    client.credit(wallet, 1000, reason="topup")

    paid = client.debit(wallet, 700, reason="esim.purchase")
    client.refund(paid.transaction.id, 230, reason="complaint")  # a part; without an amount all that is left
    moved = client.transfer(wallet, friend, 100, reason="gift")
    print(moved.source.available, moved.destination.balance)

    client.freeze(wallet, FreezeScope.DEBIT, reason="fraud.check")  # until_micros= ends it by itself
    client.unfreeze(wallet, FreezeScope.ALL, reason="fraud.cleared")
    limits = WalletLimits(max_amount=10_000, day=WindowLimit(amount=50_000, count=20))
    client.set_limits(wallet, limits, reason="kyc.basic")  # all of them: those left out are lifted
    client.transfer(wallet, friend, 430, reason="payout")
    client.close_wallet(wallet, reason="account.closed")  # which has to be empty

    client.register_currency("ESIM-MB", 0, reason="new.product")
    client.add_counter_account("vouchers", reason="new.channel")
    client.open_wallet("user-52", "ESIM-MB", reason="signup")
    data = WalletRef(owner="user-52", currency="ESIM-MB")
    client.credit(data, 1024, reason="bundle", counter_account="vouchers")
    for total in client.trial_balance("ESIM-MB").currencies:
        print(total.wallets_total, total.counter_accounts, total.difference)
