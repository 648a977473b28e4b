//! What becomes of a call: each row of the contract, by scripted outcomes.

use prost::Message;

use super::*;
use crate::engine::after;
use crate::proto as pb;
use crate::wire::{FrameType, Header};
use crate::Reason;

const KEY: &str = "scripted-key-1";

fn shared() -> Arc<Shared> {
    let policy = RetryPolicy { backoff: Duration::from_millis(1), ..RetryPolicy::default() };
    Arc::new(Shared::new(policy))
}

fn call(key: Option<&str>) -> Call<i64> {
    let call = Call::plain(260, &pb::DebitRequest::default(), |answer: pb::MutationResponse| answer.balance);
    Call { key: key.map(String::from), mutates: key.is_some(), ..call }
}

fn debit(shared: &Arc<Shared>) -> Attempts<i64> {
    Attempts::new(shared, call(Some(KEY)), after(Duration::from_secs(60)))
}

fn read(shared: &Arc<Shared>) -> Attempts<i64> {
    Attempts::new(shared, call(None), after(Duration::from_secs(60)))
}

fn lost(sent: bool) -> Outcome {
    Outcome::Failed(Failure { error: Error::disconnected("gone"), sent, retry: true, moved: false })
}

fn answer(code: u16, given: u8, payload: Vec<u8>) -> Outcome {
    let header = Header { code, flags: given, ..Header::new(FrameType::Response) };
    Outcome::Answered(Frame { header, payload })
}

fn ok(balance: i64) -> Outcome {
    answer(0, 0, pb::MutationResponse { balance, ..Default::default() }.encode_to_vec())
}

fn refused(reason: Reason, given: u8) -> Outcome {
    answer(9, given, pb::Error { reason: reason.number(), message: "no".into(), ..Default::default() }.encode_to_vec())
}

fn done(step: Step<i64>) -> Result<i64, Error> {
    match step {
        Step::Done(result) => result,
        Step::Again(wait) => panic!("again in {wait:?}"),
    }
}

fn again(step: Step<i64>) -> Duration {
    match step {
        Step::Again(wait) => wait,
        Step::Done(result) => panic!("{result:?}"),
    }
}

fn kind(error: &Error) -> Option<NotExecutedKind> {
    error.not_executed_kind()
}

const SURE: u8 = flags::NOT_EXECUTED;

#[test]
fn an_ok_is_the_result_and_resolves_the_key() {
    let shared = shared();
    let mut attempts = debit(&shared);
    again(attempts.settled(lost(true)));
    assert!(shared.unresolved.has(KEY));
    assert_eq!(done(attempts.settled(ok(7))).unwrap(), 7);
    assert!(!shared.unresolved.has(KEY));
}

#[test]
fn not_executed_after_unknown_does_not_call_the_money_unmoved() {
    for reason in [
        Reason::Unavailable,
        Reason::ResourceExhausted,
        Reason::DeadlineExceeded,
        Reason::Cancelled,
        Reason::VersionConflict,
        Reason::InvalidArgument,
        Reason::Unauthenticated,
        Reason::IdempotencyMismatch,
        Reason::Internal,
        Reason::PermissionDenied,
        Reason::BatchAborted,
        Reason::Unknown(99),
    ] {
        let shared = shared();
        let mut attempts = debit(&shared);
        again(attempts.settled(lost(true)));
        let mut step = attempts.settled(refused(reason, SURE));
        while let Step::Again(_) = step {
            step = attempts.settled(refused(reason, SURE));
        }
        match done(step).unwrap_err() {
            Error::OutcomeUnknown(unknown) => assert_eq!(unknown.key, KEY, "{reason}"),
            other => panic!("{reason}: {other}"),
        }
        // The client remembers it beyond the call, of this key and of no other.
        let mut later = debit(&shared);
        assert!(later.gave_up(GaveUp::Late, false).is_outcome_unknown(), "{reason}");
        let another = Call { key: Some("another-key".into()), ..call(Some(KEY)) };
        let mut other = Attempts::new(&shared, another, after(Duration::from_secs(60)));
        assert_eq!(kind(&other.gave_up(GaveUp::Late, false)), Some(NotExecutedKind::DeadlineExceeded), "{reason}");
    }
}

#[test]
fn what_resolves_an_unknown_key() {
    for (what, outcome, known) in [
        ("ok", ok(5), true),
        ("a remembered refusal", refused(Reason::InsufficientFunds, SURE), true),
        ("the same again", refused(Reason::InsufficientFunds, flags::REPLAYED), true),
        ("one that is not sure", refused(Reason::InsufficientFunds, 0), false),
        ("an aborted batch without a cause", refused(Reason::BatchAborted, SURE), false),
    ] {
        let shared = shared();
        let mut attempts = debit(&shared);
        again(attempts.settled(lost(true)));
        let result = done(attempts.settled(outcome));
        assert_eq!(matches!(result, Err(Error::OutcomeUnknown(_))), !known, "{what}: {result:?}");
        assert_eq!(shared.unresolved.has(KEY), !known, "{what}");
    }
}

#[test]
fn an_attempt_that_never_left_is_certain() {
    let shared = shared();
    let mut attempts = debit(&shared);
    for _ in 0..5 {
        again(attempts.settled(lost(false)));
    }
    let error = done(attempts.settled(lost(false))).unwrap_err();
    assert_eq!(kind(&error), Some(NotExecutedKind::Disconnected));
    assert_eq!(error.key(), Some(KEY));
    assert!(!shared.unresolved.has(KEY));
}

