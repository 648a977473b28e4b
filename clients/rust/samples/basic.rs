//! Opens a wallet, puts money into it, pays, is refused, and lists what happened. Its argument is the server's address.

use walletd::{money, Client, Credit, Debit, Detail, ListTransactions, OpenWallet, WalletRef};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).ok_or("the server's address, please")?;

    let client = Client::new(address)?;
    let wallet = WalletRef::of("user-17", "EUR");
    client.open_wallet(OpenWallet::new(&wallet, "signup"))?;

    client.credit(Credit::new(&wallet, 2000, "topup").reference("stripe:pi_123"))?;
    let price = money::parse("12.30", 2)?;
    let paid = client.debit(Debit::new(&wallet, price, "esim.purchase"))?;
    println!("{} {}", money::format(paid.available, paid.exponent), paid.currency);

    match client.debit(Debit::new(&wallet, 5000, "esim.purchase")) {
        Err(walletd::Error::Rejected(refused)) => match &refused.detail {
            Some(Detail::InsufficientFunds { shortfall, .. }) => println!("{} short of {shortfall}", refused.reason),
            _ => return Err(refused.into()),
        },
        other => return Err(format!("not refused: {other:?}").into()),
    }

    for row in client.all_transactions(ListTransactions::new(&wallet)) {
        let row = row?;
        println!("{} {} {} {}", row.wallet_version, row.kind, row.amount, row.balance);
    }
    Ok(())
}
