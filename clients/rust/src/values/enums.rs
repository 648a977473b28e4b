use std::fmt;

use super::FromWire;

macro_rules! enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal, $text:literal;)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[non_exhaustive]
            pub enum $name {
                $($(#[$vdoc])* $variant,)*
                /// A value that is newer than this crate, by its number; 0: none was given.
                Unknown(i32),
            }

            impl $name {
                /// All that this crate knows, by their numbers.
                pub const ALL: &'static [$name] = &[$($name::$variant,)*];

                /// Its number in the schema.
                pub fn number(self) -> i32 {
                    match self {
                        $($name::$variant => $number,)*
                        $name::Unknown(number) => number,
                    }
                }

                /// The value of this name, such as that of [`Display`](fmt::Display).
                pub fn from_name(name: &str) -> Option<Self> {
                    match name {
                        $($text => Some($name::$variant),)*
                        _ => None,
                    }
                }
            }

            impl FromWire<i32> for $name {
                fn from_wire(number: i32) -> Self {
                    match number {
                        $($number => $name::$variant,)*
                        _ => $name::Unknown(number),
                    }
                }
            }

            impl fmt::Display for $name {
                /// The name in the schema without its prefix; of a value that isn't known `UNKNOWN_` and its number.
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    match self {
                        $($name::$variant => f.pad($text),)*
                        $name::Unknown(0) => f.pad("UNSPECIFIED"),
                        $name::Unknown(number) => write!(f, "UNKNOWN_{number}"),
                    }
                }
            }
        )*
    };
}

enums! {
    /// Whether a wallet may still be used.
    WalletStatus {
        /// It may.
        Open = 1, "OPEN";
        /// It was closed, for good.
        Closed = 2, "CLOSED";
    }
    /// What a transaction is.
    TransactionKind {
        /// The wallet's first row.
        Open = 1, "OPEN";
        /// An amount was taken out.
        Debit = 2, "DEBIT";
        /// An amount was put in.
        Credit = 3, "CREDIT";
        /// The source's row of a transfer.
        TransferOut = 4, "TRANSFER_OUT";
        /// The destination's row of a transfer.
        TransferIn = 5, "TRANSFER_IN";
        /// An amount was reserved.
        Hold = 6, "HOLD";
        /// An amount was taken of a hold.
        Capture = 7, "CAPTURE";
        /// What was left of a hold was given back.
        Release = 8, "RELEASE";
        /// A hold came to its end.
        Expire = 9, "EXPIRE";
        /// A debit or capture was given back, or a part of it.
        Refund = 10, "REFUND";
        /// The wallet was frozen.
        Freeze = 11, "FREEZE";
        /// A freeze was lifted.
        Unfreeze = 12, "UNFREEZE";
        /// Its limits were set.
        SetLimits = 13, "SET_LIMITS";
        /// The wallet's last row.
        Close = 14, "CLOSE";
    }
    /// What a freeze stops.
    FreezeScope {
        /// Nothing may be taken out, held or captured.
        Debit = 1, "DEBIT";
        /// Nothing may be put in.
        Credit = 2, "CREDIT";
        /// Both.
        All = 3, "ALL";
    }
    /// Which limit.
    LimitKind {
        /// The amount of one transaction.
        TransactionAmount = 1, "TRANSACTION_AMOUNT";
        /// The amount of a day.
        DayAmount = 2, "DAY_AMOUNT";
        /// The count of a day.
        DayCount = 3, "DAY_COUNT";
        /// The amount of a week, from Monday.
        WeekAmount = 4, "WEEK_AMOUNT";
        /// The count of a week, from Monday.
        WeekCount = 5, "WEEK_COUNT";
        /// The amount of a month.
        MonthAmount = 6, "MONTH_AMOUNT";
        /// The count of a month.
        MonthCount = 7, "MONTH_COUNT";
    }
    /// How a principal is let in.
    TokenKind {
        /// By a token.
        Secret = 1, "SECRET";
        /// By a client's certificate.
        Certificate = 2, "CERTIFICATE";
        /// By the user at the other end of a Unix socket.
        UnixUser = 3, "UNIX_USER";
    }
    /// A verb, as rows of the journal name it.
    Verb {
        /// Asks for a sign of life.
        Ping = 1, "PING";
        /// Asks for the messages that the server speaks.
        GetSchema = 2, "GET_SCHEMA";
        /// Asks who the server is.
        GetServerInfo = 3, "GET_SERVER_INFO";
        /// Of a connection that was turned away.
        Hello = 4, "HELLO";
        /// See [`OpenWallet`](crate::OpenWallet).
        OpenWallet = 256, "OPEN_WALLET";
        /// A read.
        GetWallet = 257, "GET_WALLET";
        /// A read.
        ListWallets = 258, "LIST_WALLETS";
        /// A read.
        GetBalance = 259, "GET_BALANCE";
        /// See [`Debit`](crate::Debit).
        Debit = 260, "DEBIT";
        /// See [`Credit`](crate::Credit).
        Credit = 261, "CREDIT";
        /// A read.
        ListTransactions = 262, "LIST_TRANSACTIONS";
        /// See [`Transfer`](crate::Transfer).
        Transfer = 263, "TRANSFER";
        /// See [`Hold`](crate::Hold).
        Hold = 264, "HOLD";
        /// See [`Capture`](crate::Capture).
        Capture = 265, "CAPTURE";
        /// See [`Release`](crate::Release).
        Release = 266, "RELEASE";
        /// See [`Refund`](crate::Refund).
        Refund = 267, "REFUND";
        /// See [`Freeze`](crate::Freeze).
        Freeze = 268, "FREEZE";
        /// See [`Unfreeze`](crate::Unfreeze).
        Unfreeze = 269, "UNFREEZE";
        /// See [`SetLimits`](crate::SetLimits).
        SetLimits = 270, "SET_LIMITS";
        /// See [`CloseWallet`](crate::CloseWallet).
        CloseWallet = 271, "CLOSE_WALLET";
        /// See [`Batch`](crate::Batch).
        Batch = 272, "BATCH";
        /// A read.
        GetBalanceAt = 273, "GET_BALANCE_AT";
        /// A read.
        ExplainBalance = 274, "EXPLAIN_BALANCE";
        /// A read.
        ListRefusals = 275, "LIST_REFUSALS";
        /// A read.
        TrialBalance = 276, "TRIAL_BALANCE";
        /// A stream.
        Verify = 277, "VERIFY";
        /// A stream.
        WatchTransactions = 278, "WATCH_TRANSACTIONS";
        /// See [`RegisterCurrency`](crate::RegisterCurrency).
        RegisterCurrency = 512, "REGISTER_CURRENCY";
        /// See [`AddCounterAccount`](crate::AddCounterAccount).
        AddCounterAccount = 513, "ADD_COUNTER_ACCOUNT";
        /// See [`CreateToken`](crate::CreateToken).
        CreateToken = 514, "CREATE_TOKEN";
        /// See [`RevokeToken`](crate::RevokeToken).
        RevokeToken = 515, "REVOKE_TOKEN";
        /// A read.
        ListTokens = 516, "LIST_TOKENS";
        /// A stream.
        Backup = 517, "BACKUP";
        /// What was brought in from elsewhere.
        Import = 518, "IMPORT";
    }
}

impl FromWire<i32> for crate::Reason {
    fn from_wire(number: i32) -> Self {
        crate::Reason::from_number(number)
    }
}
