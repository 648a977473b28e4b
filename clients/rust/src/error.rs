//! What a call can end with instead of its result.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::detail::Detail;
use crate::reason::Reason;

/// The result of a call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call has no result: one of three, which say what is known of its effect.
#[derive(Clone, Debug)]
pub enum Error {
    /// The server decided against the request; no balance has changed.
    Rejected(Box<Rejected>),
    /// Nothing happened and nothing will.
    NotExecuted(Box<NotExecuted>),
    /// A mutation was sent and nobody can say whether it took place.
    OutcomeUnknown(Box<OutcomeUnknown>),
}

/// The server decided against the request; no balance has changed.
///
/// A refusal whose reason [is remembered](Reason::is_remembered) is the answer to its key for ever: a new attempt takes
/// a new key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// Why, such as [`Reason::InsufficientFunds`].
    pub reason: Reason,
    /// A sentence for people.
    pub message: String,
    /// The figures.
    pub detail: Option<Detail>,
    /// The gRPC status code, 1 to 16; 0 of a part of an answer, and when the connection itself was refused.
    pub status: u16,
    /// A remembered refusal, answered again with its first figures.
    pub replayed: bool,
    /// The refusal's place in the journal when it was recorded, else the last durable place.
    pub commit_seq: i64,
    /// The idempotency key of the mutation; none of a read.
    pub key: Option<String>,
    /// Of [`Reason::BatchAborted`]: the item that was refused, from 0.
    pub index: Option<u32>,
    /// Of [`Reason::BatchAborted`]: why that item was refused.
    pub cause: Option<Box<Rejected>>,
}

/// Nothing happened and nothing will. A mutation may be repeated, with the same key or a new one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NotExecuted {
    /// What came between.
    pub kind: NotExecutedKind,
    /// The server's, such as [`Reason::Unavailable`]; none when no answer came.
    pub reason: Option<Reason>,
    /// A sentence for people.
    pub message: String,
    /// The wait that the server asked for; zero when it didn't.
    pub retry_after: Duration,
    /// The figures of the server's answer.
    pub detail: Option<Detail>,
    /// The idempotency key of the mutation; none of a read.
    pub key: Option<String>,
    /// The error below, of the network perhaps.
    pub(crate) below: Option<Below>,
}

pub(crate) type Below = Arc<dyn std::error::Error + Send + Sync>;

/// Why something was not executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotExecutedKind {
    /// The server could not, for the reason of the error.
    Server,
    /// No connection could be made, or it ended before the answer to a read.
    Disconnected,
    /// The deadline passed: of a read, or of a mutation of which not one byte was written or about which the server is
    /// sure.
    DeadlineExceeded,
    /// The other side sent what is not WRP/1, or not what was asked for.
    Protocol,
    /// One side does not accept who the other one is.
    Unauthenticated,
    /// The caller took the call back.
    Cancelled,
    /// The client was closed.
    Closed,
    /// Refused by the client itself before anything was sent.
    Invalid,
}

/// A mutation was sent and no answer is sure: it may have taken place, or may yet.
///
/// Repeat the call with this key and otherwise the same arguments until it returns or is rejected: the server executes
/// a key at most once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OutcomeUnknown {
    /// The idempotency key of the mutation.
    pub key: String,
    /// What became of the last attempt. It is no [`source`](std::error::Error::source): what it says of this attempt,
    /// not executed perhaps, is not true of the mutation.
    pub last_attempt: Error,
}

impl Error {
    /// The idempotency key of the mutation, also when the client made it; none of a read.
    pub fn key(&self) -> Option<&str> {
        match self {
            Error::Rejected(e) => e.key.as_deref(),
            Error::NotExecuted(e) => e.key.as_deref(),
            Error::OutcomeUnknown(e) => Some(&e.key),
        }
    }

