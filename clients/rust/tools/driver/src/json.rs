use std::collections::BTreeMap;

use serde_json::{json, Map, Value};
use walletd::*;

/// A value of the client as JSON with the names of the schema.
pub trait ToJson {
    fn json(&self) -> Value;
}

impl ToJson for i64 {
    fn json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for Vec<u8> {
    fn json(&self) -> Value {
        hex(self).into()
    }
}

impl ToJson for BTreeMap<String, String> {
    fn json(&self) -> Value {
        self.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToJson::json)
    }
}

impl ToJson for Rejected {
    fn json(&self) -> Value {
        rejected(self)
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(impl ToJson for $type {
            fn json(&self) -> Value {
                self.clone().into()
            }
        })*
    };
}

plain!(bool, u32, String, Vec<String>);

macro_rules! named {
    ($($type:ty),*) => {
        $(impl ToJson for $type {
            fn json(&self) -> Value {
                self.to_string().into()
            }
        })*
    };
}

named!(FreezeScope, LimitKind, TokenKind, TransactionKind, Verb, WalletStatus);

macro_rules! lists {
    ($($type:ty),*) => {
        $(impl ToJson for Vec<$type> {
            fn json(&self) -> Value {
                self.iter().map(ToJson::json).collect()
            }
        })*
    };
}

lists!(
    BalanceSum,
    CounterAccountBalance,
    CurrencyBalance,
    FreezeInfo,
    HoldInfo,
    LimitUse,
    Refusal,
    Token,
    Transaction,
    Wallet
);

macro_rules! objects {
    ($($type:ident { $($field:ident)* })*) => {
        $(impl ToJson for $type {
            fn json(&self) -> Value {
                let mut members = Map::new();
                $(members.insert(stringify!($field).into(), self.$field.json());)*
                members.retain(|_, value| !value.is_null());
                Value::Object(members)
            }
        })*
    };
}

objects! {
    Pong { server_time_micros commit_seq }
    Schema { file_descriptor_set digest commit_seq }
    ServerInfo { server_name ledger_id epoch head server_time_micros limits schema_digest storage started_at_micros
        mutations_available mutations_unavailable_because commit_seq build }
    ServerLimits { request_bytes_max batch_request_bytes_max response_bytes_max requests_in_flight_max idle_timeout_millis
        default_deadline_millis }
    JournalHead { seq digest }
    WalletRef { id owner_id currency name }
    Wallet { id owner_id currency exponent name status balance held available overdraft_limit version created_at_micros
        created_by updated_at_micros updated_by expiry_pending }
    Balance { wallet_id balance held available version currency exponent overdraft_limit commit_seq expiry_pending }
    BalanceAt { wallet_id balance held available overdraft_limit version transaction_id created_at_micros currency exponent
        commit_seq }
    WalletLimits { overdraft_limit max_balance max_amount day week month }
    WindowLimit { amount count }
    Transaction { id kind wallet_id wallet_version amount held_change balance held overdraft_limit counter_account
        counter_wallet_id hold_id related_transaction_id actor on_behalf_of reason note reference idempotency_key
        request_digest correlation_id source client_name metadata occurred_at_micros created_at_micros detail digest lane
        row_format }
    Refusal { id verb error wallet_id wallet amount counter_account currency exponent actor on_behalf_of reason note
        reference idempotency_key request_digest correlation_id source client_name metadata occurred_at_micros
        created_at_micros digest lane row_format }
    MutationResult { key transaction balance held available version currency exponent replayed commit_seq dry_run }
    TransferResult { key source destination replayed commit_seq dry_run }
    AdministrationRow { id verb subject exponent token_id actor on_behalf_of reason note reference idempotency_key
        request_digest correlation_id source client_name metadata occurred_at_micros created_at_micros detail digest lane
        row_format }
    AdministrationResult { key row replayed dry_run commit_seq }
    ItemDone { key transaction_id wallet_id version balance held available currency exponent replayed transaction }
    Token { token_id principal certificate_name unix_user kind scopes currencies owner_prefix max_amount expires_at_micros
        created_at_micros revoked_at_micros }
    WalletPage { wallets next_cursor commit_seq }
    TransactionPage { transactions next_cursor currency exponent commit_seq }
    RefusalPage { refusals next_cursor commit_seq }
    TokenPage { tokens next_cursor commit_seq }
    TrialBalance { currencies commit_seq counter_accounts }
    CurrencyBalance { currency exponent wallets_total counter_accounts difference registered }
    CounterAccountBalance { name total }
    BalanceExplanation { wallet opening_balance opening_version opening_at_micros sums holds freezes frozen_amount limits
        limit_uses last_changes rows_recomputed equal difference chain_verified_to commit_seq }
    BalanceSum { kind reason count amount held_change }
    HoldInfo { hold_id amount captured remaining created_at_micros ends_at_micros reason reference }
    FreezeInfo { scope reason since_micros until_micros }
    LimitUse { kind limit used remaining window_end_micros }
    WatchEvent { transaction balance_before held_before currency exponent resume_token commit_seq }
    VerifyProgress { stage done total }
    VerifyFinding { what wallet_id seq expected found }
    VerifyReport { head rows wallets keys findings findings_told integrity_checked integrity_skipped_because micros
        commit_seq }
    BackupProgress { stage done total }
    BackupReport { file head epoch bytes sha256 incremental base_seq rows old micros commit_seq }
}

