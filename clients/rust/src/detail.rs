//! The figures of errors.

use crate::proto as pb;
use crate::values::{FreezeScope, FromWire, LimitKind};

macro_rules! details {
    ($($(#[$doc:meta])* $name:ident from $variant:ident($message:ident) {
        $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
    })*) => {
        /// The figures of an error, in the order of the reasons. Amounts are minor units, times are microseconds since
        /// 1970 (UTC).
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Detail {
            $($(#[$doc])* #[non_exhaustive] $name { $($(#[$fdoc])* $field: $type,)* },)*
        }

        impl Detail {
            /// None for what has a place elsewhere in the error (a batch's cause, a retry-after, a resume token), and
            /// for what is newer than this crate.
            pub(crate) fn from_wire(detail: pb::error::Detail) -> Option<Self> {
                match detail {
                    $(pb::error::Detail::$variant(pb::$message { $($field,)* }) => {
                        Some(Detail::$name { $($field: FromWire::from_wire($field),)* })
                    })*
                    pb::error::Detail::RetryAfter(_)
                    | pb::error::Detail::BatchAborted(_)
                    | pb::error::Detail::StreamEnd(_) => None,
                }
            }
        }
    };
}

details! {
    /// Of `InvalidFrame`.
    FrameLimit from FrameLimit(FrameLimit) {
        /// The rule that was broken.
        rule: String,
        /// Bytes, where the rule is a size; else 0.
        limit: u32,
    }
    /// Of `PermissionDenied` and `Unauthenticated`: why a caller was turned away.
    Scope from Scope(ScopeDetail) {
        /// The scope that is missing; of the rule "scope".
        scope: String,
        /// Of `PermissionDenied` "scope", "wallet", "max_amount" or "whole_ledger"; of `Unauthenticated` "missing",
        /// "wrong", "expired", "revoked", "certificate" or "unix_user".
        rule: String,
        /// Of the rule "max_amount".
        max_amount: i64,
        /// In a recorded refusal: denied calls of the same principal before it that have no row.
        omitted: i64,
    }
    /// Of `Unimplemented`.
    Unimplemented from Unimplemented(Unimplemented) {
        /// The number of the verb.
        method: u32,
        /// A field that the verb doesn't take yet; else empty.
        feature: String,
    }
    /// Of `InvalidArgument`.
    InvalidArgument from InvalidArgument(InvalidArgument) {
        /// The path of the field as the schema writes it, such as `amount` or `metadata[2].key`.
        field: String,
        /// The rule that it breaks.
        rule: String,
    }
    /// Of `IdempotencyMismatch`.
    IdempotencyMismatch from IdempotencyMismatch(IdempotencyMismatch) {
        /// The first field that differs from the request that has the key.
        field: String,
    }
    /// Of `CurrencyUnknown`, `CurrencyExists` and `CurrencyMismatch`.
    Currency from Currency(CurrencyDetail) {
        /// Empty when no wallet is in question.
        wallet_currency: String,
        /// What the request says.
        request_currency: String,
    }
    /// Of `CounterAccountUnknown` and `CounterAccountExists`.
    CounterAccount from CounterAccount(CounterAccountDetail) {
        /// Its name.
        counter_account: String,
    }
    /// Of `WalletNotFound`, `WalletExists`, `SameWallet` and `WalletClosed`.
    Wallet from Wallet(WalletDetail) {
        /// 0 where the wallet isn't known by an id.
        wallet_id: i64,
        /// Whose it is.
        owner_id: String,
        /// Its currency.
        currency: String,
        /// Its name.
        name: String,
    }
    /// Of `TransactionNotFound` and `NotRefundable`.
    Transaction from Transaction(TransactionDetail) {
        /// Its id.
        transaction_id: i64,
    }
    /// Of `WalletFrozen`.
    WalletFrozen from WalletFrozen(WalletFrozen) {
        /// Its id.
        wallet_id: i64,
        /// What is stopped.
        scope: FreezeScope,
        /// That of the freeze.
        reason: String,
        /// When it was frozen.
        since_micros: i64,
        /// 0: until it is lifted.
        until_micros: i64,
    }
    /// Of `WalletNotEmpty`.
    WalletNotEmpty from WalletNotEmpty(WalletNotEmpty) {
        /// What it has.
        balance: i64,
        /// Their count.
        open_holds: i64,
    }
    /// Of `VersionConflict`.
    VersionConflict from VersionConflict(VersionConflict) {
        /// That of the request.
        expected: i64,
        /// That of the wallet.
        actual: i64,
        /// The wallet's.
        balance: i64,
    }
    /// Of `HoldNotFound` and of why a hold can't be captured or released.
    Hold from Hold(HoldDetail) {
        /// Its id.
        hold_id: i64,
        /// When it was captured, released or ended; else when it will end.
        at_micros: i64,
        /// What is left of it.
        remaining: i64,
    }
    /// Of `RefundExceedsOriginal`.
    RefundExceeds from RefundExceeds(RefundExceeds) {
        /// What the debit or capture took.
        original: i64,
        /// Of it, until now.
        refunded: i64,
        /// What may still be given back.
        remaining: i64,
    }
    /// Of `LimitExceeded`. Counts are counts.
    LimitExceeded from LimitExceeded(LimitExceeded) {
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
    /// Of `MaxBalanceExceeded`.
    MaxBalanceExceeded from MaxBalanceExceeded(MaxBalanceExceeded) {
        /// As it is set.
        limit: i64,
        /// What the wallet has.
        balance: i64,
        /// What may still be put in.
        remaining: i64,
    }
    /// Of `InsufficientFunds`.
    InsufficientFunds from InsufficientFunds(InsufficientFunds) {
        /// What was asked for.
        requested: i64,
        /// What may be spent.
        available: i64,
        /// What was posted.
        balance: i64,
        /// What is reserved.
        held: i64,
        /// How far the balance may fall below zero.
        overdraft_limit: i64,
        /// `requested - available`.
        shortfall: i64,
        /// The wallet's.
        version: i64,
    }
    /// Of `AmountOverflow`.
    AmountOverflow from AmountOverflow(AmountOverflow) {
        /// The sum that would leave 64 bits.
        field: String,
    }
    /// Of `Internal`.
    Internal from Internal(Internal) {
        /// Find it in the server's log.
        id: String,
    }
}
