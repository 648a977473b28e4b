//! What becomes of a call, over sockets; the rules themselves are tested beside the attempts.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use walletd::wire::{flags, FrameType, Header};
use walletd::*;

use crate::support::*;

fn mutation(balance: i64) -> pb::MutationResponse {
    pb::MutationResponse { balance, currency: "USD".into(), exponent: 2, ..Default::default() }
}

fn asked_debit(peer: &mut Peer) -> std::result::Result<(walletd::wire::Frame, pb::DebitRequest), Ended> {
    peer.asked(pb::Method::Debit)
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let keys = Arc::new(Mutex::new(Vec::new()));
    let note = |keys: &Arc<Mutex<Vec<String>>>, peer: &mut Peer| {
        let (frame, asked) = asked_debit(peer)?;
        keys.lock().unwrap().push(asked.idempotency_key);
        Ok::<_, Ended>(frame)
    };
    let (first, second, third) = (Arc::clone(&keys), Arc::clone(&keys), Arc::clone(&keys));
    let fake = Fake::new(vec![
        Box::new(move |peer| {
            peer.hello()?;
            note(&first, peer).map(|_| ())
        }),
        Box::new(move |peer| {
            peer.hello()?;
            note(&second, peer)?;
            peer.close();
            Ok(())
        }),
        Box::new(move |peer| {
            peer.hello()?;
            let frame = note(&third, peer)?;
            let header = Header { flags: flags::REPLAYED, ..Header::new(FrameType::Response) };
            peer.send(
                header.of_request(frame.header.request_id),
                &pb::MutationResponse { replayed: true, ..mutation(900) },
            )?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    let result = client.debit(Debit::new(test_wallet(), 100, "test")).unwrap();
    assert!(result.replayed && result.balance == 900);
    assert_eq!(*keys.lock().unwrap(), vec![result.key; 3]);
}

#[test]
fn a_lost_answer_each_time_is_an_unknown_outcome_of_a_mutation_and_none_of_a_read() {
    let fake = Fake::many(8, |peer| {
        peer.hello()?;
        peer.request().map(|_| ())
    });
    let client = connect(&fake.address);
    let end = unknown(debit(&client));
    assert_eq!(end.key, KEY);
    assert_eq!(end.last_attempt.not_executed_kind(), Some(NotExecutedKind::Disconnected));
    assert_eq!(fake.connections(), 4);
    assert_eq!(kind(client.get_balance(test_wallet())), NotExecutedKind::Disconnected);
    assert_eq!(fake.connections(), 8);
}

#[test]
fn unknown_stays_unknown_beyond_the_call_until_it_is_resolved() {
    let fake = Fake::new(vec![
        Box::new(|peer| {
            peer.hello()?;
            peer.request().map(|_| ())
        }),
        Box::new(|peer| {
            peer.hello()?;
            for _ in 0..3 {
                let request = peer.request()?;
                peer.fail(&request, Reason::PermissionDenied, 7)?;
            }
            let request = peer.request()?;
            peer.ok(&request, &mutation(1))?;
            let request = peer.request()?;
            peer.fail(&request, Reason::PermissionDenied, 7)?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    unknown(debit(&client)); // lost, then denied
    unknown(debit(&client));
    let other = client.debit(Debit::new(test_wallet(), 1, "test").key("another-key"));
    rejected(other, Reason::PermissionDenied);
    assert_eq!(debit(&client).unwrap().balance, 1);
    rejected(debit(&client), Reason::PermissionDenied);
}

#[test]
fn a_refusal_has_its_figures() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let request = peer.request()?;
        let figures =
            pb::InsufficientFunds { requested: 100, available: 40, shortfall: 60, version: 3, ..Default::default() };
        let refusal = pb::Error {
            message: "too little".into(),
            commit_seq: 12,
            detail: Some(pb::error::Detail::InsufficientFunds(figures)),
            ..error(Reason::InsufficientFunds)
        };
        peer.refuse(&request, 9, flags::NOT_EXECUTED | flags::REPLAYED, refusal)?;
        peer.ends() // it is not tried again
    });
    let client = connect(&fake.address);
    let refused = rejected(debit(&client), Reason::InsufficientFunds);
    assert!(matches!(refused.detail, Some(Detail::InsufficientFunds { shortfall: 60, available: 40, version: 3, .. })));
    assert_eq!((refused.status, refused.replayed, refused.commit_seq), (9, true, 12));
    assert_eq!((refused.key.as_deref(), refused.index, refused.message.as_str()), (Some(KEY), None, "too little"));
    assert_eq!(Error::from(refused).to_string(), "rejected: INSUFFICIENT_FUNDS: too little");
}

#[test]
fn unavailable_is_tried_again_up_to_the_limit() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        for _ in 0..4 {
            let request = peer.request()?;
            peer.fail(&request, Reason::Unavailable, 14)?;
        }
        peer.ends() // and no fifth time
    });
    let client = connect(&fake.address);
    match debit(&client) {
        Err(Error::NotExecuted(e)) => {
            assert_eq!(
                (e.kind, e.reason, e.key.as_deref()),
                (NotExecutedKind::Server, Some(Reason::Unavailable), Some(KEY))
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_retry_after_is_honoured_but_not_beyond_the_deadline() {
    let asked_again = Arc::new(Mutex::new(Vec::new()));
    let times = Arc::clone(&asked_again);
    let fake = Fake::once(move |peer| {
        peer.hello()?;
        let wait = |request: &walletd::wire::Frame, peer: &mut Peer, millis| {
            let header = Header { code: 8, flags: flags::NOT_EXECUTED, millis, ..Header::new(FrameType::Response) };
            peer.send(header.of_request(request.header.request_id), &error(Reason::ResourceExhausted))
        };
        let request = peer.request()?;
        times.lock().unwrap().push(Instant::now());
        wait(&request, peer, 300)?;
        let request = peer.request()?;
        times.lock().unwrap().push(Instant::now());
        peer.ok(&request, &mutation(1))?;
        let request = peer.request()?;
        wait(&request, peer, 3_600_000)?;
        peer.ends()
    });
    let client = connect(&fake.address);
    debit(&client).unwrap();
    let times = asked_again.lock().unwrap();
    assert!(times[1] - times[0] >= Duration::from_millis(300));
    match debit(&client.with_timeout(Duration::from_secs(60))) {
        Err(Error::NotExecuted(e)) => assert_eq!(e.retry_after, Duration::from_secs(3600)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_silent_server_is_told_that_its_answer_is_not_waited_for() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        for _ in 0..2 {
            let request = peer.request()?;
            assert!((1..=1800).contains(&request.header.millis), "{:?}, of two seconds", request.header);
            peer.cancel_of(&request)?;
            peer.send_bytes(Header::new(FrameType::Pong), &[0; 8])?; // a sign of life
        }
        peer.ends()
    });
    let client = connect(&fake.address).with_timeout(Duration::from_secs(2));
    let started = Instant::now();
    assert_eq!(kind(client.get_balance(test_wallet())), NotExecutedKind::DeadlineExceeded);
    let end = unknown(debit(&client));
    assert_eq!(
        (end.key.as_str(), end.last_attempt.not_executed_kind()),
        (KEY, Some(NotExecutedKind::DeadlineExceeded))
    );
    assert!(started.elapsed() < PATIENCE);
    assert_eq!(fake.connections(), 1);
}

#[test]
fn a_late_answer_is_dropped() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let first = peer.request()?;
        peer.cancel_of(&first)?;
        let second = peer.request()?;
        assert_ne!(first.header.request_id, second.header.request_id, "an id is used again while it is in flight");
        peer.ok(&first, &mutation(1))?;
        peer.send(Header::new(FrameType::Response).of_request(4_000_000_000), &mutation(7))?; // a call that never was
        peer.ok(&second, &mutation(2))?;
        peer.ends()
    });
    let client = connect(&fake.address);
    unknown(debit(&client.with_timeout(Duration::from_secs(1))));
    assert_eq!(debit(&client).unwrap().balance, 2);
    assert_eq!(fake.connections(), 1);
}

#[test]
fn a_dead_connection_is_left() {
    let fake = Fake::new(vec![
        Box::new(|peer| {
            peer.hello()?;
            peer.ends()
        }),
        Box::new(|peer| {
            peer.hello()?;
            loop {
                let request = peer.request()?;
                peer.ok(&request, &pb::PingResponse { commit_seq: 1, ..Default::default() })?;
            }
        }),
    ]);
    let client = connect(&fake.address);
    let hasty = client.with_timeout(Duration::from_millis(300));
    assert_eq!(kind(hasty.ping()), NotExecutedKind::DeadlineExceeded);
    wait_until("another connection", || hasty.ping().is_ok());
    assert_eq!(fake.connections(), 2);
}

#[test]
fn a_peer_that_reads_nothing_delays_nobody_beyond_the_deadline() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        peer.request()?;
        std::thread::sleep(Duration::from_secs(4)); // the buffers fill up
        Ok(())
    });
    let client = Client::new(Options::new(&fake.address).retry(once())).unwrap().with_timeout(Duration::from_secs(2));
    let note = "n".repeat(60_000);
    #[allow(clippy::needless_collect)] // without it they'd run one after the other
    let ends: Vec<_> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..200) // more than the buffers take
                .map(|_| scope.spawn(|| client.debit(Debit::new(test_wallet(), 1, "test").note(&note))))
                .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let unknown = ends.iter().filter(|end| matches!(end, Err(Error::OutcomeUnknown(_)))).count();
    let sure = ends.iter().filter(|end| matches!(end, Err(Error::NotExecuted(_)))).count();
    assert!(unknown > 0 && sure > 0 && unknown + sure == ends.len(), "{unknown} unknown, {sure} that never left");
}