#[test]
fn an_answer_that_is_not_sure_or_not_readable_leaves_a_mutation_unknown_and_a_read_not() {
    for (what, outcome, of_a_read) in [
        ("internal", refused(Reason::Internal, 0), NotExecutedKind::Server),
        ("a body that does not parse", answer(0, 0, vec![0xff]), NotExecutedKind::Protocol),
        ("an error that does not parse", answer(9, SURE, vec![0xff]), NotExecutedKind::Protocol),
        ("ok and not executed", answer(0, SURE, Vec::new()), NotExecutedKind::Protocol),
    ] {
        let shared = shared();
        let error = done(debit(&shared).settled(outcome.clone())).unwrap_err();
        assert!(error.is_outcome_unknown(), "{what}: {error}");
        let error = done(read(&shared).settled(outcome)).unwrap_err();
        assert_eq!(kind(&error), Some(of_a_read), "{what}");
        assert_eq!(error.key(), None, "{what}");
    }
}

#[test]
fn only_what_passes_is_tried_again() {
    let shared = shared();
    for reason in Reason::ALL {
        let step = read(&shared).settled(refused(*reason, SURE));
        let retried = matches!(reason, Reason::Unavailable | Reason::ResourceExhausted);
        assert_eq!(matches!(step, Step::Again(_)), retried, "{reason}");
    }
    let protocol = Failure { error: Error::protocol("no"), sent: true, retry: false, moved: false };
    assert_eq!(
        kind(&done(read(&shared).settled(Outcome::Failed(protocol))).unwrap_err()),
        Some(NotExecutedKind::Protocol)
    );
}

#[test]
fn there_are_six_attempts_at_most() {
    let shared = shared();
    let mut attempts = read(&shared);
    for _ in 0..5 {
        again(attempts.settled(refused(Reason::Unavailable, SURE)));
    }
    let error = done(attempts.settled(refused(Reason::Unavailable, SURE))).unwrap_err();
    assert_eq!(error.reason(), Some(Reason::Unavailable));
}

#[test]
fn a_spent_budget_ends_a_call_with_its_first_error_but_a_move_is_free() {
    let shared = shared();
    let mut calls = 0;
    loop {
        let mut attempts = read(&shared);
        calls += 1;
        match attempts.settled(lost(false)) {
            Step::Again(_) => assert!(calls < 20),
            Step::Done(result) => {
                assert_eq!(kind(&result.unwrap_err()), Some(NotExecutedKind::Disconnected));
                break;
            }
        }
    }
    assert_eq!(calls, 12, "ten at the start, and a tenth of each call");
    let moved = Failure { error: Error::disconnected("leaving"), sent: false, retry: true, moved: true };
    again(read(&shared).settled(Outcome::Failed(moved)));
}

#[test]
fn the_server_says_when_and_the_deadline_whether() {
    let shared = shared();
    let busy = |millis| {
        let header = Header { code: 14, flags: SURE, millis, ..Header::new(FrameType::Response) };
        let error = pb::Error { reason: Reason::Unavailable.number(), ..Default::default() };
        Outcome::Answered(Frame { header, payload: error.encode_to_vec() })
    };
    let wait = again(read(&shared).settled(busy(300)));
    assert!((300..=301).contains(&wait.as_millis()), "{wait:?}");
    match done(read(&shared).settled(busy(60_000))).unwrap_err() {
        Error::NotExecuted(e) => assert_eq!(e.retry_after, Duration::from_secs(60)),
        other => panic!("{other}"),
    }
    let detail = pb::error::Detail::RetryAfter(pb::RetryAfter { retry_after_millis: 250 });
    let error = pb::Error { reason: Reason::ResourceExhausted.number(), detail: Some(detail), ..Default::default() };
    let wait = again(read(&shared).settled(answer(8, SURE, error.encode_to_vec())));
    assert!(wait >= Duration::from_millis(250), "{wait:?}");
}

#[test]
fn giving_up_is_unknown_only_where_something_was_sent() {
    for why in [GaveUp::Late, GaveUp::Interrupted(Interrupt::Cancelled), GaveUp::Interrupted(Interrupt::Closed)] {
        let shared = shared();
        let of_a_read = read(&shared).gave_up(why, true);
        let expected = match why {
            GaveUp::Late => NotExecutedKind::DeadlineExceeded,
            GaveUp::Interrupted(Interrupt::Cancelled) => NotExecutedKind::Cancelled,
            GaveUp::Interrupted(Interrupt::Closed) => NotExecutedKind::Closed,
        };
        assert_eq!(kind(&of_a_read), Some(expected));
        assert_eq!(kind(&debit(&shared).gave_up(why, false)), Some(expected));
        assert!(debit(&shared).gave_up(why, true).is_outcome_unknown());
        assert!(debit(&shared).closed().is_outcome_unknown(), "it is remembered");
    }
}

#[test]
fn a_retry_of_unknown_is_unknown_from_the_start() {
    let shared = shared();
    let asked = Call { retry_of_unknown: true, ..call(Some(KEY)) };
    let mut attempts = Attempts::new(&shared, asked, after(Duration::from_secs(60)));
    let conflict = attempts.settled(refused(Reason::VersionConflict, SURE));
    assert!(done(conflict).unwrap_err().is_outcome_unknown());
    // A dry run changes nothing, so nothing of it can be unknown.
    let tried = Call { retry_of_unknown: true, mutates: false, key: Some("dry".into()), ..call(None) };
    let mut attempts = Attempts::new(&shared, tried, after(Duration::from_secs(60)));
    let error = done(attempts.settled(refused(Reason::VersionConflict, SURE))).unwrap_err();
    assert_eq!((error.reason(), error.key()), (Some(Reason::VersionConflict), Some("dry")));
}

#[test]
fn a_caller_that_is_gone_leaves_its_key_unknown() {
    let shared = shared();
    debit(&shared).abandoned();
    read(&shared).abandoned();
    assert!(shared.unresolved.has(KEY));
}
