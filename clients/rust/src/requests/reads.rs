use super::convert::IntoWire;
use super::IntoCall;
use crate::engine::Call;
use crate::error::Error;
use crate::proto as pb;
use crate::proto::get_balance_at_request::At;
use crate::values::{
    Balance, BalanceAt, BalanceExplanation, FoundWallet, Pong, Refusal, RefusalPage, Schema, ServerInfo, Token,
    TokenPage, Transaction, TransactionKind, TransactionPage, TrialBalance, Wallet, WalletPage, WalletRef,
};
use crate::Reason;

/// A read: what it asks with, and what it makes of the answer.
macro_rules! reads {
    ($($name:ident = $method:ident($message:expr) -> $output:ident from $response:ident;)*) => {
        $(impl IntoCall for $name {
            type Output = $output;

            fn into_call(self) -> Result<Call<$output>, Error> {
                let make: fn($name) -> _ = $message;
                Ok(Call::read::<pb::$response>(pb::Method::$method as i32 as u16, &make(self)))
            }
        })*
    };
}

pub(crate) struct Ping;
pub(crate) struct GetSchema;
pub(crate) struct GetServerInfo;
pub(crate) struct GetWallet(pub(crate) WalletRef);
pub(crate) struct GetBalance(pub(crate) WalletRef);
pub(crate) struct TrialBalanceOf(pub(crate) String);

/// Asks for a balance as it was.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until a client is given it"]
pub struct GetBalanceAt {
    wallet: WalletRef,
    at: At,
}

impl GetBalanceAt {
    /// At a time that isn't in the future, in microseconds since 1970 (UTC): rows stored at this very time count, holds
    /// that ended by then don't.
    pub fn time_micros(wallet: impl Into<WalletRef>, time_micros: i64) -> Self {
        Self { wallet: wallet.into(), at: At::TimeMicros(time_micros) }
    }

    /// Right after a version, from 1 to the wallet's.
    pub fn version(wallet: impl Into<WalletRef>, version: i64) -> Self {
        Self { wallet: wallet.into(), at: At::Version(version) }
    }
}

/// Asks why a balance is what it is.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until a client is given it"]
pub struct ExplainBalance {
    wallet: WalletRef,
    from_micros: i64,
    last_changes: u32,
}

impl ExplainBalance {
    /// From the wallet's beginning, with the newest 10 rows.
    pub fn new(wallet: impl Into<WalletRef>) -> Self {
        Self { wallet: wallet.into(), from_micros: 0, last_changes: 0 }
    }

    /// What was stored before it is the opening balance. Microseconds since 1970 (UTC).
    pub fn from_micros(self, from_micros: i64) -> Self {
        Self { from_micros, ..self }
    }

    /// How many of the newest rows are told, at most 100; 0: 10.
    pub fn last_changes(self, last_changes: u32) -> Self {
        Self { last_changes, ..self }
    }
}

/// Asks for the wallets of an owner, by rising id.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until a client is given it"]
pub struct ListWallets {
    owner_id: String,
    page_size: u32,
    cursor: String,
}

impl ListWallets {
    /// All of the owner's.
    pub fn new(owner_id: impl Into<String>) -> Self {
        Self { owner_id: owner_id.into(), page_size: 0, cursor: String::new() }
    }

    /// At most 1,000; 0: 50.
    pub fn page_size(self, page_size: u32) -> Self {
        Self { page_size, ..self }
    }

    /// Behind the page that has this `next_cursor`.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        Self { cursor: cursor.into(), ..self }
    }
}

/// What rows must have; what is left out excludes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransactionFilter {
    /// Stored at or after it.
    pub from_micros: i64,
    /// Stored before it; 0: no end.
    pub before_micros: i64,
    /// One of them.
    pub kinds: Vec<TransactionKind>,
    /// Exactly this.
    pub reason: String,
    /// Exactly this.
    pub actor: String,
    /// Exactly this.
    pub reference: String,
    /// Of the change of the balance without its sign, or of what a hold reserves.
    pub min_amount: i64,
    /// 0: no bound.
    pub max_amount: i64,
}

