use super::{answers, FromWire, Refusal, Token, Transaction, Wallet};

answers! {
    /// A page of wallets, by rising id.
    WalletPage from ListWalletsResponse {
        /// At most 1,000.
        wallets: Vec<Wallet>,
        /// Empty: that was all.
        next_cursor: String,
        /// The place of the journal that this answer reflects.
        commit_seq: i64,
    }
    /// A page of transactions.
    TransactionPage from ListTransactionsResponse {
        /// Newest first unless asked for otherwise.
        transactions: Vec<Transaction>,
        /// Empty: that was all. A page may be short, or empty, and go on.
        next_cursor: String,
        /// The code.
        currency: String,
        /// Digits after the point.
        exponent: u32,
        /// The place of the journal that this answer reflects.
        commit_seq: i64,
    }
    /// A page of refusals.
    RefusalPage from ListRefusalsResponse {
        /// Newest first unless asked for otherwise.
        refusals: Vec<Refusal>,
        /// Empty: that was all. A page may be short, or empty, and go on.
        next_cursor: String,
        /// The place of the journal that this answer reflects.
        commit_seq: i64,
    }
    /// A page of tokens, by rising id.
    TokenPage from ListTokensResponse {
        /// At most 1,000.
        tokens: Vec<Token>,
        /// Empty: that was all.
        next_cursor: String,
        /// The place of the journal that this answer reflects.
        commit_seq: i64,
    }
}
