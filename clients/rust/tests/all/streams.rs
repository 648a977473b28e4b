//! Watches, verifications and backups by script.

use std::sync::mpsc::channel;
use std::time::Duration;

use walletd::wire::{flags, Frame, FrameType};
use walletd::*;

use crate::support::*;

fn token(row: i64) -> pb::WatchEvent {
    pb::WatchEvent {
        resume_token: format!("t{row}"),
        commit_seq: row,
        currency: "USD".into(),
        exponent: 2,
        ..Default::default()
    }
}

fn told(row: i64, note: &str) -> pb::WatchEvent {
    let transaction = pb::Transaction { id: row, kind: 3, note: note.into(), ..Default::default() };
    pb::WatchEvent { transaction: Some(transaction), ..token(row) }
}

fn asked(peer: &mut Peer) -> std::result::Result<(Frame, pb::WatchTransactionsRequest), Ended> {
    peer.asked(pb::Method::WatchTransactions)
}

/// Where a watch that goes on begins.
fn resumed(peer: &mut Peer, at: &str) -> std::result::Result<Frame, Ended> {
    let (frame, asked) = asked(peer)?;
    assert_eq!(asked.start, Some(pb::watch_transactions_request::Start::ResumeToken(at.into())));
    assert_eq!(asked.wallet_ids, [5]);
    Ok(frame)
}

fn stream_ended(peer: &mut Peer, frame: &Frame, reason: Reason, status: u16, token: &str) -> Played {
    let end = pb::StreamEnd { resume_token: token.into() };
    let detail = Some(pb::error::Detail::StreamEnd(end));
    peer.refuse(frame, status, flags::NOT_EXECUTED, pb::Error { detail, ..error(reason) })
}

#[test]
fn a_watch_goes_on_over_everything_that_passes() {
    let fake = Fake::new(vec![
        Box::new(|peer| {
            peer.hello()?;
            let (frame, asked) = asked(peer)?;
            assert_eq!(asked.start, Some(pb::watch_transactions_request::Start::AfterSeq(0)));
            assert_eq!((asked.wallet_ids.as_slice(), asked.kinds.as_slice()), (&[5][..], &[2][..]));
            peer.event(&frame, &token(0))?;
            peer.event(&frame, &told(1, "")) // and the connection is lost
        }),
        Box::new(|peer| {
            peer.hello()?;
            let frame = resumed(peer, "t1")?;
            peer.event(&frame, &token(1))?;
            peer.event(&frame, &told(2, ""))?;
            stream_ended(peer, &frame, Reason::ResourceExhausted, 8, "t2")?;
            let frame = resumed(peer, "t2")?;
            peer.event(&frame, &token(2))?;
            peer.event(&frame, &told(3, ""))?;
            peer.go_away()?;
            stream_ended(peer, &frame, Reason::Unavailable, 14, "t3")?;
            peer.ends()
        }),
        Box::new(|peer| {
            peer.hello()?;
            let frame = resumed(peer, "t3")?;
            peer.event(&frame, &told(4, ""))?;
            peer.fail(&frame, Reason::ResumeInvalid, 9)?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    let request = WatchTransactions::from_beginning().wallet_ids([5]).kinds([TransactionKind::Debit]);
    let mut events: Vec<_> = client.watch_transactions(request).collect();
    rejected(events.pop().unwrap(), Reason::ResumeInvalid);
    let events: Vec<_> = events.into_iter().map(|event| event.unwrap()).collect();
    let tokens: Vec<_> = events.iter().map(|event| event.resume_token.as_str()).collect();
    assert_eq!(tokens, ["t0", "t1", "t2", "t3", "t4"], "each once");
    let rows: Vec<_> = events.iter().filter_map(|event| event.transaction.as_ref()).map(|row| row.id).collect();
    assert_eq!(rows, [1, 2, 3, 4]);
}

#[test]
fn a_watch_that_never_stood_is_an_error() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        for _ in 0..4 {
            let request = peer.request()?;
            peer.fail(&request, Reason::ResourceExhausted, 8)?;
        }
        peer.ends()
    });
    let client = connect(&fake.address);
    let mut watch = client.watch_transactions(WatchTransactions::from_now());
    let error = watch.next().unwrap().unwrap_err();
    assert_eq!(
        (error.reason(), error.not_executed_kind()),
        (Some(Reason::ResourceExhausted), Some(NotExecutedKind::Server))
    );
    assert!(watch.next().is_none());
}

#[test]
fn a_watch_of_a_silent_server_ends_in_its_time() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        peer.ends()
    });
    let client = connect(&fake.address).with_timeout(Duration::from_millis(200));
    let mut watch = client.watch_transactions(WatchTransactions::from_now());
    assert_eq!(kind(watch.next().unwrap()), NotExecutedKind::DeadlineExceeded);
}

#[test]
fn a_watch_of_a_server_that_falls_silent_goes_on_elsewhere() {
    let mut scripts: Vec<Script> = vec![Box::new(|peer| {
        peer.hello()?;
        let (frame, _) = asked(peer)?;
        peer.event(&frame, &told(1, ""))?;
        peer.ends()
    })];
    scripts.extend((0..4).map(|_| {
        Box::new(|peer: &mut Peer| {
            peer.hello()?;
            let frame = resumed(peer, "t1")?;
            peer.event(&frame, &told(2, ""))?;
            peer.ends()
        }) as Script
    }));
    let fake = Fake::new(scripts);
    let options = Options::new(&fake.address).retry(eager()).stream_silence(Duration::from_millis(200));
    let client = Client::new(options).unwrap();
    let mut watch = client.watch_transactions(WatchTransactions::from_beginning().wallet_ids([5]));
    for row in [1, 2] {
        assert_eq!(watch.next().unwrap().unwrap().transaction.unwrap().id, row);
    }
    assert!(fake.connections() >= 2);
}

