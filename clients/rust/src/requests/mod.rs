//! What the verbs are asked for with. Amounts are minor units; times are microseconds since 1970 (UTC).

mod administration;
mod batch;
mod convert;
mod mutations;
mod reads;
mod streams;
mod tokens;
mod verbs;

use crate::engine::Call;
use crate::Error;

pub use administration::{AddCounterAccount, RegisterCurrency, RevokeToken};
pub use batch::Batch;
pub use mutations::{
    Capture, CloseWallet, Credit, Debit, Freeze, Hold, Mutation, OpenWallet, Refund, Release, SetLimits, Transfer,
    Unfreeze,
};
pub use reads::{
    ExplainBalance, GetBalanceAt, ListRefusals, ListTokens, ListTransactions, ListWallets, TransactionFilter,
};
pub use streams::{Backup, Verify, WatchTransactions};
pub use tokens::{CreateToken, TokenSecret};

pub(crate) use reads::{GetBalance, GetSchema, GetServerInfo, GetWallet, Paged, Ping, TrialBalanceOf};
pub(crate) use streams::{unreadable, StreamRequest};
pub(crate) use verbs::for_each_verb;

/// A request of a verb that has one answer.
pub(crate) trait IntoCall {
    /// What the verb gives.
    type Output: Send;

    /// The call, or why it can't be one.
    fn into_call(self) -> Result<Call<Self::Output>, Error>;
}
