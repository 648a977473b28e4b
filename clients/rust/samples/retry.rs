//! Pays orders over a connection that may be lost at any time: each is paid exactly once. Its argument is the server's
//! address.

use std::thread::sleep;
use std::time::Duration;

use walletd::{money, Client, Credit, Debit, OpenWallet, WalletRef};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::args().nth(1).ok_or("the server's address, please")?)?;
    let wallet = WalletRef::of("user-21", "EUR");
    for_sure(|| client.open_wallet(OpenWallet::new(&wallet, "signup").key("signup-user-21")))?;
    let mut last = for_sure(|| client.credit(Credit::new(&wallet, 10_000, "topup").key("topup-user-21-1")))?;

    for order in 1..=20 {
        // A key of the order's own, kept with it: so it can be asked for again after a crash of this process, too.
        let payment = Debit::new(&wallet, 100, "esim.purchase").key(format!("order-{order:06}"));
        last = for_sure(|| client.debit(payment.clone()))?; // refused: it will be the next time, too
    }
    println!("20 orders are paid, left are {} {}", money::format(last.available, last.exponent), last.currency);
    Ok(())
}

/// Repeats a call until its outcome is known. The client itself tries again for as long as the call's deadline allows;
/// this is for what lasts longer. The same key can't move money twice.
fn for_sure<T>(call: impl Fn() -> walletd::Result<T>) -> walletd::Result<T> {
    loop {
        match call() {
            Err(error) if error.is_worth_repeating() => eprintln!("again: {error}"),
            end => return end,
        }
        sleep(Duration::from_millis(50));
    }
}