#[test]
fn a_dropped_watch_is_cancelled_and_its_late_events_are_dropped() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let (frame, asked) = asked(peer)?;
        assert_eq!(asked.start, Some(pb::watch_transactions_request::Start::FromNow(true)));
        peer.event(&frame, &token(0))?;
        peer.event(&frame, &told(1, ""))?;
        peer.cancel_of(&frame)?;
        peer.event(&frame, &told(2, ""))?;
        peer.fail(&frame, Reason::Cancelled, 1)?;
        let request = peer.request()?;
        peer.ok(&request, &pb::PingResponse { commit_seq: 7, ..Default::default() })?;
        peer.ends()
    });
    let client = connect(&fake.address);
    let rows: Vec<_> = client.watch_transactions(WatchTransactions::from_now()).take(2).collect();
    assert_eq!(rows[1].as_ref().unwrap().transaction.as_ref().unwrap().id, 1);
    assert_eq!(client.ping().unwrap().commit_seq, 7);
}

#[test]
fn closing_the_client_ends_a_watch() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let (frame, _) = asked(peer)?;
        peer.event(&frame, &token(0))?;
        peer.ends()
    });
    let client = connect(&fake.address);
    let mut watch = client.watch_transactions(WatchTransactions::from_now());
    watch.next().unwrap().unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(move || watch.next());
        std::thread::sleep(Duration::from_millis(20));
        client.close();
        assert_eq!(kind(waits.join().unwrap().unwrap()), NotExecutedKind::Closed);
    });
}

#[test]
fn a_reader_that_falls_behind_goes_on_where_its_buffer_ends() {
    let (behind, is_behind) = channel();
    let fake = Fake::once(move |peer| {
        peer.hello()?;
        let (frame, _) = asked(peer)?;
        let note = "n".repeat(10_000);
        for row in 1..=150 {
            peer.event(&frame, &told(row, &note))?; // above the bound of 1 MiB
        }
        let (mut cancelled, mut pinged) = (false, false);
        while !(cancelled && pinged) {
            let next = peer.read()?; // other calls go on meanwhile
            match next.header.kind {
                FrameType::Cancel => cancelled = true,
                _ => {
                    pinged = true;
                    peer.ok(&next, &pb::PingResponse::default())?;
                }
            }
        }
        behind.send(()).unwrap();
        let (frame, asked) = asked(peer)?;
        let last: i64 = match asked.start {
            Some(pb::watch_transactions_request::Start::ResumeToken(token)) => token[1..].parse().unwrap(),
            other => panic!("{other:?}"),
        };
        assert!((90..150).contains(&last), "{last}");
        for row in last + 1..=200 {
            peer.event(&frame, &told(row, ""))?;
        }
        peer.ends()
    });
    let client = connect(&fake.address);
    let mut watch = client.watch_transactions(WatchTransactions::from_beginning());
    for row in 1..=200 {
        assert_eq!(watch.next().unwrap().unwrap().transaction.unwrap().id, row);
        if row == 1 {
            client.ping().unwrap();
            is_behind.recv_timeout(PATIENCE).unwrap(); // until then nothing more is read
        }
    }
}

#[test]
fn a_verification_has_events_and_an_end() {
    use pb::verify_event::Event;
    let verify_event = |event| pb::VerifyEvent { event: Some(event) };
    let fake = Fake::once(move |peer| {
        peer.hello()?;
        let (frame, asked) = peer.asked::<pb::VerifyRequest>(pb::Method::Verify)?;
        assert_eq!(asked.expected_head, Some(pb::JournalHead { seq: 1, digest: vec![0; 32] }));
        let progress = pb::VerifyProgress { stage: "journal".into(), done: 1, total: 2 };
        peer.event(&frame, &verify_event(Event::Progress(progress)))?;
        peer.event(&frame, &verify_event(Event::Finding(pb::VerifyFinding { seq: 4, ..Default::default() })))?;
        peer.event(&frame, &verify_event(Event::Report(pb::VerifyReport { findings: 1, ..Default::default() })))?;
        peer.ok(&frame, &pb::PingResponse::default())?;
        let request = peer.request()?;
        peer.event(&request, &pb::VerifyEvent { event: None })?;
        peer.cancel_of(&request)?;
        let request = peer.request()?;
        peer.event(&request, &verify_event(Event::Progress(pb::VerifyProgress::default())))
        // and lost
    });
    let client = connect(&fake.address);
    let mut verification = client.verify(Verify::new().expected_head(JournalHead::new(1, [0; 32])));
    assert!(matches!(verification.next(), Some(Ok(VerifyEvent::Progress(progress))) if progress.stage == "journal"));
    assert!(matches!(verification.next(), Some(Ok(VerifyEvent::Finding(finding))) if finding.seq == 4));
    assert!(matches!(verification.next(), Some(Ok(VerifyEvent::Report(report))) if report.findings == 1));
    assert!(verification.next().is_none() && verification.next().is_none());
    let mut empty = client.verify(Verify::new());
    assert_eq!(kind(empty.next().unwrap()), NotExecutedKind::Protocol);
    assert!(empty.next().is_none());
    let mut lost = client.verify(Verify::new());
    lost.next().unwrap().unwrap();
    assert_eq!(kind(lost.next().unwrap()), NotExecutedKind::Disconnected);
    assert!(lost.next().is_none());
}
