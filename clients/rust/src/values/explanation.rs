use super::{answers, FreezeScope, FromWire, LimitKind, Transaction, TransactionKind, Wallet, WalletLimits};

answers! {
    /// Why a balance is what it is.
    BalanceExplanation from ExplainBalanceResponse {
        /// The wallet.
        wallet: Wallet,
        /// The balance before the first row that was summed.
        opening_balance: i64,
        /// The wallet's version then; 0: from its beginning.
        opening_version: i64,
        /// When the first row that was summed was stored.
        opening_at_micros: i64,
        /// By kind and reason, the largest amount first.
        sums: Vec<BalanceSum>,
        /// Open ones, by their ends.
        holds: Vec<HoldInfo>,
        /// Those in effect.
        freezes: Vec<FreezeInfo>,
        /// What a freeze of debits keeps from being spent.
        frozen_amount: i64,
        /// As they are set.
        limits: WalletLimits,
        /// One for each limit that is set and counted.
        limit_uses: Vec<LimitUse>,
        /// Newest first.
        last_changes: Vec<Transaction>,
        /// Rows of the wallet that were read and added up.
        rows_recomputed: i64,
        /// The sum, and each row's figures, are those of the wallet.
        equal: bool,
        /// What differs; empty when nothing does.
        difference: String,
        /// The links of all rows read are right, up to this transaction; 0: one isn't.
        chain_verified_to: i64,
        /// The place of the journal that this answer reflects.
        commit_seq: i64,
    }
    /// Rows of one kind and reason together.
    BalanceSum from BalanceSum {
        /// Their kind.
        kind: TransactionKind,
        /// Their reason; empty of the rest.
        reason: String,
        /// How many they are.
        count: i64,
        /// The signed change of the balance.
        amount: i64,
        /// The signed change of what is reserved.
        held_change: i64,
    }
    /// An open hold.
    HoldInfo from HoldInfo {
        /// Its id.
        hold_id: i64,
        /// As it was reserved.
        amount: i64,
        /// What was taken of it.
        captured: i64,
        /// What is left of it.
        remaining: i64,
        /// When it was made.
        created_at_micros: i64,
        /// When it ends by itself.
        ends_at_micros: i64,
        /// Why it was made, as a short code.
        reason: String,
        /// The caller's.
        reference: String,
    }
    /// A freeze in effect.
    FreezeInfo from FreezeInfo {
        /// What it stops.
        scope: FreezeScope,
        /// Why, as a short code.
        reason: String,
        /// Since when.
        since_micros: i64,
        /// 0: until it is lifted.
        until_micros: i64,
    }
    /// How much of a limit is used.
    LimitUse from LimitUse {
        /// Which one.
        kind: LimitKind,
        /// As it is set.
        limit: i64,
        /// Of it, until now.
        used: i64,
        /// What is left of it.
        remaining: i64,
        /// 0 where there is no window.
        window_end_micros: i64,
    }
}