    /// The server's reason for this call; none where it gave none, and none of an unknown outcome.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Error::Rejected(e) => Some(e.reason),
            Error::NotExecuted(e) => e.reason,
            Error::OutcomeUnknown(_) => None,
        }
    }

    /// The figures of the server's answer.
    pub fn detail(&self) -> Option<&Detail> {
        match self {
            Error::Rejected(e) => e.detail.as_ref(),
            Error::NotExecuted(e) => e.detail.as_ref(),
            Error::OutcomeUnknown(_) => None,
        }
    }

    /// What came between, where nothing was executed.
    pub fn not_executed_kind(&self) -> Option<NotExecutedKind> {
        match self {
            Error::NotExecuted(e) => Some(e.kind),
            _ => None,
        }
    }

    /// Whether nobody can say if it took place: the same call with the same key is safe, and finds out.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Error::OutcomeUnknown(_))
    }

    /// Whether the same call with the same key has hope later: its outcome is unknown, there was no connection, the
    /// time was too short, or the server could not just then. For a loop of your own around calls that have to get
    /// through however long it takes.
    pub fn is_worth_repeating(&self) -> bool {
        match self {
            Error::OutcomeUnknown(_) => true,
            Error::Rejected(_) => false,
            Error::NotExecuted(e) => match e.kind {
                NotExecutedKind::Disconnected | NotExecutedKind::DeadlineExceeded => true,
                NotExecutedKind::Server => e.reason.map_or(false, Reason::is_retried),
                _ => false,
            },
        }
    }

    pub(crate) fn new(kind: NotExecutedKind, message: impl Into<String>) -> Self {
        Error::NotExecuted(Box::new(NotExecuted {
            kind,
            reason: None,
            message: message.into(),
            retry_after: Duration::ZERO,
            detail: None,
            key: None,
            below: None,
        }))
    }

    pub(crate) fn because<E>(kind: NotExecutedKind, message: &str, below: E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut error = Self::new(kind, format!("{message}: {below}"));
        if let Error::NotExecuted(e) = &mut error {
            e.below = Some(Arc::new(below));
        }
        error
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(NotExecutedKind::Invalid, message)
    }

    pub(crate) fn protocol(message: impl Into<String>) -> Self {
        Self::new(NotExecutedKind::Protocol, message)
    }

    pub(crate) fn disconnected(message: impl Into<String>) -> Self {
        Self::new(NotExecutedKind::Disconnected, message)
    }

    pub(crate) fn closed() -> Self {
        Self::new(NotExecutedKind::Closed, "the client is closed")
    }

    /// The same for one call: a connection that ends gives one error to all of its calls.
    pub(crate) fn with_key(mut self, own: Option<&str>) -> Self {
        match &mut self {
            Error::Rejected(e) => e.key = own.map(String::from),
            Error::NotExecuted(e) => e.key = own.map(String::from),
            Error::OutcomeUnknown(_) => {}
        }
        self
    }
}

impl Rejected {
    /// Whether this refusal is recorded. A batch's is when that of its item would have been.
    pub(crate) fn is_remembered(&self) -> bool {
        self.cause.as_ref().map_or(self.reason, |cause| cause.reason).is_remembered()
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        Error::Rejected(Box::new(rejected))
    }
}

impl fmt::Display for NotExecutedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Server => "not executed",
            Self::Disconnected => "disconnected",
            Self::DeadlineExceeded => "deadline exceeded",
            Self::Protocol => "protocol error",
            Self::Unauthenticated => "unauthenticated",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
            Self::Invalid => "invalid",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Rejected(e) => fmt::Display::fmt(e, f),
            Error::NotExecuted(e) => fmt::Display::fmt(e, f),
            Error::OutcomeUnknown(e) => fmt::Display::fmt(e, f),
        }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rejected: {}", self.reason)?;
        if self.message.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.message)
    }
}

impl fmt::Display for NotExecuted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            NotExecutedKind::Server => write!(f, "not executed: ")?,
            kind => write!(f, "not executed, {kind}: ")?,
        }
        if let Some(reason) = self.reason {
            write!(f, "{reason}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outcome unknown of key {}; its last attempt: {}", self.key, self.last_attempt)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::NotExecuted(e) => e.source(),
            _ => None,
        }
    }
}

impl std::error::Error for Rejected {}

impl std::error::Error for NotExecuted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.below {
            Some(below) => Some(&**below),
            None => None,
        }
    }
}

impl std::error::Error for OutcomeUnknown {}
