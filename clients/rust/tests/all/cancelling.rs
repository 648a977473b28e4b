//! Calls that are taken back.

use std::sync::mpsc::channel;

use walletd::*;

use crate::support::*;

#[test]
fn a_cancelled_read_is_cancelled_and_a_cancelled_mutation_unknown() {
    let (asked, is_asked) = channel();
    let fake = Fake::once(move |peer| {
        peer.hello()?;
        for _ in 0..2 {
            let request = peer.request()?;
            asked.send(()).unwrap();
            peer.cancel_of(&request)?;
        }
        let request = peer.request()?;
        peer.fail(&request, Reason::PermissionDenied, 7)?;
        peer.ends()
    });
    let client = connect(&fake.address);
    let cancelled = |call: &(dyn Fn(&Client) -> Option<Error> + Sync)| {
        let cancel = Cancel::new();
        let own = client.with_cancel(&cancel);
        std::thread::scope(|scope| {
            let calling = scope.spawn(move || call(&own));
            is_asked.recv_timeout(PATIENCE).unwrap();
            cancel.cancel();
            calling.join().unwrap().unwrap()
        })
    };
    let read = cancelled(&|client| client.get_balance(test_wallet()).err());
    assert_eq!(read.not_executed_kind(), Some(NotExecutedKind::Cancelled));
    match cancelled(&|client| debit(client).err()) {
        Error::OutcomeUnknown(e) => {
            assert_eq!((e.key.as_str(), e.last_attempt.not_executed_kind()), (KEY, Some(NotExecutedKind::Cancelled)));
        }
        other => panic!("{other}"),
    }
    unknown(debit(&client)); // the cancelled attempt is remembered
}

#[test]
fn a_call_that_is_cancelled_beforehand_is_not_sent() {
    let cancel = Cancel::new();
    cancel.cancel();
    let client = connect(&refused_address()).with_cancel(&cancel);
    let error = debit(&client).unwrap_err();
    assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::Cancelled), Some(KEY)));
    let mut watch = client.watch_transactions(WatchTransactions::from_now());
    assert_eq!(kind(watch.next().unwrap()), NotExecutedKind::Cancelled);
    assert!(watch.next().is_none());
}

#[test]
fn cancelling_ends_a_wait_for_the_next_attempt() {
    let hour = std::time::Duration::from_secs(3600);
    let retry = RetryPolicy { backoff: hour / 2, backoff_max: hour / 2, ..RetryPolicy::default() };
    let cancel = Cancel::new();
    let client = Client::new(Options::new(refused_address()).timeout(hour).retry(retry)).unwrap();
    let own = client.with_cancel(&cancel);
    std::thread::scope(|scope| {
        let waits = scope.spawn(move || debit(&own));
        std::thread::sleep(std::time::Duration::from_millis(50));
        cancel.cancel();
        assert_eq!(kind(waits.join().unwrap()), NotExecutedKind::Cancelled);
    });
}

#[test]
fn a_watch_is_cancelled_from_elsewhere() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let request = peer.request()?;
        peer.event(&request, &pb::WatchEvent { resume_token: "t0".into(), ..Default::default() })?;
        peer.cancel_of(&request)?;
        peer.ends()
    });
    let (client, cancel) = (connect(&fake.address), Cancel::new());
    let mut watch = client.with_cancel(&cancel).watch_transactions(WatchTransactions::from_now());
    watch.next().unwrap().unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(move || (watch.next(), watch.next().is_none()));
        std::thread::sleep(std::time::Duration::from_millis(20));
        cancel.cancel();
        let (end, over) = waits.join().unwrap();
        assert_eq!(kind(end.unwrap()), NotExecutedKind::Cancelled);
        assert!(over);
    });
}
