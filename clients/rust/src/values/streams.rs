use super::{answers, FromWire, JournalHead, Transaction};
use crate::proto as pb;

answers! {
    /// One transaction, as it was committed, or nothing but a new token.
    WatchEvent from WatchEvent {
        /// None where there is nothing but a new token, while no row passes the filter.
        transaction: Option<Transaction>,
        /// The wallet's before the row.
        balance_before: i64,
        /// The wallet's before the row.
        held_before: i64,
        /// The code.
        currency: String,
        /// Digits after the point.
        exponent: u32,
        /// Goes on behind this event. Who keeps it together with what was made of the event misses none and takes none
        /// twice.
        resume_token: String,
        /// That of the row; of a mere token the place up to which the server has looked.
        commit_seq: i64,
    }
    /// How far a verification is.
    VerifyProgress from VerifyProgress {
        /// "journal", "wallets", "keys", "totals", "copy" or "integrity".
        stage: String,
        /// Of `total`.
        done: i64,
        /// What there is to do in this stage.
        total: i64,
    }
    /// What is wrong.
    VerifyFinding from VerifyFinding {
        /// Such as "digest", "wallet.balance" or "key".
        what: String,
        /// 0 where it is no wallet's.
        wallet_id: i64,
        /// The row of the journal; 0 where it is none's.
        seq: i64,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    }
    /// The end of a verification.
    VerifyReport from VerifyReport {
        /// Up to which all of it was verified.
        head: JournalHead,
        /// Of the journal.
        rows: i64,
        /// Their count.
        wallets: i64,
        /// Their count.
        keys: i64,
        /// Their count; 0: the ledger is what its journal says.
        findings: i64,
        /// At most 1,000 are told one by one.
        findings_told: i64,
        /// Whether SQLite's own check was made.
        integrity_checked: bool,
        /// Why it wasn't.
        integrity_skipped_because: String,
        /// How long it took.
        micros: i64,
        /// The last durable place of the journal.
        commit_seq: i64,
    }
    /// How far a backup is.
    BackupProgress from BackupProgress {
        /// Such as "copy", "rows" or "seal".
        stage: String,
        /// Of `total`.
        done: i64,
        /// What there is to do in this stage.
        total: i64,
    }
    /// A backup that was made.
    BackupReport from BackupReport {
        /// In the server's folder; beside it lies a manifest of the same name that ends with .json.
        file: String,
        /// The last row in it.
        head: JournalHead,
        /// Raised by each restore.
        epoch: u32,
        /// Of the file.
        bytes: i64,
        /// Of the file.
        sha256: Vec<u8>,
        /// Whether it has only the rows behind another one.
        incremental: bool,
        /// Of an increment: the row that it goes on behind.
        base_seq: i64,
        /// Of the journal.
        rows: i64,
        /// Nothing has come since this file, so none was made.
        old: bool,
        /// How long it took.
        micros: i64,
        /// The last durable place of the journal.
        commit_seq: i64,
    }
}

/// What a verification tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyEvent {
    /// How far it is.
    Progress(VerifyProgress),
    /// What is wrong.
    Finding(VerifyFinding),
    /// The last event.
    Report(VerifyReport),
}

/// What a backup tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BackupEvent {
    /// How far it is.
    Progress(BackupProgress),
    /// The last event.
    Report(BackupReport),
}

impl VerifyEvent {
    /// None of an event without anything in it.
    pub(crate) fn from_message(message: pb::VerifyEvent) -> Option<Self> {
        use pb::verify_event::Event;
        message.event.map(|event| match event {
            Event::Progress(one) => Self::Progress(FromWire::from_wire(one)),
            Event::Finding(one) => Self::Finding(FromWire::from_wire(one)),
            Event::Report(one) => Self::Report(FromWire::from_wire(one)),
        })
    }
}

impl BackupEvent {
    /// None of an event without anything in it.
    pub(crate) fn from_message(message: pb::BackupEvent) -> Option<Self> {
        use pb::backup_event::Event;
        message.event.map(|event| match event {
            Event::Progress(one) => Self::Progress(FromWire::from_wire(one)),
            Event::Report(one) => Self::Report(FromWire::from_wire(one)),
        })
    }
}
