use super::{AdministrationRow, FromWire, Transaction};
use crate::error::Error;
use crate::proto as pb;

/// What a mutation of a wallet gave: its row, and the wallet after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MutationResult {
    /// The idempotency key, also when the client made it.
    pub key: String,
    /// The row.
    pub transaction: Transaction,
    /// What was posted.
    pub balance: i64,
    /// What is reserved.
    pub held: i64,
    /// What may be spent.
    pub available: i64,
    /// The wallet's version.
    pub version: i64,
    /// The code.
    pub currency: String,
    /// Digits after the point.
    pub exponent: u32,
    /// The first result of this key, answered again.
    pub replayed: bool,
    /// The place of the journal of its last row.
    pub commit_seq: i64,
    /// What would have been: nothing is written, and the transaction has no id.
    pub dry_run: bool,
}

/// What a transfer gave.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferResult {
    /// The idempotency key, also when the client made it.
    pub key: String,
    /// The row that took the amount out, and the source after it.
    pub source: MutationResult,
    /// The row that put it in; it shows the destination after it.
    pub destination: Transaction,
    /// The first result of this key, answered again.
    pub replayed: bool,
    /// The place of the journal of its last row.
    pub commit_seq: i64,
    /// What would have been.
    pub dry_run: bool,
}

/// What a mutation that changes no wallet gave.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdministrationResult {
    /// The idempotency key, also when the client made it.
    pub key: String,
    /// The row.
    pub row: AdministrationRow,
    /// The first result of this key, answered again.
    pub replayed: bool,
    /// What would have been.
    pub dry_run: bool,
    /// The place of the journal of its row.
    pub commit_seq: i64,
}

/// What a `CreateToken` gave.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedToken {
    /// As of any administration.
    pub administration: AdministrationResult,
    /// What the caller gives as [`Options::token`](crate::Options::token): its id and the secret. None without a secret,
    /// and in a dry run.
    pub token: Option<String>,
}

impl std::fmt::Debug for CreatedToken {
    /// Without the token, so that it appears in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedToken").field("administration", &self.administration).finish_non_exhaustive()
    }
}

/// What became of a batch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BatchResult {
    /// That of the batch, or the one from which items without keys got theirs.
    pub key: String,
    /// One for each item, in their order: [`Error::Rejected`] or [`Error::OutcomeUnknown`] of that item, or what it gave.
    pub results: Vec<Result<ItemDone, Error>>,
    /// An atomic batch, answered again; of other batches each result says it.
    pub replayed: bool,
    /// The place of the journal of its last row.
    pub commit_seq: i64,
    /// What would have been.
    pub dry_run: bool,
}

/// What an item of a batch gave: the figures after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemDone {
    /// The item's idempotency key; of an atomic batch the batch's.
    pub key: String,
    /// Its row.
    pub transaction_id: i64,
    /// The wallet's.
    pub wallet_id: i64,
    /// The wallet's version.
    pub version: i64,
    /// What was posted.
    pub balance: i64,
    /// What is reserved.
    pub held: i64,
    /// What may be spent.
    pub available: i64,
    /// The code.
    pub currency: String,
    /// Digits after the point.
    pub exponent: u32,
    /// The first result of the item's key, answered again.
    pub replayed: bool,
    /// The whole row, where full results were asked for.
    pub transaction: Option<Transaction>,
}

impl MutationResult {
    pub(crate) fn new(message: pb::MutationResponse, key: String) -> Self {
        let pb::MutationResponse {
            transaction,
            balance,
            held,
            available,
            version,
            currency,
            exponent,
            replayed,
            commit_seq,
            dry_run,
        } = message;
        let transaction = FromWire::from_wire(transaction);
        Self { key, transaction, balance, held, available, version, currency, exponent, replayed, commit_seq, dry_run }
    }
}

impl TransferResult {
    pub(crate) fn new(message: pb::TransferResponse, key: String) -> Self {
        let pb::TransferResponse { source, destination, commit_seq, replayed, dry_run } = message;
        let source = MutationResult::new(source.unwrap_or_default(), key.clone());
        let source = MutationResult { replayed, commit_seq, dry_run, ..source };
        Self { key, source, destination: FromWire::from_wire(destination), replayed, commit_seq, dry_run }
    }
}

impl AdministrationResult {
    pub(crate) fn new(message: pb::AdministrationResponse, key: String) -> Self {
        let pb::AdministrationResponse { row, replayed, dry_run, commit_seq } = message;
        Self { key, row: FromWire::from_wire(row), replayed, dry_run, commit_seq }
    }
}

impl ItemDone {
    /// Of a result without an error.
    pub(crate) fn new(message: pb::BatchResult, key: String) -> Self {
        let pb::BatchResult {
            transaction_id,
            wallet_version,
            balance,
            held,
            error: _,
            replayed,
            transaction,
            wallet_id,
            available,
            currency,
            exponent,
        } = message;
        let transaction = FromWire::from_wire(transaction);
        Self {
            key,
            transaction_id,
            wallet_id,
            version: wallet_version,
            balance,
            held,
            available,
            currency,
            exponent,
            replayed,
            transaction,
        }
    }
}
