use std::time::{Duration, Instant};

use super::retry::RetryPolicy;
use crate::error::{Error, NotExecutedKind};
use crate::proto as pb;
use crate::proto::watch_transactions_request::Start;
use crate::Reason;

/// Where a watch goes on, and whether.
#[derive(Debug)]
pub(crate) struct Resumption {
    request: pb::WatchTransactionsRequest,
    /// How long the server may be away; none: as long as it likes.
    patience: Option<Duration>,
    policy: RetryPolicy,
    /// The server has taken it in.
    stood: bool,
    failures: u32,
    lost_since: Option<Instant>,
}

/// Why a stream of a watch ended.
#[derive(Debug)]
pub(crate) enum StreamEnd {
    /// More events came than are kept for the reader.
    TooSlow,
    Error(Error),
}

impl Resumption {
    pub(crate) fn new(request: pb::WatchTransactionsRequest, patience: Option<Duration>, policy: RetryPolicy) -> Self {
        Self { request, patience, policy, stood: false, failures: 0, lost_since: None }
    }

    /// What the next stream is asked for with.
    pub(crate) fn request(&self) -> &pb::WatchTransactionsRequest {
        &self.request
    }

    /// An event came. False for a token that the reader has already.
    pub(crate) fn told(&mut self, event: &pb::WatchEvent) -> bool {
        let token = &event.resume_token;
        let known = matches!(&self.request.start, Some(Start::ResumeToken(last)) if last == token);
        self.request.start = Some(Start::ResumeToken(token.clone()));
        self.stood = true;
        self.lost_since = None;
        if event.transaction.is_some() {
            // A server that takes every watch in and sends it away at once isn't asked without a pause.
            self.failures = 0;
        }
        event.transaction.is_some() || !known
    }

    /// A stream ended: the wait before the next one, or the error that ends the watch too.
    pub(crate) fn ended(&mut self, end: StreamEnd, now: Instant) -> Result<Duration, Error> {
        let error = match end {
            StreamEnd::TooSlow => return Ok(Duration::ZERO),
            StreamEnd::Error(error) => error,
        };
        let since = *self.lost_since.get_or_insert(now);
        let lasting = self.patience.map_or(false, |patience| now.saturating_duration_since(since) > patience);
        if !self.stood || lasting || !passes(&error) {
            return Err(error);
        }
        self.failures = self.failures.saturating_add(1);
        let asked = match &error {
            Error::NotExecuted(e) => e.retry_after,
            _ => Duration::ZERO,
        };
        Ok(self.policy.wait(self.failures, asked))
    }
}

/// Whether another try has hope.
fn passes(error: &Error) -> bool {
    match error.not_executed_kind() {
        Some(NotExecutedKind::Disconnected | NotExecutedKind::DeadlineExceeded) => true,
        Some(NotExecutedKind::Server) => {
            matches!(error.reason(), Some(Reason::Unavailable | Reason::ResourceExhausted | Reason::Cancelled))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(row: i64) -> pb::WatchEvent {
        pb::WatchEvent { resume_token: format!("t{row}"), commit_seq: row, ..Default::default() }
    }

    fn told(row: i64) -> pb::WatchEvent {
        pb::WatchEvent { transaction: Some(pb::Transaction::default()), ..token(row) }
    }

    fn lost() -> StreamEnd {
        StreamEnd::Error(Error::disconnected("gone"))
    }

    fn resumption(patience: u64) -> Resumption {
        let policy = RetryPolicy {
            backoff: Duration::from_secs(1),
            backoff_max: Duration::from_secs(8),
            ..RetryPolicy::default()
        };
        Resumption::new(Default::default(), Some(Duration::from_secs(patience)), policy)
    }

    #[test]
    fn a_watch_that_never_stood_does_not_go_on() {
        assert!(resumption(10).ended(lost(), Instant::now()).is_err());
    }

    #[test]
    fn it_goes_on_from_the_last_token_with_growing_waits_until_its_patience_ends() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_millis(seconds);
        let mut watch = resumption(10);
        assert!(watch.told(&token(3)));
        assert!(!watch.told(&token(3)), "the reader has that token");
        assert!(watch.told(&told(3)));
        assert_eq!(watch.request().start, Some(Start::ResumeToken("t3".into())));
        for (now, whole) in [(5_000, 1), (6_000, 2), (15_000, 4)] {
            let wait = watch.ended(lost(), at(now)).unwrap();
            let whole = Duration::from_secs(whole);
            assert!((whole / 2..=whole).contains(&wait), "at {now}: {wait:?}");
        }
        assert!(watch.ended(lost(), at(15_001)).is_err());
        watch.told(&told(4));
        assert!(watch.ended(lost(), at(99_000)).unwrap() <= Duration::from_secs(1), "it begins anew");
    }

    #[test]
    fn a_slow_reader_goes_on_at_once_and_the_server_is_asked_when_it_likes() {
        let mut watch = resumption(10);
        watch.told(&token(1));
        assert_eq!(watch.ended(StreamEnd::TooSlow, Instant::now()).unwrap(), Duration::ZERO);
        let mut error = Error::new(NotExecutedKind::Server, "busy");
        if let Error::NotExecuted(e) = &mut error {
            e.reason = Some(Reason::Unavailable);
            e.retry_after = Duration::from_secs(3);
        }
        assert!(watch.ended(StreamEnd::Error(error), Instant::now()).unwrap() >= Duration::from_secs(3));
    }

    #[test]
    fn it_ends_with_what_would_come_again() {
        for kind in [
            NotExecutedKind::Protocol,
            NotExecutedKind::Closed,
            NotExecutedKind::Cancelled,
            NotExecutedKind::Unauthenticated,
            NotExecutedKind::Invalid,
        ] {
            let mut watch = resumption(10);
            watch.told(&token(1));
            let error = watch.ended(StreamEnd::Error(Error::new(kind, "")), Instant::now()).unwrap_err();
            assert_eq!(error.not_executed_kind(), Some(kind));
        }
    }
}
