//! Prints every transaction as it is committed. Its arguments are the server's address and, to go on where it was, the
//! last token.

use walletd::{Client, WatchTransactions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let client = Client::new(arguments.next().ok_or("the server's address, please")?)?;
    let request = match arguments.next() {
        Some(token) => WatchTransactions::resume(token),
        None => WatchTransactions::from_now(),
    };
    for event in client.watch_transactions(request) {
        let event = event?;
        if let Some(row) = &event.transaction {
            println!("{} {} to {}", row.kind, event.balance_before, row.balance);
        }
        keep(&event.resume_token); // with what was made of the event: none is missed, none is taken twice
    }
    Ok(())
}

/// Stands for your database.
fn keep(_token: &str) {}