macro_rules! details {
    ($($name:ident { $($field:ident)* })*) => {
        fn detail_of(detail: &Detail) -> Value {
            match detail {
                $(Detail::$name { $($field,)* .. } => {
                    let mut members = Map::new();
                    $(members.insert(stringify!($field).into(), $field.json());)*
                    Value::Object(members)
                })*
                _ => Value::Null,
            }
        }
    };
}

details! {
    FrameLimit { rule limit }
    Scope { scope rule max_amount omitted }
    Unimplemented { method feature }
    InvalidArgument { field rule }
    IdempotencyMismatch { field }
    Currency { wallet_currency request_currency }
    CounterAccount { counter_account }
    Wallet { wallet_id owner_id currency name }
    Transaction { transaction_id }
    WalletFrozen { wallet_id scope reason since_micros until_micros }
    WalletNotEmpty { balance open_holds }
    VersionConflict { expected actual balance }
    Hold { hold_id at_micros remaining }
    RefundExceeds { original refunded remaining }
    LimitExceeded { kind limit used remaining window_end_micros }
    MaxBalanceExceeded { limit balance remaining }
    InsufficientFunds { requested available balance held overdraft_limit shortfall version }
    AmountOverflow { field }
    Internal { id }
}

pub fn failure(kind: &str, message: &str) -> Value {
    json!({ "kind": kind, "message": message })
}

/// Refused before anything was sent.
pub fn invalid(message: impl AsRef<str>) -> Value {
    failure("invalid", message.as_ref())
}

/// An error of the client as DRIVER.md has it.
pub fn error_of(error: &Error) -> Value {
    match error {
        Error::Rejected(e) => rejected(e),
        Error::NotExecuted(e) => {
            let mut value = failure(kind_of(e.kind), &e.message);
            value["key"] = e.key.clone().unwrap_or_default().into();
            value["retry_after_millis"] = (e.retry_after.as_millis() as u64).into();
            if let Some(reason) = e.reason {
                value["reason"] = reason.to_string().into();
                value["reason_number"] = reason.number().into();
            }
            if let Some(detail) = &e.detail {
                value["detail"] = detail_of(detail);
            }
            value
        }
        Error::OutcomeUnknown(e) => {
            let mut value = failure("outcome_unknown", &e.to_string());
            value["key"] = e.key.clone().into();
            value["cause"] = error_of(&e.last_attempt);
            value
        }
    }
}

fn kind_of(kind: NotExecutedKind) -> &'static str {
    match kind {
        NotExecutedKind::Disconnected | NotExecutedKind::Closed => "disconnected",
        NotExecutedKind::DeadlineExceeded => "deadline_exceeded",
        NotExecutedKind::Protocol => "protocol",
        NotExecutedKind::Unauthenticated => "unauthenticated",
        NotExecutedKind::Cancelled => "cancelled",
        NotExecutedKind::Invalid => "invalid",
        _ => "not_executed",
    }
}

fn rejected(e: &Rejected) -> Value {
    let mut value = failure("rejected", &e.message);
    value["key"] = e.key.clone().unwrap_or_default().into();
    value["reason"] = e.reason.to_string().into();
    value["reason_number"] = e.reason.number().into();
    value["status"] = e.status.into();
    value["replayed"] = e.replayed.into();
    value["commit_seq"] = e.commit_seq.json();
    if let Some(detail) = &e.detail {
        value["detail"] = detail_of(detail);
    }
    if let (Some(index), Some(cause)) = (e.index, &e.cause) {
        value["index"] = index.into();
        value["cause"] = rejected(cause);
    }
    value
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
