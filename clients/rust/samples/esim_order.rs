//! Sells an eSIM: the price is held, the profile is ordered, and then the hold is captured, or released when there is
//! none to be had. Its argument is the server's address.

use std::time::Duration;

use walletd::{money, Capture, Client, Credit, Hold, OpenWallet, Release, WalletRef};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::args().nth(1).ok_or("the server's address, please")?)?;
    let wallet = WalletRef::of("user-33", "EUR");
    client.open_wallet(OpenWallet::new(&wallet, "signup"))?;
    client.credit(Credit::new(&wallet, 3000, "topup"))?;
    for plan in ["Japan 5 GB", "Atlantis 1 GB"] {
        order(&client, &wallet, plan, 1250)?;
    }
    let balance = client.get_balance(&wallet)?;
    println!("left: {}", money::format(balance.available, balance.exponent));
    Ok(())
}

fn order(client: &Client, wallet: &WalletRef, plan: &str, price: i64) -> walletd::Result<()> {
    let quarter = Duration::from_secs(15 * 60); // then the hold ends by itself
    let hold = client.hold(Hold::new(wallet, price, quarter, "esim.reserve").reference(plan))?;
    println!("{plan}: held {}", hold.held);

    if order_profile(plan) {
        let captured = client.capture(Capture::new(hold.transaction.id, "esim.activate"))?;
        println!("{plan}: paid, available {}", captured.available);
    } else {
        let released = client.release(Release::new(hold.transaction.id, "esim.unavailable"))?;
        println!("{plan}: released, available {}", released.available);
    }
    Ok(())
}

/// Stands for the call of an eSIM provider.
fn order_profile(plan: &str) -> bool {
    plan != "Atlantis 1 GB"
}
