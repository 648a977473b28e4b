//! Batches by script.

use walletd::wire::{flags, Frame};
use walletd::*;

use crate::support::*;

fn asked(peer: &mut Peer) -> std::result::Result<(Frame, pb::BatchRequest), Ended> {
    peer.asked(pb::Method::Batch)
}

fn credits(count: usize) -> Batch {
    Batch::item_by_item().items((1..=count as i64).map(|amount| Credit::new(test_wallet(), amount, "test")))
}

fn refused(reason: Reason) -> pb::BatchResult {
    pb::BatchResult { error: Some(error(reason)), ..Default::default() }
}

fn done(balance: i64) -> pb::BatchResult {
    pb::BatchResult { balance, ..Default::default() }
}

fn item_key(item: &pb::BatchItem) -> String {
    match item.mutation.as_ref().unwrap() {
        pb::batch_item::Mutation::Credit(credit) => credit.idempotency_key.clone(),
        pb::batch_item::Mutation::Debit(debit) => debit.idempotency_key.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_keys_of_a_batch_are_the_same_at_each_attempt() {
    let (sent, was_sent) = std::sync::mpsc::channel();
    let fake = Fake::new(vec![
        Box::new(move |peer| {
            peer.hello()?;
            sent.send(asked(peer)?.1).unwrap();
            Ok(())
        }),
        Box::new(move |peer| {
            peer.hello()?;
            let (frame, again) = asked(peer)?;
            assert_eq!(again, was_sent.recv().unwrap());
            assert_eq!(again.idempotency_key, "");
            let keys: Vec<_> = again.items.iter().map(item_key).collect();
            assert_ne!(keys[0], keys[1]);
            assert_eq!(keys[2], "a-key-of-its-own");
            let results = vec![done(1), done(2), done(3)];
            peer.ok(&frame, &pb::BatchResponse { results, commit_seq: 9, ..Default::default() })?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    let batch = credits(2).item(Debit::new(test_wallet(), 1, "test").key("a-key-of-its-own"));
    let result = client.batch(batch).unwrap();
    let items: Vec<_> = result.results.iter().map(|item| item.as_ref().unwrap()).collect();
    assert_eq!((items.len(), items[2].balance, items[2].key.as_str()), (3, 3, "a-key-of-its-own"));
    assert_eq!((items[0].key.as_str(), result.commit_seq), (result.key.as_str(), 9));
}

#[test]
fn a_batch_is_resolved_item_by_item() {
    let fake = Fake::new(vec![
        Box::new(|peer| {
            peer.hello()?;
            asked(peer).map(|_| ())
        }),
        Box::new(|peer| {
            peer.hello()?;
            let (frame, _) = asked(peer)?;
            let results = vec![done(1), refused(Reason::InsufficientFunds), refused(Reason::VersionConflict)];
            peer.ok(&frame, &pb::BatchResponse { results, ..Default::default() })?;
            let (frame, _) = asked(peer)?;
            let results = vec![done(1), refused(Reason::VersionConflict), refused(Reason::VersionConflict)];
            peer.ok(&frame, &pb::BatchResponse { results, ..Default::default() })?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    let mut result = client.batch(credits(3)).unwrap();
    let third = unknown(result.results.pop().unwrap()); // the first attempt may have done it
    rejected(result.results.pop().unwrap(), Reason::InsufficientFunds);
    assert_eq!(result.results.pop().unwrap().unwrap().balance, 1);
    let mut again = client.batch(credits(3).key(&result.key)).unwrap();
    assert_eq!(unknown(again.results.pop().unwrap()).key, third.key);
    rejected(again.results.pop().unwrap(), Reason::VersionConflict); // that one was settled
}

#[test]
fn an_aborted_batch_has_the_index_and_the_cause_and_resolves_its_key() {
    let fake = Fake::new(vec![
        Box::new(|peer| {
            peer.hello()?;
            asked(peer).map(|_| ())
        }),
        Box::new(|peer| {
            peer.hello()?;
            let (frame, sent) = asked(peer)?;
            assert!(sent.atomic && sent.idempotency_key == KEY && item_key(&sent.items[0]).is_empty());
            let cause = Some(Box::new(error(Reason::WalletNotFound)));
            let aborted = pb::BatchAborted { index: 1, cause };
            let detail = Some(pb::error::Detail::BatchAborted(Box::new(aborted)));
            peer.refuse(&frame, 10, flags::NOT_EXECUTED, pb::Error { detail, ..error(Reason::BatchAborted) })?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    let items = [Credit::new(test_wallet(), 1, "test"), Credit::new(test_wallet(), 2, "test")];
    let refused = rejected(client.batch(Batch::atomic().items(items).key(KEY)), Reason::BatchAborted);
    assert_eq!((refused.index, refused.key.as_deref()), (Some(1), Some(KEY)));
    assert_eq!(refused.cause.unwrap().reason, Reason::WalletNotFound);
}

#[test]
fn an_answer_of_another_length_leaves_the_batch_unknown() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let (frame, _) = asked(peer)?;
        peer.ok(&frame, &pb::BatchResponse { results: vec![done(1)], ..Default::default() })?;
        peer.ends()
    });
    unknown(connect(&fake.address).batch(credits(2)));
}

#[test]
fn what_cannot_be_a_batch() {
    let client = connect(&refused_address());
    let credit = || Credit::new(test_wallet(), 1, "test");
    for (what, batch) in [
        ("empty", Batch::item_by_item()),
        ("too many", credits(8_191)),
        ("keys of atomic items", Batch::atomic().item(credit().key(KEY))),
        ("a dry run of its own", Batch::item_by_item().item(credit().dry_run())),
        ("a key that is no UUID", credits(1).key(KEY)),
        ("too long", Batch::item_by_item().item(credit().note("n".repeat(4 << 20)))),
        ("an item that cannot be", Batch::item_by_item().item(Capture::new(1, "test").amount(0))),
    ] {
        let error = client.batch(batch).unwrap_err();
        assert_eq!(error.not_executed_kind(), Some(NotExecutedKind::Invalid), "{what}: {error}");
        assert!(error.key().is_some(), "{what}");
    }
}
