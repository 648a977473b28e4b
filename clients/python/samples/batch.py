"""Several mutations in one request and one commit. Its argument is the server's address."""

import sys

import walletd
from walletd import BatchItem, WalletRef

with walletd.Client(sys.argv[1]) as client:
    shop, user = WalletRef(owner="shop-1", currency="EUR"), WalletRef(owner="user-41", currency="EUR")

    # Item by item: each has a result of its own, and one that is refused doesn't hinder the others.
    result = client.batch(
        [
            BatchItem.open_wallet("shop-1", "EUR", reason="signup"),
            BatchItem.open_wallet("user-41", "EUR", reason="signup"),
            BatchItem.credit(user, 1000, reason="topup"),
            BatchItem.debit(user, 5000, reason="esim.purchase"),
        ]
    )
    for index, item in enumerate(result.items):
        print(index, item.reason if isinstance(item, walletd.Rejected) else f"balance {item.balance}")

    # All or nothing: the fee can't be paid, so the purchase isn't either.
    try:
        client.batch(
            [
                BatchItem.transfer(user, shop, 900, reason="esim.purchase"),
                BatchItem.debit(user, 200, reason="fee"),
            ],
            atomic=True,
        )
    except walletd.Rejected as refused:
        print(refused.reason, "by item", refused.index, "for", refused.cause.reason)
