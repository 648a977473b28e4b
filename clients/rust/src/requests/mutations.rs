use std::time::Duration;

use super::convert::{entries, field, mutations, Part, With};
use crate::proto as pb;
use crate::proto::batch_item::Mutation as Item;
use crate::values::{FreezeScope, MutationResult, TransferResult, WalletLimits, WalletRef};

mutations! {
    /// Opens a wallet with a balance of 0. Rejected with `WalletExists` if there is one.
    OpenWallet = OpenWallet(OpenWalletRequest) -> MutationResult from MutationResponse {
        /// its owner, its currency and, if it isn't to be "main", its name.
        wallet: WalletRef as impl Into<WalletRef>,
        ;
    }

    /// Takes an amount out of a wallet. Rejected with `InsufficientFunds` if it lacks it.
    Debit = Debit(DebitRequest) -> MutationResult from MutationResponse {
        /// whose it is.
        wallet: WalletRef as impl Into<WalletRef>,
        /// minor units, from 1.
        amount: i64 as i64,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
        /// "sales" unless told.
        counter_account: String as impl Into<String> = counter_account.into(),
    }

    /// Puts an amount into a wallet.
    Credit = Credit(CreditRequest) -> MutationResult from MutationResponse {
        /// whose it will be.
        wallet: WalletRef as impl Into<WalletRef>,
        /// minor units, from 1.
        amount: i64 as i64,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
        /// "funding" unless told.
        counter_account: String as impl Into<String> = counter_account.into(),
    }

    /// Moves an amount from one wallet to another of the same currency, at once or not at all.
    Transfer = Transfer(TransferRequest) -> TransferResult from TransferResponse {
        /// the source.
        wallet: WalletRef as impl Into<WalletRef>,
        /// the destination.
        to: WalletRef as impl Into<WalletRef>,
        /// minor units, from 1.
        amount: i64 as i64,
        ;
        /// The source's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }

    /// Reserves an amount: it stays in the balance and isn't available until it is captured, released or the hold ends. The
    /// transaction's id is the hold's.
    Hold = Hold(HoldRequest) -> MutationResult from MutationResponse {
        /// whose it is.
        wallet: WalletRef as impl Into<WalletRef>,
        /// minor units, from 1.
        amount: i64 as i64,
        /// whole milliseconds, at most 366 days; the server reckons the end by its own clock.
        timeout_millis: Duration as Duration,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }

    /// Takes an amount of a hold, or all that is left of it. It never fails for funds or limits. Rejected with
    /// `HoldCaptured`, `HoldReleased` or `HoldExpired` if the hold has ended, and with `HoldAmountExceeded` if less is left
    /// of it.
    Capture = Capture(CaptureRequest) -> MutationResult from MutationResponse {
        /// the hold's.
        hold_id: i64 as i64,
        ;
        /// Only so much of it, minor units, from 1. Without it all that is left is taken, and the capture is final.
        amount: Part as i64 = Part(Some(amount)),
        /// Nothing more will be captured: the rest is given back.
        r#final: bool as bool = r#final,
        /// It must be the wallet's.
        currency: String as impl Into<String> = currency.into(),
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
        /// "sales" unless told.
        counter_account: String as impl Into<String> = counter_account.into(),
    }

    /// Gives back what is left of a hold.
    Release = Release(ReleaseRequest) -> MutationResult from MutationResponse {
        /// the hold's.
        hold_id: i64 as i64,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }

    /// Gives back a debit or a capture, or a part of it. All refunds of one together never exceed it: Rejected with
    /// `RefundExceedsOriginal`.
    Refund = Refund(RefundRequest) -> MutationResult from MutationResponse {
        /// that of the debit or capture.
        transaction_id: i64 as i64,
        ;
        /// Only so much of it, minor units, from 1. Without it all that wasn't refunded yet is given back.
        amount: Part as i64 = Part(Some(amount)),
        /// It must be the wallet's.
        currency: String as impl Into<String> = currency.into(),
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
        /// "refunds" unless told.
        counter_account: String as impl Into<String> = counter_account.into(),
    }

    /// Stops a wallet for debits, credits or both, whether it is stopped already or not: the last freeze counts. What it
    /// stops is Rejected with `WalletFrozen`; holds may still be released, and end in their time.
    Freeze = Freeze(FreezeRequest) -> MutationResult from MutationResponse {
        /// which one.
        wallet: WalletRef as impl Into<WalletRef>,
        /// what is stopped.
        scope: FreezeScope as FreezeScope,
        ;
        /// From then on the freeze has no effect; without it, until it is lifted. Microseconds since 1970 (UTC).
        until_micros: i64 as i64 = until_micros,
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }

    /// Lifts a wallet's freeze, or one side of it.
    Unfreeze = Unfreeze(UnfreezeRequest) -> MutationResult from MutationResponse {
        /// which one.
        wallet: WalletRef as impl Into<WalletRef>,
        /// what is lifted.
        scope: FreezeScope as FreezeScope,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }

    /// Sets a wallet's limits, all of them: those left out are lifted.
    SetLimits = SetLimits(SetLimitsRequest) -> MutationResult from MutationResponse {
        /// which one.
        wallet: WalletRef as impl Into<WalletRef>,
        /// each from 0.
        limits: WalletLimits as WalletLimits,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }

    /// Ends a wallet; its name is never used again. Rejected with `WalletNotEmpty` unless its balance is 0 and it has no
    /// open holds.
    CloseWallet = CloseWallet(CloseWalletRequest) -> MutationResult from MutationResponse {
        /// which one.
        wallet: WalletRef as impl Into<WalletRef>,
        ;
        /// The wallet's version must be this one; 0: not checked.
        expected_version: i64 as i64 = expected_version,
    }
}

macro_rules! items {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A mutation that may stand in a [`Batch`](crate::Batch).
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Mutation {
            $($(#[$doc])* $name($name),)*
        }

        $(impl From<$name> for Mutation {
            fn from(mutation: $name) -> Self {
                Mutation::$name(mutation)
            }
        })*

        impl Mutation {
            pub(super) fn with(&self) -> &With {
                match self {
                    $(Mutation::$name(mutation) => &mutation.with,)*
                }
            }

            pub(super) fn into_item(self, key: String) -> Result<pb::BatchItem, String> {
                let item = match self {
                    $(Mutation::$name(mutation) => Item::$name(mutation.into_message(key)?),)*
                };
                Ok(pb::BatchItem { mutation: Some(item) })
            }
        }
    };
}

items! {
    /// Opens a wallet.
    OpenWallet,
    /// Takes an amount out.
    Debit,
    /// Puts an amount in.
    Credit,
    /// Moves an amount.
    Transfer,
    /// Reserves an amount.
    Hold,
    /// Takes an amount of a hold.
    Capture,
    /// Gives a hold back.
    Release,
    /// Gives a debit or capture back.
    Refund,
    /// Stops a wallet.
    Freeze,
    /// Lifts a freeze.
    Unfreeze,
    /// Sets limits.
    SetLimits,
    /// Ends a wallet.
    CloseWallet,
}