#[test]
fn what_a_debit_sends() {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let fake = Fake::once(move |peer| {
        let hello = peer.hello()?;
        assert_eq!((hello.versions, hello.client_name, hello.ledger_id), (vec![1], "till-7".into(), "L".into()));
        assert_eq!(hello.credentials, None);
        let (frame, sent) = asked_debit(peer)?;
        let entry = |key: &str, value: &str| pb::MetadataEntry { key: key.into(), value: value.into() };
        let wanted = pb::DebitRequest {
            wallet: Some(pb::WalletRef { owner_id: "u-1".into(), currency: "USD".into(), ..Default::default() }),
            amount: 5,
            idempotency_key: sent.idempotency_key.clone(),
            reason: "esim.purchase".into(),
            reference: "r".into(),
            correlation_id: trace.into(),
            note: "n".into(),
            on_behalf_of: "o".into(),
            expected_version: 4,
            occurred_at_micros: 1_772_366_400_000_007,
            counter_account: "adjustments".into(),
            metadata: vec![entry("a", "b"), entry("c", "d")],
            dry_run: true,
        };
        assert_eq!(sent, wanted);
        assert_eq!(sent.idempotency_key.len(), 36, "it is made");
        let row =
            pb::Transaction { id: 9, kind: 99, amount: -5, metadata: vec![entry("a", "b")], ..Default::default() };
        peer.ok(&frame, &pb::MutationResponse { transaction: Some(row), ..mutation(3) })?;
        peer.ends()
    });
    let client = Client::new(Options::new(&fake.address).client_name("till-7").ledger_id("L")).unwrap();
    let request = Debit::new(test_wallet(), 5, "esim.purchase")
        .reference("r")
        .correlation_id(trace)
        .note("n")
        .on_behalf_of("o")
        .expected_version(4)
        .occurred_at_micros(1_772_366_400_000_007)
        .counter_account("adjustments")
        .metadata("c", "d")
        .metadata("a", "b")
        .dry_run();
    let row = client.debit(request).unwrap().transaction;
    assert_eq!((row.kind.to_string(), row.amount, row.metadata["a"].as_str()), ("UNKNOWN_99".into(), -5, "b"));
}

#[test]
fn what_cannot_be_is_not_sent() {
    let client = connect(&refused_address());
    let second = Duration::from_secs(1);
    for (what, end) in [
        ("a part of nothing", client.capture(Capture::new(1, "test").amount(0).key(KEY))),
        ("a part below nothing", client.refund(Refund::new(1, "test").amount(-1).key(KEY))),
        ("a hold without a time", client.hold(Hold::new(test_wallet(), 1, Duration::ZERO, "test").key(KEY))),
        ("a hold of a part of a millisecond", client.hold(Hold::new(test_wallet(), 1, second / 7, "test").key(KEY))),
    ] {
        let error = end.unwrap_err();
        assert_eq!(
            (error.not_executed_kind(), error.key()),
            (Some(NotExecutedKind::Invalid), Some(KEY)),
            "{what}: {error}"
        );
    }
}
