use std::time::Duration;

use prost::Message;

use crate::error::Error;
use crate::proto as pb;
use crate::proto::watch_transactions_request::Start;
use crate::values::{BackupEvent, JournalHead, TransactionKind, VerifyEvent};

/// A request of a verb that is answered with events and has an end of its own.
pub(crate) trait StreamRequest {
    /// What the stream tells.
    type Event;

    /// The number of the verb.
    const METHOD: u16;

    /// The body of the request.
    fn payload(&self) -> Vec<u8>;

    /// Reads an event.
    fn event(body: &[u8]) -> Result<Self::Event, Error>;
}

/// Asks whether the ledger is what its journal says.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is asked until a client is given it"]
pub struct Verify {
    expected_head: Option<JournalHead>,
    skip_integrity_check: bool,
}

impl Verify {
    /// All of it.
    pub fn new() -> Self {
        Self::default()
    }

    /// A head that was kept elsewhere: the journal must have it, or that is a finding.
    pub fn expected_head(self, head: JournalHead) -> Self {
        Self { expected_head: Some(head), ..self }
    }

    /// Leaves out SQLite's own check, for which a copy of the file is made for a while.
    pub fn skip_integrity_check(self) -> Self {
        Self { skip_integrity_check: true, ..self }
    }
}

impl StreamRequest for Verify {
    type Event = VerifyEvent;

    const METHOD: u16 = pb::Method::Verify as i32 as u16;

    fn payload(&self) -> Vec<u8> {
        let head = self.expected_head.clone();
        let message = pb::VerifyRequest {
            expected_head: head.map(|JournalHead { seq, digest }| pb::JournalHead { seq, digest }),
            skip_integrity_check: self.skip_integrity_check,
        };
        message.encode_to_vec()
    }

    fn event(body: &[u8]) -> Result<VerifyEvent, Error> {
        let message = pb::VerifyEvent::decode(body).map_err(unreadable)?;
        VerifyEvent::from_message(message).ok_or_else(|| empty("a verification"))
    }
}

/// Asks for a backup in the server's folder of backups. There is one at a time, and it can't be resumed.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is asked until a client is given it"]
pub struct Backup {
    incremental: bool,
}

impl Backup {
    /// All of the ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the rows behind the newest backup.
    pub fn incremental() -> Self {
        Self { incremental: true }
    }
}

impl StreamRequest for Backup {
    type Event = BackupEvent;

    const METHOD: u16 = pb::Method::Backup as i32 as u16;

    fn payload(&self) -> Vec<u8> {
        pb::BackupRequest { incremental: self.incremental }.encode_to_vec()
    }

    fn event(body: &[u8]) -> Result<BackupEvent, Error> {
        let message = pb::BackupEvent::decode(body).map_err(unreadable)?;
        BackupEvent::from_message(message).ok_or_else(|| empty("a backup"))
    }
}

/// Asks for every transaction behind a place of the journal and then each new one.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until a client is given it"]
pub struct WatchTransactions {
    start: Start,
    wallet_ids: Vec<i64>,
    kinds: Vec<TransactionKind>,
    pub(crate) patience: Option<Duration>,
}

impl WatchTransactions {
    /// With what comes from now on.
    pub fn from_now() -> Self {
        Self::new(Start::FromNow(true))
    }

    /// With the first row.
    pub fn from_beginning() -> Self {
        Self::new(Start::AfterSeq(0))
    }

    /// Behind a transaction's id or a `commit_seq`.
    pub fn after(seq: i64) -> Self {
        Self::new(Start::AfterSeq(seq))
    }

    /// Behind the event that has this token.
    pub fn resume(token: impl Into<String>) -> Self {
        Self::new(Start::ResumeToken(token.into()))
    }

    fn new(start: Start) -> Self {
        Self { start, wallet_ids: Vec::new(), kinds: Vec::new(), patience: None }
    }

    /// Only those of these wallets, at most 1,000.
    pub fn wallet_ids(self, wallet_ids: impl IntoIterator<Item = i64>) -> Self {
        Self { wallet_ids: wallet_ids.into_iter().collect(), ..self }
    }

    /// Only those of these kinds.
    pub fn kinds(self, kinds: impl IntoIterator<Item = TransactionKind>) -> Self {
        Self { kinds: kinds.into_iter().collect(), ..self }
    }

    /// How long the server may be away before the watch ends; without it, as long as it likes.
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    pub(crate) fn into_message(self) -> pb::WatchTransactionsRequest {
        pb::WatchTransactionsRequest {
            start: Some(self.start),
            wallet_ids: self.wallet_ids,
            kinds: self.kinds.into_iter().map(TransactionKind::number).collect(),
        }
    }
}

pub(crate) fn unreadable(error: prost::DecodeError) -> Error {
    Error::protocol(format!("an event does not parse: {error}"))
}

fn empty(what: &str) -> Error {
    Error::protocol(format!("an event of {what} without anything in it"))
}