/// Asks for the transactions of a wallet, newest first.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until a client is given it"]
pub struct ListTransactions {
    wallet: WalletRef,
    filter: TransactionFilter,
    oldest_first: bool,
    page_size: u32,
    cursor: String,
}

impl ListTransactions {
    /// All of the wallet's.
    pub fn new(wallet: impl Into<WalletRef>) -> Self {
        Self {
            wallet: wallet.into(),
            filter: TransactionFilter::default(),
            oldest_first: false,
            page_size: 0,
            cursor: String::new(),
        }
    }

    /// Only those that have this. A page looks at 10,000 rows at most: it may be short, or empty, and go on.
    pub fn filter(self, filter: TransactionFilter) -> Self {
        Self { filter, ..self }
    }

    /// The other way round.
    pub fn oldest_first(self) -> Self {
        Self { oldest_first: true, ..self }
    }

    /// At most 1,000 rows and 512 KiB; 0: 50.
    pub fn page_size(self, page_size: u32) -> Self {
        Self { page_size, ..self }
    }

    /// Behind the page that has this `next_cursor`, of a list with the same wallet, order and filter.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        Self { cursor: cursor.into(), ..self }
    }
}

/// Asks for refusals, newest first; what is left out excludes nothing.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is asked until a client is given it"]
pub struct ListRefusals {
    wallet: Option<WalletRef>,
    oldest_first: bool,
    from_micros: i64,
    before_micros: i64,
    reasons: Vec<Reason>,
    actor: String,
    owner_id: String,
    page_size: u32,
    cursor: String,
}

impl ListRefusals {
    /// All of the ledger's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those that this wallet's address led to.
    pub fn wallet(self, wallet: impl Into<WalletRef>) -> Self {
        Self { wallet: Some(wallet.into()), ..self }
    }

    /// The other way round.
    pub fn oldest_first(self) -> Self {
        Self { oldest_first: true, ..self }
    }

    /// Stored at or after it, in microseconds since 1970 (UTC).
    pub fn from_micros(self, from_micros: i64) -> Self {
        Self { from_micros, ..self }
    }

    /// Stored before it, in microseconds since 1970 (UTC).
    pub fn before_micros(self, before_micros: i64) -> Self {
        Self { before_micros, ..self }
    }

    /// One of them.
    pub fn reasons(self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        Self { reasons: reasons.into_iter().collect(), ..self }
    }

    /// Who asked.
    pub fn actor(self, actor: impl Into<String>) -> Self {
        Self { actor: actor.into(), ..self }
    }

    /// As the requests named it.
    pub fn owner_id(self, owner_id: impl Into<String>) -> Self {
        Self { owner_id: owner_id.into(), ..self }
    }

    /// At most 1,000 rows and 512 KiB; 0: 50.
    pub fn page_size(self, page_size: u32) -> Self {
        Self { page_size, ..self }
    }

    /// Behind the page that has this `next_cursor`, of a list with the same order and filter.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        Self { cursor: cursor.into(), ..self }
    }
}

/// Asks for what was granted, by rising id.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is asked until a client is given it"]
pub struct ListTokens {
    principal: String,
    with_revoked: bool,
    page_size: u32,
    cursor: String,
}

impl ListTokens {
    /// Of all principals.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of this one.
    pub fn principal(self, principal: impl Into<String>) -> Self {
        Self { principal: principal.into(), ..self }
    }

    /// Those that were revoked, too.
    pub fn with_revoked(self) -> Self {
        Self { with_revoked: true, ..self }
    }

    /// At most 1,000; 0: 50.
    pub fn page_size(self, page_size: u32) -> Self {
        Self { page_size, ..self }
    }

    /// Behind the page that has this `next_cursor`.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        Self { cursor: cursor.into(), ..self }
    }
}

fn wallet_ref(wallet: WalletRef) -> Option<pb::WalletRef> {
    wallet.into_wire().unwrap_or_default()
}

