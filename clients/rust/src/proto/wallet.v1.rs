#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Hello {
    #[prost(uint32, repeated, tag="1")]
    pub versions: ::prost::alloc::vec::Vec<u32>,
    #[prost(string, tag="2")]
    pub client_name: ::prost::alloc::string::String,
    #[prost(message, optional, tag="3")]
    pub credentials: ::core::option::Option<Credentials>,
    #[prost(string, repeated, tag="4")]
    pub features: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(string, tag="5")]
    pub ledger_id: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Credentials {
    #[prost(oneof="credentials::Kind", tags="1")]
    pub kind: ::core::option::Option<credentials::Kind>,
}
/// Nested message and enum types in `Credentials`.
pub mod credentials {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Kind {
        #[prost(string, tag="1")]
        Token(::prost::alloc::string::String),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct HelloAck {
    #[prost(uint32, tag="1")]
    pub version: u32,
    #[prost(string, tag="2")]
    pub server_name: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub principal: ::prost::alloc::string::String,
    #[prost(string, repeated, tag="4")]
    pub scopes: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(string, repeated, tag="5")]
    pub features: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(message, optional, tag="6")]
    pub limits: ::core::option::Option<Limits>,
    #[prost(int64, tag="7")]
    pub server_time_micros: i64,
    #[prost(bytes="vec", tag="8")]
    pub schema_digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(string, tag="9")]
    pub ledger_id: ::prost::alloc::string::String,
    #[prost(uint32, tag="10")]
    pub epoch: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Limits {
    #[prost(uint32, tag="1")]
    pub request_bytes_max: u32,
    #[prost(uint32, tag="2")]
    pub batch_request_bytes_max: u32,
    #[prost(uint32, tag="3")]
    pub response_bytes_max: u32,
    #[prost(uint32, tag="4")]
    pub requests_in_flight_max: u32,
    #[prost(uint32, tag="5")]
    pub idle_timeout_millis: u32,
    #[prost(uint32, tag="6")]
    pub default_deadline_millis: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GoAway {
    #[prost(string, tag="1")]
    pub message: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Error {
    #[prost(enumeration="ErrorReason", tag="1")]
    pub reason: i32,
    #[prost(string, tag="2")]
    pub message: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub commit_seq: i64,
    #[prost(bool, tag="4")]
    pub replayed: bool,
    #[prost(oneof="error::Detail", tags="16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37")]
    pub detail: ::core::option::Option<error::Detail>,
}
/// Nested message and enum types in `Error`.
pub mod error {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Detail {
        #[prost(message, tag="16")]
        InvalidArgument(super::InvalidArgument),
        #[prost(message, tag="17")]
        Unimplemented(super::Unimplemented),
        #[prost(message, tag="18")]
        FrameLimit(super::FrameLimit),
        #[prost(message, tag="19")]
        RetryAfter(super::RetryAfter),
        #[prost(message, tag="20")]
        IdempotencyMismatch(super::IdempotencyMismatch),
        #[prost(message, tag="21")]
        Currency(super::CurrencyDetail),
        #[prost(message, tag="22")]
        CounterAccount(super::CounterAccountDetail),
        #[prost(message, tag="23")]
        Wallet(super::WalletDetail),
        #[prost(message, tag="24")]
        VersionConflict(super::VersionConflict),
        #[prost(message, tag="25")]
        InsufficientFunds(super::InsufficientFunds),
        #[prost(message, tag="26")]
        AmountOverflow(super::AmountOverflow),
        #[prost(message, tag="27")]
        Internal(super::Internal),
        #[prost(message, tag="28")]
        Scope(super::ScopeDetail),
        #[prost(message, tag="29")]
        BatchAborted(::prost::alloc::boxed::Box<super::BatchAborted>),
        #[prost(message, tag="30")]
        Transaction(super::TransactionDetail),
        #[prost(message, tag="31")]
        Hold(super::HoldDetail),
        #[prost(message, tag="32")]
        RefundExceeds(super::RefundExceeds),
        #[prost(message, tag="33")]
        WalletFrozen(super::WalletFrozen),
        #[prost(message, tag="34")]
        WalletNotEmpty(super::WalletNotEmpty),
        #[prost(message, tag="35")]
        LimitExceeded(super::LimitExceeded),
        #[prost(message, tag="36")]
        MaxBalanceExceeded(super::MaxBalanceExceeded),
        #[prost(message, tag="37")]
        StreamEnd(super::StreamEnd),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct InvalidArgument {
    #[prost(string, tag="1")]
    pub field: ::prost::alloc::string::String,
    #[prost(string, tag="2")]
    pub rule: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Unimplemented {
    #[prost(uint32, tag="1")]
    pub method: u32,
    #[prost(string, tag="2")]
    pub feature: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct FrameLimit {
    #[prost(string, tag="1")]
    pub rule: ::prost::alloc::string::String,
    #[prost(uint32, tag="2")]
    pub limit: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RetryAfter {
    #[prost(uint32, tag="1")]
    pub retry_after_millis: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct IdempotencyMismatch {
    #[prost(string, tag="1")]
    pub field: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CurrencyDetail {
    #[prost(string, tag="1")]
    pub wallet_currency: ::prost::alloc::string::String,
    #[prost(string, tag="2")]
    pub request_currency: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CounterAccountDetail {
    #[prost(string, tag="1")]
    pub counter_account: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WalletDetail {
    #[prost(int64, tag="1")]
    pub wallet_id: i64,
    #[prost(string, tag="2")]
    pub owner_id: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub currency: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub name: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct VersionConflict {
    #[prost(int64, tag="1")]
    pub expected: i64,
    #[prost(int64, tag="2")]
    pub actual: i64,
    #[prost(int64, tag="3")]
    pub balance: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct InsufficientFunds {
    #[prost(int64, tag="1")]
    pub requested: i64,
    #[prost(int64, tag="2")]
    pub available: i64,
    #[prost(int64, tag="3")]
    pub balance: i64,
    #[prost(int64, tag="4")]
    pub held: i64,
    #[prost(int64, tag="5")]
    pub overdraft_limit: i64,
    #[prost(int64, tag="6")]
    pub shortfall: i64,
    #[prost(int64, tag="7")]
    pub version: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct AmountOverflow {
    #[prost(string, tag="1")]
    pub field: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Internal {
    #[prost(string, tag="1")]
    pub id: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ScopeDetail {
    #[prost(string, tag="1")]
    pub scope: ::prost::alloc::string::String,
    #[prost(string, tag="2")]
    pub rule: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub max_amount: i64,
    #[prost(int64, tag="4")]
    pub omitted: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BatchAborted {
    #[prost(uint32, tag="1")]
    pub index: u32,
    #[prost(message, optional, boxed, tag="2")]
    pub cause: ::core::option::Option<::prost::alloc::boxed::Box<Error>>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TransactionDetail {
    #[prost(int64, tag="1")]
    pub transaction_id: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct HoldDetail {
    #[prost(int64, tag="1")]
    pub hold_id: i64,
    #[prost(int64, tag="2")]
    pub at_micros: i64,
    #[prost(int64, tag="3")]
    pub remaining: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RefundExceeds {
    #[prost(int64, tag="1")]
    pub original: i64,
    #[prost(int64, tag="2")]
    pub refunded: i64,
    #[prost(int64, tag="3")]
    pub remaining: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WalletFrozen {
    #[prost(int64, tag="1")]
    pub wallet_id: i64,
    #[prost(enumeration="FreezeScope", tag="2")]
    pub scope: i32,
    #[prost(string, tag="3")]
    pub reason: ::prost::alloc::string::String,
    #[prost(int64, tag="4")]
    pub since_micros: i64,
    #[prost(int64, tag="5")]
    pub until_micros: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WalletNotEmpty {
    #[prost(int64, tag="1")]
    pub balance: i64,
    #[prost(int64, tag="2")]
    pub open_holds: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct LimitExceeded {
    #[prost(enumeration="LimitKind", tag="1")]
    pub kind: i32,
    #[prost(int64, tag="2")]
    pub limit: i64,
    #[prost(int64, tag="3")]
    pub used: i64,
    #[prost(int64, tag="4")]
    pub remaining: i64,
    #[prost(int64, tag="5")]
    pub window_end_micros: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct MaxBalanceExceeded {
    #[prost(int64, tag="1")]
    pub limit: i64,
    #[prost(int64, tag="2")]
    pub balance: i64,
    #[prost(int64, tag="3")]
    pub remaining: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct StreamEnd {
    #[prost(string, tag="1")]
    pub resume_token: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WalletRef {
    #[prost(int64, tag="1")]
    pub id: i64,
    #[prost(string, tag="2")]
    pub owner_id: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub currency: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub name: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Wallet {
    #[prost(int64, tag="1")]
    pub id: i64,
    #[prost(string, tag="2")]
    pub owner_id: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="4")]
    pub exponent: u32,
    #[prost(string, tag="5")]
    pub name: ::prost::alloc::string::String,
    #[prost(enumeration="WalletStatus", tag="6")]
    pub status: i32,
    #[prost(int64, tag="7")]
    pub balance: i64,
    #[prost(int64, tag="8")]
    pub held: i64,
    #[prost(int64, tag="9")]
    pub available: i64,
    #[prost(int64, tag="10")]
    pub overdraft_limit: i64,
    #[prost(int64, tag="11")]
    pub version: i64,
    #[prost(int64, tag="12")]
    pub created_at_micros: i64,
    #[prost(string, tag="13")]
    pub created_by: ::prost::alloc::string::String,
    #[prost(int64, tag="14")]
    pub updated_at_micros: i64,
    #[prost(string, tag="15")]
    pub updated_by: ::prost::alloc::string::String,
    #[prost(bool, tag="16")]
    pub expiry_pending: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Transaction {
    #[prost(int64, tag="1")]
    pub id: i64,
    #[prost(enumeration="TransactionKind", tag="2")]
    pub kind: i32,
    #[prost(int64, tag="3")]
    pub wallet_id: i64,
    #[prost(int64, tag="4")]
    pub wallet_version: i64,
    #[prost(int64, tag="5")]
    pub amount: i64,
    #[prost(int64, tag="6")]
    pub held_change: i64,
    #[prost(int64, tag="7")]
    pub balance: i64,
    #[prost(int64, tag="8")]
    pub held: i64,
    #[prost(int64, tag="9")]
    pub overdraft_limit: i64,
    #[prost(string, tag="10")]
    pub counter_account: ::prost::alloc::string::String,
    #[prost(int64, tag="11")]
    pub counter_wallet_id: i64,
    #[prost(int64, tag="12")]
    pub hold_id: i64,
    #[prost(int64, tag="13")]
    pub related_transaction_id: i64,
    #[prost(string, tag="14")]
    pub actor: ::prost::alloc::string::String,
    #[prost(string, tag="15")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(string, tag="16")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="17")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="18")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="19")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(bytes="vec", tag="20")]
    pub request_digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(string, tag="21")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="22")]
    pub source: ::prost::alloc::string::String,
    #[prost(string, tag="23")]
    pub client_name: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="24")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(int64, tag="25")]
    pub occurred_at_micros: i64,
    #[prost(int64, tag="26")]
    pub created_at_micros: i64,
    #[prost(bytes="vec", tag="27")]
    pub detail: ::prost::alloc::vec::Vec<u8>,
    #[prost(bytes="vec", tag="28")]
    pub digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(uint32, tag="29")]
    pub lane: u32,
    #[prost(uint32, tag="30")]
    pub row_format: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct MetadataEntry {
    #[prost(string, tag="1")]
    pub key: ::prost::alloc::string::String,
    #[prost(string, tag="2")]
    pub value: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct PingRequest {
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct PingResponse {
    #[prost(int64, tag="1")]
    pub server_time_micros: i64,
    #[prost(int64, tag="2")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetSchemaRequest {
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetSchemaResponse {
    #[prost(bytes="vec", tag="1")]
    pub file_descriptor_set: ::prost::alloc::vec::Vec<u8>,
    #[prost(bytes="vec", tag="2")]
    pub digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(int64, tag="3")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetServerInfoRequest {
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetServerInfoResponse {
    #[prost(string, tag="1")]
    pub server_name: ::prost::alloc::string::String,
    #[prost(string, tag="2")]
    pub ledger_id: ::prost::alloc::string::String,
    #[prost(uint32, tag="3")]
    pub epoch: u32,
    #[prost(message, optional, tag="4")]
    pub head: ::core::option::Option<JournalHead>,
    #[prost(int64, tag="5")]
    pub server_time_micros: i64,
    #[prost(message, optional, tag="6")]
    pub limits: ::core::option::Option<Limits>,
    #[prost(bytes="vec", tag="7")]
    pub schema_digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(string, tag="8")]
    pub storage: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub started_at_micros: i64,
    #[prost(bool, tag="10")]
    pub mutations_available: bool,
    #[prost(string, tag="11")]
    pub mutations_unavailable_because: ::prost::alloc::string::String,
    #[prost(int64, tag="12")]
    pub commit_seq: i64,
    #[prost(string, tag="13")]
    pub build: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct JournalHead {
    #[prost(int64, tag="1")]
    pub seq: i64,
    #[prost(bytes="vec", tag="2")]
    pub digest: ::prost::alloc::vec::Vec<u8>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct OpenWalletRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct DebitRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(string, tag="11")]
    pub counter_account: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CreditRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(string, tag="11")]
    pub counter_account: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TransferRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(message, optional, tag="16")]
    pub to: ::core::option::Option<WalletRef>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TransferResponse {
    #[prost(message, optional, tag="1")]
    pub source: ::core::option::Option<MutationResponse>,
    #[prost(message, optional, tag="2")]
    pub destination: ::core::option::Option<Transaction>,
    #[prost(int64, tag="3")]
    pub commit_seq: i64,
    #[prost(bool, tag="4")]
    pub replayed: bool,
    #[prost(bool, tag="5")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct HoldRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(int64, tag="16")]
    pub timeout_millis: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CaptureRequest {
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(string, tag="11")]
    pub counter_account: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(int64, tag="16")]
    pub hold_id: i64,
    #[prost(bool, tag="17")]
    pub r#final: bool,
    #[prost(string, tag="18")]
    pub currency: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ReleaseRequest {
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(int64, tag="16")]
    pub hold_id: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RefundRequest {
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(string, tag="11")]
    pub counter_account: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(int64, tag="16")]
    pub transaction_id: i64,
    #[prost(string, tag="18")]
    pub currency: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct FreezeRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(enumeration="FreezeScope", tag="16")]
    pub scope: i32,
    #[prost(int64, tag="17")]
    pub until_micros: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct UnfreezeRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(enumeration="FreezeScope", tag="16")]
    pub scope: i32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct SetLimitsRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(message, optional, tag="16")]
    pub limits: ::core::option::Option<WalletLimits>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WalletLimits {
    #[prost(int64, tag="1")]
    pub overdraft_limit: i64,
    #[prost(int64, tag="2")]
    pub max_balance: i64,
    #[prost(int64, tag="3")]
    pub max_amount: i64,
    #[prost(message, optional, tag="4")]
    pub day: ::core::option::Option<WindowLimit>,
    #[prost(message, optional, tag="5")]
    pub week: ::core::option::Option<WindowLimit>,
    #[prost(message, optional, tag="6")]
    pub month: ::core::option::Option<WindowLimit>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WindowLimit {
    #[prost(int64, tag="1")]
    pub amount: i64,
    #[prost(int64, tag="2")]
    pub count: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CloseWalletRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub expected_version: i64,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct MutationResponse {
    #[prost(message, optional, tag="1")]
    pub transaction: ::core::option::Option<Transaction>,
    #[prost(int64, tag="2")]
    pub balance: i64,
    #[prost(int64, tag="3")]
    pub held: i64,
    #[prost(int64, tag="4")]
    pub available: i64,
    #[prost(int64, tag="5")]
    pub version: i64,
    #[prost(string, tag="6")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="7")]
    pub exponent: u32,
    #[prost(bool, tag="8")]
    pub replayed: bool,
    #[prost(int64, tag="9")]
    pub commit_seq: i64,
    #[prost(bool, tag="10")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RegisterCurrencyRequest {
    #[prost(string, tag="1")]
    pub code: ::prost::alloc::string::String,
    #[prost(uint32, tag="2")]
    pub exponent: u32,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct AddCounterAccountRequest {
    #[prost(string, tag="1")]
    pub name: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CreateTokenRequest {
    #[prost(string, tag="1")]
    pub principal: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(string, repeated, tag="19")]
    pub scopes: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(string, repeated, tag="20")]
    pub currencies: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(string, tag="21")]
    pub owner_prefix: ::prost::alloc::string::String,
    #[prost(int64, tag="22")]
    pub max_amount: i64,
    #[prost(int64, tag="23")]
    pub expires_at_micros: i64,
    #[prost(oneof="create_token_request::Credential", tags="16, 17, 18")]
    pub credential: ::core::option::Option<create_token_request::Credential>,
}
/// Nested message and enum types in `CreateTokenRequest`.
pub mod create_token_request {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Credential {
        #[prost(bytes, tag="16")]
        SecretDigest(::prost::alloc::vec::Vec<u8>),
        #[prost(string, tag="17")]
        CertificateName(::prost::alloc::string::String),
        #[prost(uint32, tag="18")]
        UnixUser(u32),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RevokeTokenRequest {
    #[prost(int64, tag="1")]
    pub token_id: i64,
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="7")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(int64, tag="10")]
    pub occurred_at_micros: i64,
    #[prost(message, repeated, tag="12")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListTokensRequest {
    #[prost(string, tag="1")]
    pub principal: ::prost::alloc::string::String,
    #[prost(uint32, tag="2")]
    pub page_size: u32,
    #[prost(string, tag="3")]
    pub cursor: ::prost::alloc::string::String,
    #[prost(bool, tag="4")]
    pub with_revoked: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListTokensResponse {
    #[prost(message, repeated, tag="1")]
    pub tokens: ::prost::alloc::vec::Vec<Token>,
    #[prost(string, tag="2")]
    pub next_cursor: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Token {
    #[prost(int64, tag="1")]
    pub token_id: i64,
    #[prost(string, tag="2")]
    pub principal: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub certificate_name: ::prost::alloc::string::String,
    #[prost(uint32, tag="4")]
    pub unix_user: u32,
    #[prost(enumeration="TokenKind", tag="5")]
    pub kind: i32,
    #[prost(string, repeated, tag="6")]
    pub scopes: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(string, repeated, tag="7")]
    pub currencies: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
    #[prost(string, tag="8")]
    pub owner_prefix: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub max_amount: i64,
    #[prost(int64, tag="10")]
    pub expires_at_micros: i64,
    #[prost(int64, tag="11")]
    pub created_at_micros: i64,
    #[prost(int64, tag="12")]
    pub revoked_at_micros: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct AdministrationResponse {
    #[prost(message, optional, tag="1")]
    pub row: ::core::option::Option<AdministrationRow>,
    #[prost(bool, tag="2")]
    pub replayed: bool,
    #[prost(bool, tag="3")]
    pub dry_run: bool,
    #[prost(int64, tag="4")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct AdministrationRow {
    #[prost(int64, tag="1")]
    pub id: i64,
    #[prost(enumeration="Method", tag="2")]
    pub verb: i32,
    #[prost(string, tag="3")]
    pub subject: ::prost::alloc::string::String,
    #[prost(uint32, tag="4")]
    pub exponent: u32,
    #[prost(int64, tag="5")]
    pub token_id: i64,
    #[prost(string, tag="14")]
    pub actor: ::prost::alloc::string::String,
    #[prost(string, tag="15")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(string, tag="16")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="17")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="18")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="19")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(bytes="vec", tag="20")]
    pub request_digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(string, tag="21")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="22")]
    pub source: ::prost::alloc::string::String,
    #[prost(string, tag="23")]
    pub client_name: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="24")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(int64, tag="25")]
    pub occurred_at_micros: i64,
    #[prost(int64, tag="26")]
    pub created_at_micros: i64,
    #[prost(bytes="vec", tag="27")]
    pub detail: ::prost::alloc::vec::Vec<u8>,
    #[prost(bytes="vec", tag="28")]
    pub digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(uint32, tag="29")]
    pub lane: u32,
    #[prost(uint32, tag="30")]
    pub row_format: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BatchRequest {
    #[prost(string, tag="3")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(bool, tag="13")]
    pub dry_run: bool,
    #[prost(bool, tag="14")]
    pub atomic: bool,
    #[prost(message, repeated, tag="15")]
    pub items: ::prost::alloc::vec::Vec<BatchItem>,
    #[prost(bool, tag="16")]
    pub full_results: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BatchItem {
    #[prost(oneof="batch_item::Mutation", tags="1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12")]
    pub mutation: ::core::option::Option<batch_item::Mutation>,
}
/// Nested message and enum types in `BatchItem`.
pub mod batch_item {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Mutation {
        #[prost(message, tag="1")]
        OpenWallet(super::OpenWalletRequest),
        #[prost(message, tag="2")]
        Debit(super::DebitRequest),
        #[prost(message, tag="3")]
        Credit(super::CreditRequest),
        #[prost(message, tag="4")]
        Transfer(super::TransferRequest),
        #[prost(message, tag="5")]
        Hold(super::HoldRequest),
        #[prost(message, tag="6")]
        Capture(super::CaptureRequest),
        #[prost(message, tag="7")]
        Release(super::ReleaseRequest),
        #[prost(message, tag="8")]
        Refund(super::RefundRequest),
        #[prost(message, tag="9")]
        Freeze(super::FreezeRequest),
        #[prost(message, tag="10")]
        Unfreeze(super::UnfreezeRequest),
        #[prost(message, tag="11")]
        SetLimits(super::SetLimitsRequest),
        #[prost(message, tag="12")]
        CloseWallet(super::CloseWalletRequest),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BatchResponse {
    #[prost(message, repeated, tag="1")]
    pub results: ::prost::alloc::vec::Vec<BatchResult>,
    #[prost(int64, tag="2")]
    pub commit_seq: i64,
    #[prost(bool, tag="3")]
    pub replayed: bool,
    #[prost(bool, tag="4")]
    pub dry_run: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BatchResult {
    #[prost(int64, tag="1")]
    pub transaction_id: i64,
    #[prost(int64, tag="2")]
    pub wallet_version: i64,
    #[prost(int64, tag="3")]
    pub balance: i64,
    #[prost(int64, tag="4")]
    pub held: i64,
    #[prost(message, optional, tag="5")]
    pub error: ::core::option::Option<Error>,
    #[prost(bool, tag="6")]
    pub replayed: bool,
    #[prost(message, optional, tag="7")]
    pub transaction: ::core::option::Option<Transaction>,
    #[prost(int64, tag="8")]
    pub wallet_id: i64,
    #[prost(int64, tag="9")]
    pub available: i64,
    #[prost(string, tag="10")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="11")]
    pub exponent: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetWalletRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetWalletResponse {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<Wallet>,
    #[prost(int64, tag="2")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListWalletsRequest {
    #[prost(string, tag="1")]
    pub owner_id: ::prost::alloc::string::String,
    #[prost(uint32, tag="2")]
    pub page_size: u32,
    #[prost(string, tag="3")]
    pub cursor: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListWalletsResponse {
    #[prost(message, repeated, tag="1")]
    pub wallets: ::prost::alloc::vec::Vec<Wallet>,
    #[prost(string, tag="2")]
    pub next_cursor: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetBalanceRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetBalanceResponse {
    #[prost(int64, tag="1")]
    pub wallet_id: i64,
    #[prost(int64, tag="2")]
    pub balance: i64,
    #[prost(int64, tag="3")]
    pub held: i64,
    #[prost(int64, tag="4")]
    pub available: i64,
    #[prost(int64, tag="5")]
    pub version: i64,
    #[prost(string, tag="6")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="7")]
    pub exponent: u32,
    #[prost(int64, tag="8")]
    pub overdraft_limit: i64,
    #[prost(int64, tag="9")]
    pub commit_seq: i64,
    #[prost(bool, tag="10")]
    pub expiry_pending: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListTransactionsRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(uint32, tag="2")]
    pub page_size: u32,
    #[prost(string, tag="3")]
    pub cursor: ::prost::alloc::string::String,
    #[prost(bool, tag="4")]
    pub oldest_first: bool,
    #[prost(message, optional, tag="5")]
    pub filter: ::core::option::Option<TransactionFilter>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TransactionFilter {
    #[prost(int64, tag="1")]
    pub from_micros: i64,
    #[prost(int64, tag="2")]
    pub before_micros: i64,
    #[prost(enumeration="TransactionKind", repeated, tag="3")]
    pub kinds: ::prost::alloc::vec::Vec<i32>,
    #[prost(string, tag="4")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub actor: ::prost::alloc::string::String,
    #[prost(string, tag="6")]
    pub reference: ::prost::alloc::string::String,
    #[prost(int64, tag="7")]
    pub min_amount: i64,
    #[prost(int64, tag="8")]
    pub max_amount: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListTransactionsResponse {
    #[prost(message, repeated, tag="1")]
    pub transactions: ::prost::alloc::vec::Vec<Transaction>,
    #[prost(string, tag="2")]
    pub next_cursor: ::prost::alloc::string::String,
    #[prost(string, tag="3")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="4")]
    pub exponent: u32,
    #[prost(int64, tag="5")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetBalanceAtRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(oneof="get_balance_at_request::At", tags="2, 3")]
    pub at: ::core::option::Option<get_balance_at_request::At>,
}
/// Nested message and enum types in `GetBalanceAtRequest`.
pub mod get_balance_at_request {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum At {
        #[prost(int64, tag="2")]
        TimeMicros(i64),
        #[prost(int64, tag="3")]
        Version(i64),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct GetBalanceAtResponse {
    #[prost(int64, tag="1")]
    pub wallet_id: i64,
    #[prost(int64, tag="2")]
    pub balance: i64,
    #[prost(int64, tag="3")]
    pub held: i64,
    #[prost(int64, tag="4")]
    pub available: i64,
    #[prost(int64, tag="5")]
    pub overdraft_limit: i64,
    #[prost(int64, tag="6")]
    pub version: i64,
    #[prost(int64, tag="7")]
    pub transaction_id: i64,
    #[prost(int64, tag="8")]
    pub created_at_micros: i64,
    #[prost(string, tag="9")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="10")]
    pub exponent: u32,
    #[prost(int64, tag="11")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ExplainBalanceRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(int64, tag="2")]
    pub from_micros: i64,
    #[prost(uint32, tag="3")]
    pub last_changes: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ExplainBalanceResponse {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<Wallet>,
    #[prost(int64, tag="2")]
    pub opening_balance: i64,
    #[prost(int64, tag="3")]
    pub opening_version: i64,
    #[prost(int64, tag="4")]
    pub opening_at_micros: i64,
    #[prost(message, repeated, tag="5")]
    pub sums: ::prost::alloc::vec::Vec<BalanceSum>,
    #[prost(message, repeated, tag="6")]
    pub holds: ::prost::alloc::vec::Vec<HoldInfo>,
    #[prost(message, repeated, tag="7")]
    pub freezes: ::prost::alloc::vec::Vec<FreezeInfo>,
    #[prost(int64, tag="8")]
    pub frozen_amount: i64,
    #[prost(message, optional, tag="9")]
    pub limits: ::core::option::Option<WalletLimits>,
    #[prost(message, repeated, tag="10")]
    pub limit_uses: ::prost::alloc::vec::Vec<LimitUse>,
    #[prost(message, repeated, tag="11")]
    pub last_changes: ::prost::alloc::vec::Vec<Transaction>,
    #[prost(int64, tag="12")]
    pub rows_recomputed: i64,
    #[prost(bool, tag="13")]
    pub equal: bool,
    #[prost(string, tag="14")]
    pub difference: ::prost::alloc::string::String,
    #[prost(int64, tag="15")]
    pub chain_verified_to: i64,
    #[prost(int64, tag="16")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BalanceSum {
    #[prost(enumeration="TransactionKind", tag="1")]
    pub kind: i32,
    #[prost(string, tag="2")]
    pub reason: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub count: i64,
    #[prost(int64, tag="4")]
    pub amount: i64,
    #[prost(int64, tag="5")]
    pub held_change: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct HoldInfo {
    #[prost(int64, tag="1")]
    pub hold_id: i64,
    #[prost(int64, tag="2")]
    pub amount: i64,
    #[prost(int64, tag="3")]
    pub captured: i64,
    #[prost(int64, tag="4")]
    pub remaining: i64,
    #[prost(int64, tag="5")]
    pub created_at_micros: i64,
    #[prost(int64, tag="6")]
    pub ends_at_micros: i64,
    #[prost(string, tag="7")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub reference: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct FreezeInfo {
    #[prost(enumeration="FreezeScope", tag="1")]
    pub scope: i32,
    #[prost(string, tag="2")]
    pub reason: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub since_micros: i64,
    #[prost(int64, tag="4")]
    pub until_micros: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct LimitUse {
    #[prost(enumeration="LimitKind", tag="1")]
    pub kind: i32,
    #[prost(int64, tag="2")]
    pub limit: i64,
    #[prost(int64, tag="3")]
    pub used: i64,
    #[prost(int64, tag="4")]
    pub remaining: i64,
    #[prost(int64, tag="5")]
    pub window_end_micros: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListRefusalsRequest {
    #[prost(message, optional, tag="1")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(uint32, tag="2")]
    pub page_size: u32,
    #[prost(string, tag="3")]
    pub cursor: ::prost::alloc::string::String,
    #[prost(bool, tag="4")]
    pub oldest_first: bool,
    #[prost(int64, tag="5")]
    pub from_micros: i64,
    #[prost(int64, tag="6")]
    pub before_micros: i64,
    #[prost(enumeration="ErrorReason", repeated, tag="7")]
    pub reasons: ::prost::alloc::vec::Vec<i32>,
    #[prost(string, tag="8")]
    pub actor: ::prost::alloc::string::String,
    #[prost(string, tag="9")]
    pub owner_id: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ListRefusalsResponse {
    #[prost(message, repeated, tag="1")]
    pub refusals: ::prost::alloc::vec::Vec<Refusal>,
    #[prost(string, tag="2")]
    pub next_cursor: ::prost::alloc::string::String,
    #[prost(int64, tag="3")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Refusal {
    #[prost(int64, tag="1")]
    pub id: i64,
    #[prost(enumeration="Method", tag="2")]
    pub verb: i32,
    #[prost(message, optional, tag="3")]
    pub error: ::core::option::Option<Error>,
    #[prost(int64, tag="4")]
    pub wallet_id: i64,
    #[prost(message, optional, tag="5")]
    pub wallet: ::core::option::Option<WalletRef>,
    #[prost(int64, tag="6")]
    pub amount: i64,
    #[prost(string, tag="7")]
    pub counter_account: ::prost::alloc::string::String,
    #[prost(string, tag="8")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="9")]
    pub exponent: u32,
    #[prost(string, tag="14")]
    pub actor: ::prost::alloc::string::String,
    #[prost(string, tag="15")]
    pub on_behalf_of: ::prost::alloc::string::String,
    #[prost(string, tag="16")]
    pub reason: ::prost::alloc::string::String,
    #[prost(string, tag="17")]
    pub note: ::prost::alloc::string::String,
    #[prost(string, tag="18")]
    pub reference: ::prost::alloc::string::String,
    #[prost(string, tag="19")]
    pub idempotency_key: ::prost::alloc::string::String,
    #[prost(bytes="vec", tag="20")]
    pub request_digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(string, tag="21")]
    pub correlation_id: ::prost::alloc::string::String,
    #[prost(string, tag="22")]
    pub source: ::prost::alloc::string::String,
    #[prost(string, tag="23")]
    pub client_name: ::prost::alloc::string::String,
    #[prost(message, repeated, tag="24")]
    pub metadata: ::prost::alloc::vec::Vec<MetadataEntry>,
    #[prost(int64, tag="25")]
    pub occurred_at_micros: i64,
    #[prost(int64, tag="26")]
    pub created_at_micros: i64,
    #[prost(bytes="vec", tag="28")]
    pub digest: ::prost::alloc::vec::Vec<u8>,
    #[prost(uint32, tag="29")]
    pub lane: u32,
    #[prost(uint32, tag="30")]
    pub row_format: u32,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TrialBalanceRequest {
    #[prost(string, tag="1")]
    pub currency: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TrialBalanceResponse {
    #[prost(message, repeated, tag="1")]
    pub currencies: ::prost::alloc::vec::Vec<CurrencyBalance>,
    #[prost(int64, tag="2")]
    pub commit_seq: i64,
    #[prost(string, repeated, tag="3")]
    pub counter_accounts: ::prost::alloc::vec::Vec<::prost::alloc::string::String>,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CurrencyBalance {
    #[prost(string, tag="1")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="2")]
    pub exponent: u32,
    #[prost(int64, tag="3")]
    pub wallets_total: i64,
    #[prost(message, repeated, tag="4")]
    pub counter_accounts: ::prost::alloc::vec::Vec<CounterAccountBalance>,
    #[prost(int64, tag="5")]
    pub difference: i64,
    #[prost(bool, tag="6")]
    pub registered: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CounterAccountBalance {
    #[prost(string, tag="1")]
    pub name: ::prost::alloc::string::String,
    #[prost(int64, tag="2")]
    pub total: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct VerifyRequest {
    #[prost(message, optional, tag="1")]
    pub expected_head: ::core::option::Option<JournalHead>,
    #[prost(bool, tag="2")]
    pub skip_integrity_check: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct VerifyEvent {
    #[prost(oneof="verify_event::Event", tags="1, 2, 3")]
    pub event: ::core::option::Option<verify_event::Event>,
}
/// Nested message and enum types in `VerifyEvent`.
pub mod verify_event {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Event {
        #[prost(message, tag="1")]
        Progress(super::VerifyProgress),
        #[prost(message, tag="2")]
        Finding(super::VerifyFinding),
        #[prost(message, tag="3")]
        Report(super::VerifyReport),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct VerifyProgress {
    #[prost(string, tag="1")]
    pub stage: ::prost::alloc::string::String,
    #[prost(int64, tag="2")]
    pub done: i64,
    #[prost(int64, tag="3")]
    pub total: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct VerifyFinding {
    #[prost(string, tag="1")]
    pub what: ::prost::alloc::string::String,
    #[prost(int64, tag="2")]
    pub wallet_id: i64,
    #[prost(int64, tag="3")]
    pub seq: i64,
    #[prost(string, tag="4")]
    pub expected: ::prost::alloc::string::String,
    #[prost(string, tag="5")]
    pub found: ::prost::alloc::string::String,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct VerifyReport {
    #[prost(message, optional, tag="1")]
    pub head: ::core::option::Option<JournalHead>,
    #[prost(int64, tag="2")]
    pub rows: i64,
    #[prost(int64, tag="3")]
    pub wallets: i64,
    #[prost(int64, tag="4")]
    pub keys: i64,
    #[prost(int64, tag="5")]
    pub findings: i64,
    #[prost(int64, tag="6")]
    pub findings_told: i64,
    #[prost(bool, tag="7")]
    pub integrity_checked: bool,
    #[prost(string, tag="8")]
    pub integrity_skipped_because: ::prost::alloc::string::String,
    #[prost(int64, tag="9")]
    pub micros: i64,
    #[prost(int64, tag="10")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WatchTransactionsRequest {
    #[prost(int64, repeated, tag="4")]
    pub wallet_ids: ::prost::alloc::vec::Vec<i64>,
    #[prost(enumeration="TransactionKind", repeated, tag="5")]
    pub kinds: ::prost::alloc::vec::Vec<i32>,
    #[prost(oneof="watch_transactions_request::Start", tags="1, 2, 3")]
    pub start: ::core::option::Option<watch_transactions_request::Start>,
}
/// Nested message and enum types in `WatchTransactionsRequest`.
pub mod watch_transactions_request {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Start {
        #[prost(int64, tag="1")]
        AfterSeq(i64),
        #[prost(string, tag="2")]
        ResumeToken(::prost::alloc::string::String),
        #[prost(bool, tag="3")]
        FromNow(bool),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WatchEvent {
    #[prost(message, optional, tag="1")]
    pub transaction: ::core::option::Option<Transaction>,
    #[prost(int64, tag="2")]
    pub balance_before: i64,
    #[prost(int64, tag="3")]
    pub held_before: i64,
    #[prost(string, tag="4")]
    pub currency: ::prost::alloc::string::String,
    #[prost(uint32, tag="5")]
    pub exponent: u32,
    #[prost(string, tag="6")]
    pub resume_token: ::prost::alloc::string::String,
    #[prost(int64, tag="7")]
    pub commit_seq: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BackupRequest {
    #[prost(bool, tag="1")]
    pub incremental: bool,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BackupEvent {
    #[prost(oneof="backup_event::Event", tags="1, 2")]
    pub event: ::core::option::Option<backup_event::Event>,
}
/// Nested message and enum types in `BackupEvent`.
pub mod backup_event {
    #[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Oneof)]
    pub enum Event {
        #[prost(message, tag="1")]
        Progress(super::BackupProgress),
        #[prost(message, tag="2")]
        Report(super::BackupReport),
    }
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BackupProgress {
    #[prost(string, tag="1")]
    pub stage: ::prost::alloc::string::String,
    #[prost(int64, tag="2")]
    pub done: i64,
    #[prost(int64, tag="3")]
    pub total: i64,
}
#[allow(clippy::derive_partial_eq_without_eq)]
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BackupReport {
    #[prost(string, tag="1")]
    pub file: ::prost::alloc::string::String,
    #[prost(message, optional, tag="2")]
    pub head: ::core::option::Option<JournalHead>,
    #[prost(uint32, tag="3")]
    pub epoch: u32,
    #[prost(int64, tag="4")]
    pub bytes: i64,
    #[prost(bytes="vec", tag="5")]
    pub sha256: ::prost::alloc::vec::Vec<u8>,
    #[prost(bool, tag="6")]
    pub incremental: bool,
    #[prost(int64, tag="7")]
    pub base_seq: i64,
    #[prost(int64, tag="8")]
    pub rows: i64,
    #[prost(bool, tag="9")]
    pub old: bool,
    #[prost(int64, tag="10")]
    pub micros: i64,
    #[prost(int64, tag="11")]
    pub commit_seq: i64,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum Method {
    Unspecified = 0,
    Ping = 1,
    GetSchema = 2,
    GetServerInfo = 3,
    Hello = 4,
    OpenWallet = 256,
    GetWallet = 257,
    ListWallets = 258,
    GetBalance = 259,
    Debit = 260,
    Credit = 261,
    ListTransactions = 262,
    Transfer = 263,
    Hold = 264,
    Capture = 265,
    Release = 266,
    Refund = 267,
    Freeze = 268,
    Unfreeze = 269,
    SetLimits = 270,
    CloseWallet = 271,
    Batch = 272,
    GetBalanceAt = 273,
    ExplainBalance = 274,
    ListRefusals = 275,
    TrialBalance = 276,
    Verify = 277,
    WatchTransactions = 278,
    RegisterCurrency = 512,
    AddCounterAccount = 513,
    CreateToken = 514,
    RevokeToken = 515,
    ListTokens = 516,
    Backup = 517,
    Import = 518,
}
impl Method {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            Method::Unspecified => "METHOD_UNSPECIFIED",
            Method::Ping => "METHOD_PING",
            Method::GetSchema => "METHOD_GET_SCHEMA",
            Method::GetServerInfo => "METHOD_GET_SERVER_INFO",
            Method::Hello => "METHOD_HELLO",
            Method::OpenWallet => "METHOD_OPEN_WALLET",
            Method::GetWallet => "METHOD_GET_WALLET",
            Method::ListWallets => "METHOD_LIST_WALLETS",
            Method::GetBalance => "METHOD_GET_BALANCE",
            Method::Debit => "METHOD_DEBIT",
            Method::Credit => "METHOD_CREDIT",
            Method::ListTransactions => "METHOD_LIST_TRANSACTIONS",
            Method::Transfer => "METHOD_TRANSFER",
            Method::Hold => "METHOD_HOLD",
            Method::Capture => "METHOD_CAPTURE",
            Method::Release => "METHOD_RELEASE",
            Method::Refund => "METHOD_REFUND",
            Method::Freeze => "METHOD_FREEZE",
            Method::Unfreeze => "METHOD_UNFREEZE",
            Method::SetLimits => "METHOD_SET_LIMITS",
            Method::CloseWallet => "METHOD_CLOSE_WALLET",
            Method::Batch => "METHOD_BATCH",
            Method::GetBalanceAt => "METHOD_GET_BALANCE_AT",
            Method::ExplainBalance => "METHOD_EXPLAIN_BALANCE",
            Method::ListRefusals => "METHOD_LIST_REFUSALS",
            Method::TrialBalance => "METHOD_TRIAL_BALANCE",
            Method::Verify => "METHOD_VERIFY",
            Method::WatchTransactions => "METHOD_WATCH_TRANSACTIONS",
            Method::RegisterCurrency => "METHOD_REGISTER_CURRENCY",
            Method::AddCounterAccount => "METHOD_ADD_COUNTER_ACCOUNT",
            Method::CreateToken => "METHOD_CREATE_TOKEN",
            Method::RevokeToken => "METHOD_REVOKE_TOKEN",
            Method::ListTokens => "METHOD_LIST_TOKENS",
            Method::Backup => "METHOD_BACKUP",
            Method::Import => "METHOD_IMPORT",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "METHOD_UNSPECIFIED" => Some(Self::Unspecified),
            "METHOD_PING" => Some(Self::Ping),
            "METHOD_GET_SCHEMA" => Some(Self::GetSchema),
            "METHOD_GET_SERVER_INFO" => Some(Self::GetServerInfo),
            "METHOD_HELLO" => Some(Self::Hello),
            "METHOD_OPEN_WALLET" => Some(Self::OpenWallet),
            "METHOD_GET_WALLET" => Some(Self::GetWallet),
            "METHOD_LIST_WALLETS" => Some(Self::ListWallets),
            "METHOD_GET_BALANCE" => Some(Self::GetBalance),
            "METHOD_DEBIT" => Some(Self::Debit),
            "METHOD_CREDIT" => Some(Self::Credit),
            "METHOD_LIST_TRANSACTIONS" => Some(Self::ListTransactions),
            "METHOD_TRANSFER" => Some(Self::Transfer),
            "METHOD_HOLD" => Some(Self::Hold),
            "METHOD_CAPTURE" => Some(Self::Capture),
            "METHOD_RELEASE" => Some(Self::Release),
            "METHOD_REFUND" => Some(Self::Refund),
            "METHOD_FREEZE" => Some(Self::Freeze),
            "METHOD_UNFREEZE" => Some(Self::Unfreeze),
            "METHOD_SET_LIMITS" => Some(Self::SetLimits),
            "METHOD_CLOSE_WALLET" => Some(Self::CloseWallet),
            "METHOD_BATCH" => Some(Self::Batch),
            "METHOD_GET_BALANCE_AT" => Some(Self::GetBalanceAt),
            "METHOD_EXPLAIN_BALANCE" => Some(Self::ExplainBalance),
            "METHOD_LIST_REFUSALS" => Some(Self::ListRefusals),
            "METHOD_TRIAL_BALANCE" => Some(Self::TrialBalance),
            "METHOD_VERIFY" => Some(Self::Verify),
            "METHOD_WATCH_TRANSACTIONS" => Some(Self::WatchTransactions),
            "METHOD_REGISTER_CURRENCY" => Some(Self::RegisterCurrency),
            "METHOD_ADD_COUNTER_ACCOUNT" => Some(Self::AddCounterAccount),
            "METHOD_CREATE_TOKEN" => Some(Self::CreateToken),
            "METHOD_REVOKE_TOKEN" => Some(Self::RevokeToken),
            "METHOD_LIST_TOKENS" => Some(Self::ListTokens),
            "METHOD_BACKUP" => Some(Self::Backup),
            "METHOD_IMPORT" => Some(Self::Import),
            _ => None,
        }
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum ErrorReason {
    Unspecified = 0,
    InvalidFrame = 1,
    Unauthenticated = 2,
    PermissionDenied = 3,
    Unimplemented = 4,
    ResourceExhausted = 5,
    Cancelled = 6,
    DeadlineExceeded = 7,
    Unavailable = 8,
    InvalidArgument = 9,
    ResumeInvalid = 10,
    IdempotencyMismatch = 11,
    CurrencyUnknown = 12,
    CurrencyExists = 13,
    CurrencyMismatch = 14,
    CounterAccountUnknown = 15,
    WalletNotFound = 16,
    WalletExists = 17,
    SameWallet = 18,
    TransactionNotFound = 19,
    NotRefundable = 20,
    WalletClosed = 21,
    WalletFrozen = 22,
    WalletNotEmpty = 23,
    VersionConflict = 24,
    HoldNotFound = 25,
    HoldCaptured = 26,
    HoldReleased = 27,
    HoldExpired = 28,
    HoldAmountExceeded = 29,
    RefundExceedsOriginal = 30,
    LimitExceeded = 31,
    MaxBalanceExceeded = 32,
    InsufficientFunds = 33,
    AmountOverflow = 34,
    BatchAborted = 35,
    Internal = 36,
    CounterAccountExists = 37,
}
impl ErrorReason {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            ErrorReason::Unspecified => "ERROR_REASON_UNSPECIFIED",
            ErrorReason::InvalidFrame => "ERROR_REASON_INVALID_FRAME",
            ErrorReason::Unauthenticated => "ERROR_REASON_UNAUTHENTICATED",
            ErrorReason::PermissionDenied => "ERROR_REASON_PERMISSION_DENIED",
            ErrorReason::Unimplemented => "ERROR_REASON_UNIMPLEMENTED",
            ErrorReason::ResourceExhausted => "ERROR_REASON_RESOURCE_EXHAUSTED",
            ErrorReason::Cancelled => "ERROR_REASON_CANCELLED",
            ErrorReason::DeadlineExceeded => "ERROR_REASON_DEADLINE_EXCEEDED",
            ErrorReason::Unavailable => "ERROR_REASON_UNAVAILABLE",
            ErrorReason::InvalidArgument => "ERROR_REASON_INVALID_ARGUMENT",
            ErrorReason::ResumeInvalid => "ERROR_REASON_RESUME_INVALID",
            ErrorReason::IdempotencyMismatch => "ERROR_REASON_IDEMPOTENCY_MISMATCH",
            ErrorReason::CurrencyUnknown => "ERROR_REASON_CURRENCY_UNKNOWN",
            ErrorReason::CurrencyExists => "ERROR_REASON_CURRENCY_EXISTS",
            ErrorReason::CurrencyMismatch => "ERROR_REASON_CURRENCY_MISMATCH",
            ErrorReason::CounterAccountUnknown => "ERROR_REASON_COUNTER_ACCOUNT_UNKNOWN",
            ErrorReason::WalletNotFound => "ERROR_REASON_WALLET_NOT_FOUND",
            ErrorReason::WalletExists => "ERROR_REASON_WALLET_EXISTS",
            ErrorReason::SameWallet => "ERROR_REASON_SAME_WALLET",
            ErrorReason::TransactionNotFound => "ERROR_REASON_TRANSACTION_NOT_FOUND",
            ErrorReason::NotRefundable => "ERROR_REASON_NOT_REFUNDABLE",
            ErrorReason::WalletClosed => "ERROR_REASON_WALLET_CLOSED",
            ErrorReason::WalletFrozen => "ERROR_REASON_WALLET_FROZEN",
            ErrorReason::WalletNotEmpty => "ERROR_REASON_WALLET_NOT_EMPTY",
            ErrorReason::VersionConflict => "ERROR_REASON_VERSION_CONFLICT",
            ErrorReason::HoldNotFound => "ERROR_REASON_HOLD_NOT_FOUND",
            ErrorReason::HoldCaptured => "ERROR_REASON_HOLD_CAPTURED",
            ErrorReason::HoldReleased => "ERROR_REASON_HOLD_RELEASED",
            ErrorReason::HoldExpired => "ERROR_REASON_HOLD_EXPIRED",
            ErrorReason::HoldAmountExceeded => "ERROR_REASON_HOLD_AMOUNT_EXCEEDED",
            ErrorReason::RefundExceedsOriginal => "ERROR_REASON_REFUND_EXCEEDS_ORIGINAL",
            ErrorReason::LimitExceeded => "ERROR_REASON_LIMIT_EXCEEDED",
            ErrorReason::MaxBalanceExceeded => "ERROR_REASON_MAX_BALANCE_EXCEEDED",
            ErrorReason::InsufficientFunds => "ERROR_REASON_INSUFFICIENT_FUNDS",
            ErrorReason::AmountOverflow => "ERROR_REASON_AMOUNT_OVERFLOW",
            ErrorReason::BatchAborted => "ERROR_REASON_BATCH_ABORTED",
            ErrorReason::Internal => "ERROR_REASON_INTERNAL",
            ErrorReason::CounterAccountExists => "ERROR_REASON_COUNTER_ACCOUNT_EXISTS",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "ERROR_REASON_UNSPECIFIED" => Some(Self::Unspecified),
            "ERROR_REASON_INVALID_FRAME" => Some(Self::InvalidFrame),
            "ERROR_REASON_UNAUTHENTICATED" => Some(Self::Unauthenticated),
            "ERROR_REASON_PERMISSION_DENIED" => Some(Self::PermissionDenied),
            "ERROR_REASON_UNIMPLEMENTED" => Some(Self::Unimplemented),
            "ERROR_REASON_RESOURCE_EXHAUSTED" => Some(Self::ResourceExhausted),
            "ERROR_REASON_CANCELLED" => Some(Self::Cancelled),
            "ERROR_REASON_DEADLINE_EXCEEDED" => Some(Self::DeadlineExceeded),
            "ERROR_REASON_UNAVAILABLE" => Some(Self::Unavailable),
            "ERROR_REASON_INVALID_ARGUMENT" => Some(Self::InvalidArgument),
            "ERROR_REASON_RESUME_INVALID" => Some(Self::ResumeInvalid),
            "ERROR_REASON_IDEMPOTENCY_MISMATCH" => Some(Self::IdempotencyMismatch),
            "ERROR_REASON_CURRENCY_UNKNOWN" => Some(Self::CurrencyUnknown),
            "ERROR_REASON_CURRENCY_EXISTS" => Some(Self::CurrencyExists),
            "ERROR_REASON_CURRENCY_MISMATCH" => Some(Self::CurrencyMismatch),
            "ERROR_REASON_COUNTER_ACCOUNT_UNKNOWN" => Some(Self::CounterAccountUnknown),
            "ERROR_REASON_WALLET_NOT_FOUND" => Some(Self::WalletNotFound),
            "ERROR_REASON_WALLET_EXISTS" => Some(Self::WalletExists),
            "ERROR_REASON_SAME_WALLET" => Some(Self::SameWallet),
            "ERROR_REASON_TRANSACTION_NOT_FOUND" => Some(Self::TransactionNotFound),
            "ERROR_REASON_NOT_REFUNDABLE" => Some(Self::NotRefundable),
            "ERROR_REASON_WALLET_CLOSED" => Some(Self::WalletClosed),
            "ERROR_REASON_WALLET_FROZEN" => Some(Self::WalletFrozen),
            "ERROR_REASON_WALLET_NOT_EMPTY" => Some(Self::WalletNotEmpty),
            "ERROR_REASON_VERSION_CONFLICT" => Some(Self::VersionConflict),
            "ERROR_REASON_HOLD_NOT_FOUND" => Some(Self::HoldNotFound),
            "ERROR_REASON_HOLD_CAPTURED" => Some(Self::HoldCaptured),
            "ERROR_REASON_HOLD_RELEASED" => Some(Self::HoldReleased),
            "ERROR_REASON_HOLD_EXPIRED" => Some(Self::HoldExpired),
            "ERROR_REASON_HOLD_AMOUNT_EXCEEDED" => Some(Self::HoldAmountExceeded),
            "ERROR_REASON_REFUND_EXCEEDS_ORIGINAL" => Some(Self::RefundExceedsOriginal),
            "ERROR_REASON_LIMIT_EXCEEDED" => Some(Self::LimitExceeded),
            "ERROR_REASON_MAX_BALANCE_EXCEEDED" => Some(Self::MaxBalanceExceeded),
            "ERROR_REASON_INSUFFICIENT_FUNDS" => Some(Self::InsufficientFunds),
            "ERROR_REASON_AMOUNT_OVERFLOW" => Some(Self::AmountOverflow),
            "ERROR_REASON_BATCH_ABORTED" => Some(Self::BatchAborted),
            "ERROR_REASON_INTERNAL" => Some(Self::Internal),
            "ERROR_REASON_COUNTER_ACCOUNT_EXISTS" => Some(Self::CounterAccountExists),
            _ => None,
        }
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum LimitKind {
    Unspecified = 0,
    TransactionAmount = 1,
    DayAmount = 2,
    DayCount = 3,
    WeekAmount = 4,
    WeekCount = 5,
    MonthAmount = 6,
    MonthCount = 7,
}
impl LimitKind {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            LimitKind::Unspecified => "LIMIT_KIND_UNSPECIFIED",
            LimitKind::TransactionAmount => "LIMIT_KIND_TRANSACTION_AMOUNT",
            LimitKind::DayAmount => "LIMIT_KIND_DAY_AMOUNT",
            LimitKind::DayCount => "LIMIT_KIND_DAY_COUNT",
            LimitKind::WeekAmount => "LIMIT_KIND_WEEK_AMOUNT",
            LimitKind::WeekCount => "LIMIT_KIND_WEEK_COUNT",
            LimitKind::MonthAmount => "LIMIT_KIND_MONTH_AMOUNT",
            LimitKind::MonthCount => "LIMIT_KIND_MONTH_COUNT",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "LIMIT_KIND_UNSPECIFIED" => Some(Self::Unspecified),
            "LIMIT_KIND_TRANSACTION_AMOUNT" => Some(Self::TransactionAmount),
            "LIMIT_KIND_DAY_AMOUNT" => Some(Self::DayAmount),
            "LIMIT_KIND_DAY_COUNT" => Some(Self::DayCount),
            "LIMIT_KIND_WEEK_AMOUNT" => Some(Self::WeekAmount),
            "LIMIT_KIND_WEEK_COUNT" => Some(Self::WeekCount),
            "LIMIT_KIND_MONTH_AMOUNT" => Some(Self::MonthAmount),
            "LIMIT_KIND_MONTH_COUNT" => Some(Self::MonthCount),
            _ => None,
        }
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum WalletStatus {
    Unspecified = 0,
    Open = 1,
    Closed = 2,
}
impl WalletStatus {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            WalletStatus::Unspecified => "WALLET_STATUS_UNSPECIFIED",
            WalletStatus::Open => "WALLET_STATUS_OPEN",
            WalletStatus::Closed => "WALLET_STATUS_CLOSED",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "WALLET_STATUS_UNSPECIFIED" => Some(Self::Unspecified),
            "WALLET_STATUS_OPEN" => Some(Self::Open),
            "WALLET_STATUS_CLOSED" => Some(Self::Closed),
            _ => None,
        }
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum TransactionKind {
    Unspecified = 0,
    Open = 1,
    Debit = 2,
    Credit = 3,
    TransferOut = 4,
    TransferIn = 5,
    Hold = 6,
    Capture = 7,
    Release = 8,
    Expire = 9,
    Refund = 10,
    Freeze = 11,
    Unfreeze = 12,
    SetLimits = 13,
    Close = 14,
}
impl TransactionKind {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            TransactionKind::Unspecified => "TRANSACTION_KIND_UNSPECIFIED",
            TransactionKind::Open => "TRANSACTION_KIND_OPEN",
            TransactionKind::Debit => "TRANSACTION_KIND_DEBIT",
            TransactionKind::Credit => "TRANSACTION_KIND_CREDIT",
            TransactionKind::TransferOut => "TRANSACTION_KIND_TRANSFER_OUT",
            TransactionKind::TransferIn => "TRANSACTION_KIND_TRANSFER_IN",
            TransactionKind::Hold => "TRANSACTION_KIND_HOLD",
            TransactionKind::Capture => "TRANSACTION_KIND_CAPTURE",
            TransactionKind::Release => "TRANSACTION_KIND_RELEASE",
            TransactionKind::Expire => "TRANSACTION_KIND_EXPIRE",
            TransactionKind::Refund => "TRANSACTION_KIND_REFUND",
            TransactionKind::Freeze => "TRANSACTION_KIND_FREEZE",
            TransactionKind::Unfreeze => "TRANSACTION_KIND_UNFREEZE",
            TransactionKind::SetLimits => "TRANSACTION_KIND_SET_LIMITS",
            TransactionKind::Close => "TRANSACTION_KIND_CLOSE",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "TRANSACTION_KIND_UNSPECIFIED" => Some(Self::Unspecified),
            "TRANSACTION_KIND_OPEN" => Some(Self::Open),
            "TRANSACTION_KIND_DEBIT" => Some(Self::Debit),
            "TRANSACTION_KIND_CREDIT" => Some(Self::Credit),
            "TRANSACTION_KIND_TRANSFER_OUT" => Some(Self::TransferOut),
            "TRANSACTION_KIND_TRANSFER_IN" => Some(Self::TransferIn),
            "TRANSACTION_KIND_HOLD" => Some(Self::Hold),
            "TRANSACTION_KIND_CAPTURE" => Some(Self::Capture),
            "TRANSACTION_KIND_RELEASE" => Some(Self::Release),
            "TRANSACTION_KIND_EXPIRE" => Some(Self::Expire),
            "TRANSACTION_KIND_REFUND" => Some(Self::Refund),
            "TRANSACTION_KIND_FREEZE" => Some(Self::Freeze),
            "TRANSACTION_KIND_UNFREEZE" => Some(Self::Unfreeze),
            "TRANSACTION_KIND_SET_LIMITS" => Some(Self::SetLimits),
            "TRANSACTION_KIND_CLOSE" => Some(Self::Close),
            _ => None,
        }
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum FreezeScope {
    Unspecified = 0,
    Debit = 1,
    Credit = 2,
    All = 3,
}
impl FreezeScope {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            FreezeScope::Unspecified => "FREEZE_SCOPE_UNSPECIFIED",
            FreezeScope::Debit => "FREEZE_SCOPE_DEBIT",
            FreezeScope::Credit => "FREEZE_SCOPE_CREDIT",
            FreezeScope::All => "FREEZE_SCOPE_ALL",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "FREEZE_SCOPE_UNSPECIFIED" => Some(Self::Unspecified),
            "FREEZE_SCOPE_DEBIT" => Some(Self::Debit),
            "FREEZE_SCOPE_CREDIT" => Some(Self::Credit),
            "FREEZE_SCOPE_ALL" => Some(Self::All),
            _ => None,
        }
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum TokenKind {
    Unspecified = 0,
    Secret = 1,
    Certificate = 2,
    UnixUser = 3,
}
impl TokenKind {
    /// String value of the enum field names used in the ProtoBuf definition.
    ///
    /// The values are not transformed in any way and thus are considered stable
    /// (if the ProtoBuf definition does not change) and safe for programmatic use.
    pub fn as_str_name(&self) -> &'static str {
        match self {
            TokenKind::Unspecified => "TOKEN_KIND_UNSPECIFIED",
            TokenKind::Secret => "TOKEN_KIND_SECRET",
            TokenKind::Certificate => "TOKEN_KIND_CERTIFICATE",
            TokenKind::UnixUser => "TOKEN_KIND_UNIX_USER",
        }
    }
    /// Creates an enum from field names used in the ProtoBuf definition.
    pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {
        match value {
            "TOKEN_KIND_UNSPECIFIED" => Some(Self::Unspecified),
            "TOKEN_KIND_SECRET" => Some(Self::Secret),
            "TOKEN_KIND_CERTIFICATE" => Some(Self::Certificate),
            "TOKEN_KIND_UNIX_USER" => Some(Self::UnixUser),
            _ => None,
        }
    }
}
