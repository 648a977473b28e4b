//! The codes of the server's answers.

use std::fmt;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal;)*) => {
        /// Why the server decided against a request, or could not carry it out.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $name,)*
            /// A code that is newer than this crate, by its number.
            Unknown(i32),
        }

        impl Reason {
            /// All that this crate knows, by their numbers.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// Its number in the schema; numbers never change and are never used again.
            pub fn number(self) -> i32 {
                match self {
                    $(Reason::$name => $number,)*
                    Reason::Unknown(number) => number,
                }
            }

            /// The reason of this number. That of 0 is `Unknown(0)`, as that of every number that isn't known.
            pub fn from_number(number: i32) -> Self {
                match number {
                    $($number => Reason::$name,)*
                    _ => Reason::Unknown(number),
                }
            }

            /// The reason of this name, such as "INSUFFICIENT_FUNDS".
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Reason::$name),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for Reason {
            /// The name in the schema without its prefix; the bare number of one that isn't known.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Reason::$name => f.pad($text),)*
                    Reason::Unknown(number) => fmt::Display::fmt(number, f),
                }
            }
        }
    };
}

reasons! {
    /// What came is no frame, is too long, has a wrong checksum or may not come now. The connection closes.
    InvalidFrame = 1, "INVALID_FRAME";
    /// The connection has no identity, or a wrong one: it closes.
    Unauthenticated = 2, "UNAUTHENTICATED";
    /// The identity hasn't the scope that the verb takes, or is kept from that wallet or amount.
    PermissionDenied = 3, "PERMISSION_DENIED";
    /// The verb, or a field of it, isn't served here.
    Unimplemented = 4, "UNIMPLEMENTED";
    /// Too much is queued already, or a stream is not read fast enough.
    ResourceExhausted = 5, "RESOURCE_EXHAUSTED";
    /// The caller took the request back before its commit.
    Cancelled = 6, "CANCELLED";
    /// The deadline passed before the commit began.
    DeadlineExceeded = 7, "DEADLINE_EXCEEDED";
    /// The server is leaving, or its clock or its disk can't be relied upon now.
    Unavailable = 8, "UNAVAILABLE";
    /// A field is missing, too long, out of range or unknown.
    InvalidArgument = 9, "INVALID_ARGUMENT";
    /// A cursor or a token of another ledger, or of the time before a restore.
    ResumeInvalid = 10, "RESUME_INVALID";
    /// The key belongs to another request. The field is the first that differs.
    IdempotencyMismatch = 11, "IDEMPOTENCY_MISMATCH";
    /// The request names a currency that nobody knows.
    CurrencyUnknown = 12, "CURRENCY_UNKNOWN";
    /// The currency is known already.
    CurrencyExists = 13, "CURRENCY_EXISTS";
    /// The request's currency isn't the wallet's, or two wallets have different ones.
    CurrencyMismatch = 14, "CURRENCY_MISMATCH";
    /// There is no such counter-account.
    CounterAccountUnknown = 15, "COUNTER_ACCOUNT_UNKNOWN";
    /// The address leads to no wallet.
    WalletNotFound = 16, "WALLET_NOT_FOUND";
    /// The name is taken, if by a closed wallet.
    WalletExists = 17, "WALLET_EXISTS";
    /// Source and destination are one wallet.
    SameWallet = 18, "SAME_WALLET";
    /// There is no such transaction.
    TransactionNotFound = 19, "TRANSACTION_NOT_FOUND";
    /// The transaction is neither a debit nor a capture.
    NotRefundable = 20, "NOT_REFUNDABLE";
    /// The wallet is closed.
    WalletClosed = 21, "WALLET_CLOSED";
    /// The wallet is frozen for what was asked.
    WalletFrozen = 22, "WALLET_FROZEN";
    /// A wallet that has a balance or open holds can't be closed.
    WalletNotEmpty = 23, "WALLET_NOT_EMPTY";
    /// `expected_version` isn't the wallet's version.
    VersionConflict = 24, "VERSION_CONFLICT";
    /// There is no such hold.
    HoldNotFound = 25, "HOLD_NOT_FOUND";
    /// The hold has ended: its last capture is done.
    HoldCaptured = 26, "HOLD_CAPTURED";
    /// The hold has ended: it was released.
    HoldReleased = 27, "HOLD_RELEASED";
    /// The hold has ended: its time was over.
    HoldExpired = 28, "HOLD_EXPIRED";
    /// More is captured than is left of the hold.
    HoldAmountExceeded = 29, "HOLD_AMOUNT_EXCEEDED";
    /// All refunds together would be more than was taken.
    RefundExceedsOriginal = 30, "REFUND_EXCEEDS_ORIGINAL";
    /// A limit of what may be taken out, of one transaction or of a day, week or month.
    LimitExceeded = 31, "LIMIT_EXCEEDED";
    /// The balance would pass its maximum.
    MaxBalanceExceeded = 32, "MAX_BALANCE_EXCEEDED";
    /// More is asked for than is available.
    InsufficientFunds = 33, "INSUFFICIENT_FUNDS";
    /// A sum would leave the range of 64-bit integers.
    AmountOverflow = 34, "AMOUNT_OVERFLOW";
    /// An item of a batch of all or nothing was refused, so nothing was done.
    BatchAborted = 35, "BATCH_ABORTED";
    /// A bug. The server has logged it under the id.
    Internal = 36, "INTERNAL";
    /// The counter-account is there already.
    CounterAccountExists = 37, "COUNTER_ACCOUNT_EXISTS";
}

impl Reason {
    /// Whether a refusal for this reason is recorded: the same key gets the same answer for ever, and a new attempt
    /// takes a new key. That of [`Reason::BatchAborted`] is when its cause's is.
    pub fn is_remembered(self) -> bool {
        let number = self.number();
        let business = Reason::CurrencyUnknown.number()..=Reason::AmountOverflow.number();
        business.contains(&number) && self != Reason::VersionConflict || self == Reason::CounterAccountExists
    }

    /// Whether the client tries again by itself.
    pub(crate) fn is_retried(self) -> bool {
        matches!(self, Reason::Unavailable | Reason::ResourceExhausted)
    }

    /// The server could not, rather than would not.
    pub(crate) fn could_not(self) -> bool {
        self.is_retried() || matches!(self, Reason::Cancelled | Reason::DeadlineExceeded | Reason::Internal)
    }

    /// Of an answer that names none: the statuses that have just one.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            1 => Reason::Cancelled,
            4 => Reason::DeadlineExceeded,
            7 => Reason::PermissionDenied,
            8 => Reason::ResourceExhausted,
            12 => Reason::Unimplemented,
            13 => Reason::Internal,
            14 => Reason::Unavailable,
            16 => Reason::Unauthenticated,
            _ => Reason::Unknown(0),
        }
    }
}
