use std::collections::BTreeMap;

use super::{answers, FromWire, TransactionKind, Verb, WalletRef};
use crate::Rejected;

answers! {
    /// One immutable row of the journal that is a change of a wallet.
    Transaction from Transaction {
        /// Its place in the journal; 0 in a dry run.
        id: i64,
        /// What it is.
        kind: TransactionKind,
        /// The wallet that it changed.
        wallet_id: i64,
        /// The wallet's version after this row: 1, 2, 3 … without a gap.
        wallet_version: i64,
        /// The signed change of the balance.
        amount: i64,
        /// The signed change of what is reserved.
        held_change: i64,
        /// After this row.
        balance: i64,
        /// After this row.
        held: i64,
        /// After this row.
        overdraft_limit: i64,
        /// What stands against the amount, if it is no wallet.
        counter_account: String,
        /// The other wallet of a transfer.
        counter_wallet_id: i64,
        /// The hold that it is about.
        hold_id: i64,
        /// The other row of a transfer, or what was refunded.
        related_transaction_id: i64,
        /// Who did it.
        actor: String,
        /// For whom, as the caller says.
        on_behalf_of: String,
        /// Why, as a short code.
        reason: String,
        /// The caller's.
        note: String,
        /// The caller's.
        reference: String,
        /// Of an item of an atomic batch: the batch's key, U+00B7 and the item's index.
        idempotency_key: String,
        /// Of what was asked for.
        request_digest: Vec<u8>,
        /// The caller's, a W3C `traceparent` perhaps.
        correlation_id: String,
        /// The caller's address.
        source: String,
        /// As the caller calls itself.
        client_name: String,
        /// The caller's.
        metadata: BTreeMap<String, String>,
        /// Business time, as the caller says.
        occurred_at_micros: i64,
        /// When it was stored.
        created_at_micros: i64,
        /// What an open, a freeze, a limit or a hold sets.
        detail: Vec<u8>,
        /// SHA-256 over this row and the one before it in its lane.
        digest: Vec<u8>,
        /// The chain that it is part of.
        lane: u32,
        /// That of its digest.
        row_format: u32,
    }
    /// One immutable row of the journal: a mutation that was refused for a business reason, or any call that was denied,
    /// which has no key.
    Refusal from Refusal {
        /// Its place in the journal.
        id: i64,
        /// What was asked for.
        verb: Verb,
        /// As its caller was told.
        error: Rejected,
        /// The wallet that the address led to; 0: to none.
        wallet_id: i64,
        /// As it was given.
        wallet: Option<WalletRef>,
        /// As it was asked for.
        amount: i64,
        /// As it was asked for.
        counter_account: String,
        /// Of the wallet, or else as it was given.
        currency: String,
        /// Of the currency, when that is known.
        exponent: u32,
        /// Who asked.
        actor: String,
        /// For whom, as the caller says.
        on_behalf_of: String,
        /// Why, as a short code.
        reason: String,
        /// The caller's.
        note: String,
        /// The caller's.
        reference: String,
        /// Empty of a call that was denied.
        idempotency_key: String,
        /// Of what was asked for.
        request_digest: Vec<u8>,
        /// The caller's.
        correlation_id: String,
        /// The caller's address.
        source: String,
        /// As the caller calls itself.
        client_name: String,
        /// The caller's.
        metadata: BTreeMap<String, String>,
        /// Business time, as the caller says.
        occurred_at_micros: i64,
        /// When it was stored.
        created_at_micros: i64,
        /// SHA-256 over this row and the one before it in its lane.
        digest: Vec<u8>,
        /// The chain that it is part of.
        lane: u32,
        /// That of its digest.
        row_format: u32,
    }
    /// A place of the journal with its digest. Kept elsewhere, it tells whether the journal before it was changed.
    JournalHead from JournalHead {
        /// The place.
        seq: i64,
        /// 32 bytes.
        digest: Vec<u8>,
    }
}

impl JournalHead {
    /// A head that was kept elsewhere.
    pub fn new(seq: i64, digest: impl Into<Vec<u8>>) -> Self {
        Self { seq, digest: digest.into() }
    }
}
