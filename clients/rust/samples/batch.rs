//! Carries out several mutations in one commit: item by item, and all or nothing. Its argument is the server's address.

use walletd::{Batch, Client, Credit, Debit, OpenWallet, Transfer, WalletRef};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::args().nth(1).ok_or("the server's address, please")?)?;
    let shop = WalletRef::of("shop-1", "EUR");
    let user = WalletRef::of("user-41", "EUR");

    // Item by item: each has a result of its own, and one that is refused doesn't hinder the others.
    let batch = Batch::item_by_item()
        .item(OpenWallet::new(&shop, "signup"))
        .item(OpenWallet::new(&user, "signup"))
        .item(Credit::new(&user, 1000, "topup"))
        .item(Debit::new(&user, 5000, "esim.purchase"));
    for (index, item) in client.batch(batch)?.results.iter().enumerate() {
        match item {
            Ok(done) => println!("{index} balance {}", done.balance),
            Err(error) => println!("{index} {error}"),
        }
    }

    // All or nothing: the fee can't be paid, so the purchase isn't either.
    let batch =
        Batch::atomic().item(Transfer::new(&user, &shop, 900, "esim.purchase")).item(Debit::new(&user, 200, "fee"));
    match client.batch(batch) {
        Err(walletd::Error::Rejected(refused)) => {
            if let (Some(index), Some(cause)) = (refused.index, &refused.cause) {
                println!("{} by item {index} for {}", refused.reason, cause.reason);
            }
        }
        other => return Err(format!("not refused: {other:?}").into()),
    }
    Ok(())
}
