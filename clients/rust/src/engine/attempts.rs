use std::sync::Arc;
use std::time::{Duration, Instant};

use super::answers::{error_of, resolves};
use super::call::{Call, Settled};
use super::connection::{Failure, Outcome};
use super::mailbox::Interrupt;
use super::retry::{RetryBudget, RetryPolicy};
use crate::error::{Error, NotExecutedKind, OutcomeUnknown};
use crate::keys::{UnresolvedKeys, UNRESOLVED_KEYS_MAX};
use crate::wire::{flags, Frame};

/// What the calls of one client share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) policy: RetryPolicy,
    pub(crate) unresolved: UnresolvedKeys,
    budget: RetryBudget,
}

impl Shared {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self { policy, unresolved: UnresolvedKeys::new(UNRESOLVED_KEYS_MAX), budget: RetryBudget::new() }
    }
}

/// The attempts of one call. Its owner makes one at a time and tells what came of it.
///
/// This is where a key's outcome is judged: once an attempt has ended unknown, only OK, a replay or a remembered refusal
/// resolves it.
#[derive(Debug)]
pub(crate) struct Attempts<T> {
    shared: Arc<Shared>,
    /// Its `read` is taken by the OK that ends the call.
    call: Call<T>,
    deadline: Instant,
    count: u32,
    /// An attempt of this very call ended unknown.
    unknown: bool,
}

/// What to do after an attempt.
#[derive(Debug)]
pub(crate) enum Step<T> {
    /// The call has come to its end.
    Done(Result<T, Error>),
    /// Wait so long, and make the next attempt.
    Again(Duration),
}

/// Why a caller stops waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GaveUp {
    Late,
    Interrupted(Interrupt),
}

impl<T> Attempts<T> {
    /// Begins a call.
    pub(crate) fn new(shared: &Arc<Shared>, call: Call<T>, deadline: Instant) -> Self {
        shared.budget.earn();
        let mut attempts = Self { shared: Arc::clone(shared), call, deadline, count: 0, unknown: false };
        if attempts.call.mutates && attempts.call.retry_of_unknown {
            attempts.note_unknown();
        }
        attempts
    }

    pub(crate) fn call(&self) -> &Call<T> {
        &self.call
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Takes what became of an attempt.
    pub(crate) fn settled(&mut self, outcome: Outcome) -> Step<T> {
        self.count += 1;
        match outcome {
            Outcome::Failed(failure) => self.failed(failure),
            Outcome::Answered(frame) if frame.header.code == 0 => Step::Done(self.ok(&frame)),
            Outcome::Answered(frame) => self.refused(&frame),
        }
    }

    /// The error when its caller stops waiting; `sent`: while a request was under way.
    pub(crate) fn gave_up(&mut self, why: GaveUp, sent: bool) -> Error {
        let error = match why {
            GaveUp::Late if sent => {
                Error::new(NotExecutedKind::DeadlineExceeded, "the deadline passed before an answer came")
            }
            GaveUp::Late => {
                Error::new(NotExecutedKind::DeadlineExceeded, "the deadline passed before the request could be sent")
            }
            GaveUp::Interrupted(Interrupt::Cancelled) => {
                Error::new(NotExecutedKind::Cancelled, "the call was cancelled")
            }
            GaveUp::Interrupted(Interrupt::Closed) => Error::closed(),
        };
        self.end(error, !sent)
    }

    /// The error when the client is closed before an attempt.
    pub(crate) fn closed(&mut self) -> Error {
        self.end(Error::closed(), true)
    }

    /// The caller is gone while a request was under way: nobody is told, but the key is remembered.
    #[cfg_attr(not(feature = "tokio"), allow(dead_code))]
    pub(crate) fn abandoned(&mut self) {
        if self.call.mutates {
            self.note_unknown();
        }
    }

    fn ok(&mut self, frame: &Frame) -> Result<T, Error> {
        if frame.header.flags & flags::NOT_EXECUTED != 0 {
            return Err(self.end(Error::protocol("the peer answered OK and NOT_EXECUTED at once"), false));
        }
        // The call ends here, one way or the other.
        let read = std::mem::replace(&mut self.call.read, Box::new(|_, _| Err("it was read already".into())));
        let found = read(&frame.payload, &|key| self.unknown || self.shared.unresolved.has(key));
        match found {
            Ok((result, Settled::All)) => {
                self.resolve();
                Ok(result)
            }
            Ok((result, Settled::Only(keys))) => {
                for key in keys {
                    self.shared.unresolved.remove(&key);
                }
                Ok(result)
            }
            Err(problem) => Err(self.end(Error::protocol(problem), false)),
        }
    }

    fn refused(&mut self, frame: &Frame) -> Step<T> {
        let given = frame.header.flags;
        let error = error_of(frame);
        let resolved = resolves(&error, given);
        if resolved {
            self.resolve();
        }
        let readable = error.not_executed_kind() != Some(NotExecutedKind::Protocol);
        // Not executed is what this attempt was, when the answer says so.
        let sent = !(resolved || readable && given & flags::NOT_EXECUTED != 0);
        let retry = error.reason().map_or(false, crate::Reason::is_retried);
        self.failed(Failure { error, sent, retry, moved: false })
    }

    fn failed(&mut self, failure: Failure) -> Step<T> {
        let Failure { error, sent, retry, moved } = failure;
        let retry_after = match &error {
            Error::NotExecuted(e) => e.retry_after,
            _ => Duration::ZERO,
        };
        let last = self.end(error, !sent);
        if !retry || self.count >= self.shared.policy.attempts_max {
            return Step::Done(Err(last));
        }
        let wait = self.shared.policy.wait(self.count, retry_after);
        let left = self.deadline.saturating_duration_since(Instant::now());
        if wait >= left || !moved && !self.shared.budget.spend() {
            return Step::Done(Err(last));
        }
        Step::Again(wait)
    }

    /// The error of the call if this attempt is its last one; `sure`: it had no effect and never will.
    fn end(&mut self, error: Error, sure: bool) -> Error {
        let key = self.call.key.clone();
        if self.call.mutates {
            if !sure {
                self.note_unknown();
            }
            if self.is_unknown() {
                let key = key.unwrap_or_default();
                let last_attempt = error.with_key(Some(&key));
                return Error::OutcomeUnknown(Box::new(OutcomeUnknown { key, last_attempt }));
            }
        }
        error.with_key(key.as_deref())
    }

    fn is_unknown(&self) -> bool {
        let unresolved = &self.shared.unresolved;
        let has = |key: &String| unresolved.has(key);
        self.unknown || self.call.key.iter().any(has) || self.call.item_keys.iter().any(has)
    }

    fn note_unknown(&mut self) {
        self.unknown = true;
        for key in self.call.key.iter().chain(&self.call.item_keys) {
            self.shared.unresolved.add(key);
        }
    }

    fn resolve(&mut self) {
        if !self.call.mutates {
            return;
        }
        self.unknown = false;
        if let Some(key) = &self.call.key {
            self.shared.unresolved.remove(key);
        }
    }
}

#[cfg(test)]
mod tests;
