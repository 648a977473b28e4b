//! The client of walletd, the wallet and ledger server.
//!
//! [`Client`] is for threads, `walletd::aio::Client` (with the feature `tokio`) for tasks. Both have every verb of the
//! server, keep many calls in flight on one connection, and try again by themselves where that is safe. Amounts are
//! `i64` of minor units; [`money`] turns decimal text into them and back. Each call ends with its result or an
//! [`Error`] that says what is known of its effect.
//!
//! ```no_run
//! use walletd::{Client, Credit, Debit, OpenWallet, WalletRef};
//!
//! fn main() -> walletd::Result<()> {
//!     let client = Client::new("127.0.0.1:7431")?;
//!     let wallet = WalletRef::of("user-17", "EUR");
//!     client.open_wallet(OpenWallet::new(&wallet, "signup"))?;
//!     client.credit(Credit::new(&wallet, 2000, "topup"))?;
//!     let paid = client.debit(Debit::new(&wallet, 1230, "esim.purchase"))?;
//!     println!("{} {}", walletd::money::format(paid.available, paid.exponent), paid.currency);
//!     Ok(())
//! }
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[cfg(feature = "tokio")]
pub mod aio;
mod blocking;
mod detail;
mod engine;
mod error;
mod keys;
pub mod money;
mod options;
mod proto;
mod reason;
mod requests;
mod values;
pub mod wire;

pub use crate::blocking::{Client, Pages, Stream, Watch};
pub use crate::detail::Detail;
pub use crate::engine::{Cancel, RetryPolicy};
pub use crate::error::{Error, NotExecuted, NotExecutedKind, OutcomeUnknown, Rejected, Result};
pub use crate::keys::new_key;
pub use crate::options::{Options, Tls};
pub use crate::reason::Reason;
pub use crate::requests::*;
pub use crate::values::*;
