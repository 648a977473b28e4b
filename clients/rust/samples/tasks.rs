//! Many calls at once from the tasks of tokio, on one connection. Its argument is the server's address.

use walletd::aio::Client;
use walletd::{Credit, OpenWallet, WalletRef};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::args().nth(1).ok_or("the server's address, please")?)?;
    let wallet = WalletRef::of("user-52", "EUR");
    client.open_wallet(OpenWallet::new(&wallet, "signup")).await?;

    let tasks: Vec<_> = (1..=100)
        .map(|amount| {
            let (client, wallet) = (client.clone(), wallet.clone());
            tokio::spawn(async move { client.credit(Credit::new(wallet, amount, "bonus")).await })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    println!("balance {}", client.get_balance(&wallet).await?.balance);
    client.close().await;
    Ok(())
}
