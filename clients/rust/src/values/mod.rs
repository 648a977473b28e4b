//! What the server answers. Amounts are minor units; times are microseconds since 1970 (UTC), 0 where there is none;
//! each `exponent` is the count of the currency's digits after the point.

mod administration;
mod convert;
mod enums;
mod explanation;
mod journal;
mod pages;
mod results;
mod server;
mod streams;
mod wallet;

pub(crate) use convert::{answers, FromWire};

pub use administration::{AdministrationRow, CounterAccountBalance, CurrencyBalance, Token, TrialBalance};
pub use enums::{FreezeScope, LimitKind, TokenKind, TransactionKind, Verb, WalletStatus};
pub use explanation::{BalanceExplanation, BalanceSum, FreezeInfo, HoldInfo, LimitUse};
pub use journal::{JournalHead, Refusal, Transaction};
pub use pages::{RefusalPage, TokenPage, TransactionPage, WalletPage};
pub use results::{AdministrationResult, BatchResult, CreatedToken, ItemDone, MutationResult, TransferResult};
pub use server::{Pong, Schema, ServerInfo, ServerLimits};
pub use streams::{
    BackupEvent, BackupProgress, BackupReport, VerifyEvent, VerifyFinding, VerifyProgress, VerifyReport, WatchEvent,
};
pub use wallet::{Balance, BalanceAt, FoundWallet, Wallet, WalletLimits, WalletRef, WindowLimit};
