//! The connection by bytes alone.

use super::*;
use crate::engine::{after, Item};
use crate::error::NotExecutedKind;
use crate::wire::flags;
use crate::Reason;

fn opened(limits: pb::Limits) -> Core {
    let mut core = Core::new();
    core.greet(&pb::Hello { versions: vec![1], ..Default::default() });
    let sent = taken(&mut core);
    assert_eq!(&sent[..8], PREFACE);
    core.receive(&frame(
        FrameType::HelloAck,
        0,
        &pb::HelloAck { version: 1, limits: Some(limits), ..Default::default() },
    ));
    assert!(!core.is_opening() && !core.is_finished());
    core
}

fn frame(kind: FrameType, request_id: u32, message: &impl Message) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&mut bytes, Header::new(kind).of_request(request_id), &message.encode_to_vec());
    bytes
}

fn taken(core: &mut Core) -> Vec<u8> {
    let (mut out, mut written) = (Vec::new(), Vec::new());
    core.take(&mut out, &mut written);
    out
}

fn frames(bytes: &[u8]) -> Vec<Frame> {
    let mut deframer = Deframer::new(1 << 20);
    deframer.feed(bytes);
    std::iter::from_fn(|| deframer.next().unwrap()).collect()
}

fn submission(payload: usize) -> Submission {
    Submission {
        method: 1,
        payload: Arc::new(vec![0; payload]),
        deadline: after(Duration::from_secs(10)),
        streams: false,
        mailbox: Arc::new(Mailbox::new(1 << 20)),
    }
}

fn asked(core: &mut Core) -> (u32, Arc<Mailbox>) {
    let submission = submission(0);
    let mailbox = Arc::clone(&submission.mailbox);
    (core.enqueue(submission).unwrap(), mailbox)
}