fn transaction_filter(filter: TransactionFilter) -> pb::TransactionFilter {
    let TransactionFilter { from_micros, before_micros, kinds, reason, actor, reference, min_amount, max_amount } =
        filter;
    let kinds = kinds.into_iter().map(TransactionKind::number).collect();
    pb::TransactionFilter { from_micros, before_micros, kinds, reason, actor, reference, min_amount, max_amount }
}

reads! {
    Ping = Ping(|_| pb::PingRequest {}) -> Pong from PingResponse;
    GetSchema = GetSchema(|_| pb::GetSchemaRequest {}) -> Schema from GetSchemaResponse;
    GetServerInfo = GetServerInfo(|_| pb::GetServerInfoRequest {}) -> ServerInfo from GetServerInfoResponse;
    GetWallet = GetWallet(|asks| pb::GetWalletRequest { wallet: wallet_ref(asks.0) })
        -> FoundWallet from GetWalletResponse;
    GetBalance = GetBalance(|asks| pb::GetBalanceRequest { wallet: wallet_ref(asks.0) })
        -> Balance from GetBalanceResponse;
    GetBalanceAt = GetBalanceAt(|asks| pb::GetBalanceAtRequest { wallet: wallet_ref(asks.wallet), at: Some(asks.at) })
        -> BalanceAt from GetBalanceAtResponse;
    ExplainBalance = ExplainBalance(|asks| pb::ExplainBalanceRequest {
        wallet: wallet_ref(asks.wallet),
        from_micros: asks.from_micros,
        last_changes: asks.last_changes,
    }) -> BalanceExplanation from ExplainBalanceResponse;
    ListWallets = ListWallets(|asks| pb::ListWalletsRequest {
        owner_id: asks.owner_id,
        page_size: asks.page_size,
        cursor: asks.cursor,
    }) -> WalletPage from ListWalletsResponse;
    ListTransactions = ListTransactions(|asks| pb::ListTransactionsRequest {
        wallet: wallet_ref(asks.wallet),
        page_size: asks.page_size,
        cursor: asks.cursor,
        oldest_first: asks.oldest_first,
        filter: Some(transaction_filter(asks.filter)),
    }) -> TransactionPage from ListTransactionsResponse;
    ListRefusals = ListRefusals(|asks| pb::ListRefusalsRequest {
        wallet: asks.wallet.and_then(wallet_ref),
        page_size: asks.page_size,
        cursor: asks.cursor,
        oldest_first: asks.oldest_first,
        from_micros: asks.from_micros,
        before_micros: asks.before_micros,
        reasons: asks.reasons.into_iter().map(Reason::number).collect(),
        actor: asks.actor,
        owner_id: asks.owner_id,
    }) -> RefusalPage from ListRefusalsResponse;
    ListTokens = ListTokens(|asks| pb::ListTokensRequest {
        principal: asks.principal,
        page_size: asks.page_size,
        cursor: asks.cursor,
        with_revoked: asks.with_revoked,
    }) -> TokenPage from ListTokensResponse;
    TrialBalanceOf = TrialBalance(|asks| pb::TrialBalanceRequest { currency: asks.0 })
        -> TrialBalance from TrialBalanceResponse;
}

/// A request of a list that can go through all of its pages.
pub(crate) trait Paged: IntoCall + Clone {
    /// What the list is of.
    type Item;

    /// The same, for the page behind this cursor.
    fn behind(&self, cursor: String) -> Self;

    /// What the page has, and where the next one begins.
    fn split(page: Self::Output) -> (Vec<Self::Item>, String);
}

macro_rules! paged {
    ($($name:ident: $item:ident in $field:ident;)*) => {
        $(impl Paged for $name {
            type Item = $item;

            fn behind(&self, cursor: String) -> Self {
                Self { cursor, ..self.clone() }
            }

            fn split(page: Self::Output) -> (Vec<$item>, String) {
                (page.$field, page.next_cursor)
            }
        })*
    };
}

paged! {
    ListWallets: Wallet in wallets;
    ListTransactions: Transaction in transactions;
    ListRefusals: Refusal in refusals;
    ListTokens: Token in tokens;
}
