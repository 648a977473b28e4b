use super::{answers, FromWire, WalletStatus};
use crate::proto as pb;

/// Names a wallet: either by its id, or by its owner, currency and name.
///
/// ```
/// use walletd::WalletRef;
///
/// let main = WalletRef::of("user-17", "EUR");
/// let savings = WalletRef::of("user-17", "EUR").named("savings");
/// let known = WalletRef::id(42);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WalletRef {
    /// 0: it is named by the rest.
    pub id: i64,
    /// At most 64 bytes of `[A-Za-z0-9._:@-]`.
    pub owner_id: String,
    /// At most 16 bytes of `[A-Z0-9-]`. Beside an id it must be the wallet's, where it is given.
    pub currency: String,
    /// At most 32 bytes; empty: "main".
    pub name: String,
}

impl WalletRef {
    /// The wallet with this id.
    pub fn id(id: i64) -> Self {
        Self { id, ..Self::default() }
    }

    /// The owner's wallet "main" in this currency.
    pub fn of(owner_id: impl Into<String>, currency: impl Into<String>) -> Self {
        Self { owner_id: owner_id.into(), currency: currency.into(), ..Self::default() }
    }

    /// The one of this name, of at most 32 bytes.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Beside an id: the currency that the wallet must have.
    pub fn in_currency(self, currency: impl Into<String>) -> Self {
        Self { currency: currency.into(), ..self }
    }
}

impl From<&WalletRef> for WalletRef {
    fn from(wallet: &WalletRef) -> Self {
        wallet.clone()
    }
}

impl From<&Wallet> for WalletRef {
    /// By its id.
    fn from(wallet: &Wallet) -> Self {
        Self::id(wallet.id)
    }
}

impl FromWire<pb::WalletRef> for WalletRef {
    fn from_wire(message: pb::WalletRef) -> Self {
        let pb::WalletRef { id, owner_id, currency, name } = message;
        Self { id, owner_id, currency, name }
    }
}

answers! {
    /// A wallet with all its columns.
    Wallet from Wallet {
        /// Never used again.
        id: i64,
        /// Whose it is.
        owner_id: String,
        /// The code.
        currency: String,
        /// Digits after the point.
        exponent: u32,
        /// "main" unless said otherwise.
        name: String,
        /// Whether it may still be used.
        status: WalletStatus,
        /// What was posted.
        balance: i64,
        /// What is reserved.
        held: i64,
        /// `balance - held + overdraft_limit`.
        available: i64,
        /// How far the balance may fall below zero.
        overdraft_limit: i64,
        /// The count of the wallet's transactions.
        version: i64,
        /// When it was opened.
        created_at_micros: i64,
        /// By whom.
        created_by: String,
        /// When it was changed last.
        updated_at_micros: i64,
        /// By whom.
        updated_by: String,
        /// Holds have ended whose rows aren't written yet; `held` and `available` are without them.
        expiry_pending: bool,
    }
    /// A wallet, as of a place of the journal.
    FoundWallet from GetWalletResponse {
        /// The wallet.
        wallet: Wallet,
        /// The last durable place of the journal, which this answer reflects.
        commit_seq: i64,
    }
    /// The figures of a wallet.
    Balance from GetBalanceResponse {
        /// The wallet's.
        wallet_id: i64,
        /// What was posted.
        balance: i64,
        /// What is reserved.
        held: i64,
        /// What may be spent.
        available: i64,
        /// The count of the wallet's transactions.
        version: i64,
        /// The code.
        currency: String,
        /// Digits after the point.
        exponent: u32,
        /// How far the balance may fall below zero.
        overdraft_limit: i64,
        /// The last durable place of the journal, which this answer reflects.
        commit_seq: i64,
        /// Holds have ended whose rows aren't written yet; `held` and `available` are without them.
        expiry_pending: bool,
    }
    /// The figures of a wallet as they were.
    BalanceAt from GetBalanceAtResponse {
        /// The wallet's.
        wallet_id: i64,
        /// What was posted then.
        balance: i64,
        /// What was reserved then.
        held: i64,
        /// What could be spent then.
        available: i64,
        /// How far the balance could fall below zero then.
        overdraft_limit: i64,
        /// That of the wallet then.
        version: i64,
        /// The row that made it so.
        transaction_id: i64,
        /// When that row was stored.
        created_at_micros: i64,
        /// The code.
        currency: String,
        /// Digits after the point.
        exponent: u32,
        /// The last durable place of the journal.
        commit_seq: i64,
    }
}

/// What a wallet's owner may do, as a whole. 0: no such limit, but for `overdraft_limit`.
///
/// Days, ISO weeks and months are those of UTC, by the time at which a transaction is stored. Debits, outgoing transfers
/// and holds count; what a hold didn't use is given back when it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalletLimits {
    /// How far the balance may fall below zero.
    pub overdraft_limit: i64,
    /// How high it may rise.
    pub max_balance: i64,
    /// Of one debit, outgoing transfer or hold.
    pub max_amount: i64,
    /// Of a day.
    pub day: WindowLimit,
    /// Of a week, from Monday.
    pub week: WindowLimit,
    /// Of a month.
    pub month: WindowLimit,
}

/// What may be taken out of a wallet in a day, a week or a month; 0: no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowLimit {
    /// In all.
    pub amount: i64,
    /// How often.
    pub count: i64,
}

impl FromWire<Option<pb::WindowLimit>> for WindowLimit {
    fn from_wire(message: Option<pb::WindowLimit>) -> Self {
        let pb::WindowLimit { amount, count } = message.unwrap_or_default();
        Self { amount, count }
    }
}

impl FromWire<Option<pb::WalletLimits>> for WalletLimits {
    fn from_wire(message: Option<pb::WalletLimits>) -> Self {
        let pb::WalletLimits { overdraft_limit, max_balance, max_amount, day, week, month } =
            message.unwrap_or_default();
        Self {
            overdraft_limit,
            max_balance,
            max_amount,
            day: FromWire::from_wire(day),
            week: FromWire::from_wire(week),
            month: FromWire::from_wire(month),
        }
    }
}