fn failure(mailbox: &Mailbox) -> Failure {
    match mailbox.take() {
        Some(Item::End(Outcome::Failed(failure))) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests_wait_for_the_ack_and_for_their_turn() {
    let mut core = Core::new();
    let (first, first_box) = asked(&mut core);
    let (second, _) = asked(&mut core);
    assert!(!core.wants_to_write(), "nothing before the socket is there");
    core.greet(&pb::Hello::default());
    assert!(core.wants_to_write());
    let hello = taken(&mut core);
    assert_eq!(frames(&hello[8..]).len(), 1, "HELLO alone");
    assert!(!core.wants_to_write(), "no request before HELLO_ACK");
    let limits = pb::Limits { requests_in_flight_max: 1, ..Default::default() };
    core.receive(&frame(
        FrameType::HelloAck,
        0,
        &pb::HelloAck { version: 1, limits: Some(limits), ..Default::default() },
    ));
    let sent = frames(&taken(&mut core));
    assert_eq!(sent.iter().map(|one| one.header.request_id).collect::<Vec<_>>(), [first]);
    assert!((8000..=9000).contains(&sent[0].header.millis), "nine tenths of the deadline: {:?}", sent[0].header);
    assert!(!core.wants_to_write(), "no more than the server takes");
    core.receive(&frame(FrameType::Response, first, &pb::PingResponse::default()));
    assert!(matches!(first_box.take(), Some(Item::End(Outcome::Answered(_)))));
    assert_eq!(frames(&taken(&mut core))[0].header.request_id, second);
}

#[test]
fn what_was_given_up_counts_until_it_is_answered() {
    let mut core = opened(pb::Limits { requests_in_flight_max: 2, ..Default::default() });
    let (first, _) = asked(&mut core);
    let (second, _) = asked(&mut core);
    let (third, _) = asked(&mut core);
    taken(&mut core);
    assert!(core.forget(first, false), "it was sent");
    assert!(!core.forget(third, false), "it wasn't");
    let (fourth, _) = asked(&mut core);
    let sent = frames(&taken(&mut core));
    assert_eq!(sent.len(), 1, "no request, the server still has two");
    assert_eq!((sent[0].header.kind, sent[0].header.request_id), (FrameType::Cancel, first));
    core.receive(&frame(FrameType::Response, first, &pb::PingResponse::default()));
    assert_eq!(frames(&taken(&mut core))[0].header.request_id, fourth);
    core.receive(&frame(FrameType::Response, second, &pb::PingResponse::default()));
}

#[test]
fn a_failed_write_tells_what_was_not_written() {
    let mut core = opened(pb::Limits::default());
    let (_, whole) = asked(&mut core);
    let (_, cut) = asked(&mut core);
    let (_, behind) = asked(&mut core);
    let (_, waits) = {
        let (mut out, mut written) = (Vec::new(), Vec::new());
        core.take(&mut out, &mut written);
        let late = asked(&mut core);
        core.write_failed(&written, written[1].start + 1);
        late
    };
    assert!(!core.accepts() && !core.is_finished(), "what the peer sent before may be read");
    let moved = failure(&waits);
    assert!(moved.moved && !moved.sent && moved.retry);
    core.lost(Error::disconnected("gone"), true);
    assert!(failure(&whole).sent && failure(&cut).sent);
    assert!(!failure(&behind).sent, "not one byte of it left");
}

#[test]
fn two_deadlines_without_a_byte_are_the_end() {
    let mut core = opened(pb::Limits::default());
    let (first, _) = asked(&mut core);
    taken(&mut core);
    core.forget(first, true);
    assert!(core.accepts());
    core.receive(&frame(FrameType::Pong, 0, &pb::GoAway::default())); // a sign of life
    for expected in [true, false] {
        let (request_id, _) = asked(&mut core);
        taken(&mut core);
        core.forget(request_id, true);
        assert_eq!(core.accepts(), expected);
    }
    assert!(core.is_finished(), "nobody waits for it any more");
    assert!(core.enqueue(submission(0)).unwrap_err().moved);
}

#[test]
fn calls_that_are_given_up_take_no_memory() {
    let mut core = Core::new();
    let (kept, _) = asked(&mut core);
    for _ in 0..10_000 {
        let (request_id, _) = asked(&mut core);
        assert!(!core.forget(request_id, true));
    }
    assert!(core.queue.len() < 200 && core.calls.len() == 1, "{} wait", core.queue.len());
    assert!(core.calls.contains_key(&kept));
}

#[test]
fn goaway_lets_what_is_in_flight_finish_and_moves_the_rest() {
    let mut core = opened(pb::Limits { requests_in_flight_max: 1, ..Default::default() });
    let (flying, answered) = asked(&mut core);
    let (_, queued) = asked(&mut core);
    taken(&mut core);
    core.receive(&frame(FrameType::GoAway, 0, &pb::GoAway::default()));
    let moved = failure(&queued);
    assert!(moved.moved && !moved.sent);
    assert!(!core.accepts() && !core.is_finished());
    core.receive(&frame(FrameType::Response, flying, &pb::PingResponse::default()));
    assert!(matches!(answered.take(), Some(Item::End(Outcome::Answered(_)))));
    assert!(core.is_finished());
}

#[test]
fn events_go_to_streams_only_and_a_slow_reader_is_cancelled() {
    let mut core = opened(pb::Limits::default());
    let (unary, unary_box) = asked(&mut core);
    let stream = Submission { streams: true, mailbox: Arc::new(Mailbox::new(250)), ..submission(0) };
    let events = Arc::clone(&stream.mailbox);
    let streaming = core.enqueue(stream).unwrap();
    taken(&mut core);
    let event = pb::WatchEvent { commit_seq: 1, ..Default::default() };
    core.receive(&frame(FrameType::Event, unary, &event));
    assert!(unary_box.take().is_none());
    for _ in 0..5 {
        core.receive(&frame(FrameType::Event, streaming, &event));
    }
    let cancel = frames(&taken(&mut core));
    assert_eq!(cancel.len(), 1);
    assert_eq!((cancel[0].header.kind, cancel[0].header.request_id), (FrameType::Cancel, streaming));
    assert!(matches!(events.take(), Some(Item::Event(_))));
    assert!(matches!(events.take(), Some(Item::Event(_))));
    assert!(matches!(events.take(), Some(Item::Overrun)));
}

#[test]
fn pings_are_answered_but_not_without_end() {
    let mut core = opened(pb::Limits::default());
    let mut ping = Vec::new();
    encode(&mut ping, Header::new(FrameType::Ping).of_request(9), b"12345678");
    core.receive(&ping);
    let pong = frames(&taken(&mut core));
    assert_eq!(
        (pong[0].header.kind, pong[0].header.request_id, &*pong[0].payload),
        (FrameType::Pong, 9, &b"12345678"[..])
    );
    for _ in 0..5000 {
        core.receive(&ping);
    }
    assert!(core.is_finished(), "a peer that reads nothing of what it asks for");
}

#[test]
fn what_servers_do_not_send_ends_the_connection() {
    let ack = || frame(FrameType::HelloAck, 0, &pb::HelloAck { version: 1, ..Default::default() });
    let zero = |kind| frame(kind, 0, &pb::PingResponse::default());
    for (what, bytes) in [
        ("a second ack", ack()),
        ("a request", zero(FrameType::Request)),
        ("a hello", zero(FrameType::Hello)),
        ("a cancel", zero(FrameType::Cancel)),
        ("an answer to no request", zero(FrameType::Response)),
        ("an event of no request", zero(FrameType::Event)),
        ("a short ping", zero(FrameType::Ping)),
        ("a length beyond the limit", vec![0x7f, 0xff, 0xff, 0xff]),
    ] {
        let mut core = opened(pb::Limits::default());
        let (_, waits) = asked(&mut core);
        taken(&mut core);
        core.receive(&bytes);
        let failure = failure(&waits);
        assert_eq!(failure.error.not_executed_kind(), Some(NotExecutedKind::Protocol), "{what}");
        assert!(failure.sent && !failure.retry && core.is_finished(), "{what}");
    }
    let mut core = Core::new();
    core.greet(&pb::Hello::default());
    core.receive(&frame(FrameType::HelloAck, 0, &pb::HelloAck { version: 2, ..Default::default() }));
    assert!(core.is_finished());
    assert!(!core.enqueue(submission(0)).unwrap_err().retry);
}

#[test]
fn a_late_or_unknown_answer_is_dropped() {
    let mut core = opened(pb::Limits::default());
    let (late, _) = asked(&mut core);
    taken(&mut core);
    core.forget(late, false);
    core.receive(&frame(FrameType::Response, late, &pb::PingResponse::default()));
    core.receive(&frame(FrameType::Response, 4_000_000_000, &pb::PingResponse::default()));
    core.receive(&frame(FrameType::Event, 4_000_000_000, &pb::PingResponse::default()));
    assert!(!core.is_finished());
    let (next, mailbox) = asked(&mut core);
    assert_ne!(next, late);
    taken(&mut core);
    core.receive(&frame(FrameType::Response, next, &pb::PingResponse::default()));
    assert!(matches!(mailbox.take(), Some(Item::End(Outcome::Answered(_)))));
}

#[test]
fn ids_are_not_used_twice_at_a_time_and_never_are_0() {
    let mut core = opened(pb::Limits::default());
    core.last_id = u32::MAX - 1;
    let ids: Vec<u32> = (0..3).map(|_| asked(&mut core).0).collect();
    assert_eq!(ids, [u32::MAX, 1, 2]);
    core.last_id = 0;
    assert_eq!(asked(&mut core).0, 3);
}

#[test]
fn a_request_over_the_limit_is_not_sent() {
    let mut core = opened(pb::Limits { request_bytes_max: 100, batch_request_bytes_max: 200, ..Default::default() });
    let (long, batch) = (submission(101), Submission { method: 272, ..submission(200) });
    let refused = Arc::clone(&long.mailbox);
    core.enqueue(long).unwrap();
    let sent = core.enqueue(batch).unwrap();
    assert_eq!(frames(&taken(&mut core))[0].header.request_id, sent);
    let failure = failure(&refused);
    assert_eq!(failure.error.not_executed_kind(), Some(NotExecutedKind::Invalid));
    assert!(!failure.sent && !failure.retry);
}

#[test]
fn the_server_is_told_less_than_is_left() {
    for (left, millis) in [(0, 1), (1, 1), (100, 90), (10_000, 9_000), (5_000_000_000, u32::MAX)] {
        assert_eq!(server_millis(Duration::from_millis(left)), millis, "{left}");
    }
    assert_eq!(server_millis(Duration::from_micros(10)), 1);
}

#[test]
fn a_refused_connection_is_tried_again_only_where_that_has_hope() {
    for (reason, kind, retry) in [
        (Reason::Unauthenticated, Some(NotExecutedKind::Unauthenticated), false),
        (Reason::ResourceExhausted, Some(NotExecutedKind::Server), true),
        (Reason::InvalidFrame, Some(NotExecutedKind::Protocol), false),
        (Reason::ResumeInvalid, None, false),
    ] {
        let mut core = Core::new();
        core.greet(&pb::Hello::default());
        let error = pb::Error { reason: reason.number(), message: "no".into(), ..Default::default() };
        core.receive(&frame(FrameType::ConnectionError, 0, &error));
        let refusal = core.enqueue(submission(0)).unwrap_err();
        assert_eq!(refusal.error.not_executed_kind(), kind, "{reason}");
        assert_eq!(refusal.retry, retry, "{reason}");
        assert!(!refusal.sent);
    }
    assert_eq!(flags::NOT_EXECUTED, 2);
}
