//! The client for tasks. What it shares with the one for threads, which is all that decides, is tested there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::Arc;
use std::time::Duration;

use walletd::aio::Client;
use walletd::wire::{FrameType, Header};
use walletd::*;

use crate::support::*;

fn client(address: &str) -> Client {
    Client::new(Options::new(address).retry(eager())).unwrap()
}

async fn opened(client: &Client) -> WalletRef {
    let wallet = WalletRef::of("user-17", "USD");
    client.open_wallet(OpenWallet::new(&wallet, "signup")).await.unwrap();
    wallet
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_verb_against_the_real_server() {
    let server = Server::new();
    let client = client(&server.address);
    let wallet = opened(&client).await;
    client.credit(Credit::new(&wallet, 2000, "topup")).await.unwrap();
    let paid = client.debit(Debit::new(&wallet, 450, "esim.purchase")).await.unwrap();
    assert_eq!(paid.available, 1550);
    let short = rejected(client.debit(Debit::new(&wallet, 9000, "test")).await, Reason::InsufficientFunds);
    assert!(matches!(short.detail, Some(Detail::InsufficientFunds { shortfall: 7450, .. })));
    let hold = client.hold(Hold::new(&wallet, 500, Duration::from_secs(60), "esim.reserve")).await.unwrap();
    assert_eq!(client.capture(Capture::new(hold.transaction.id, "esim.activate")).await.unwrap().balance, 1050);
    let batch = Batch::item_by_item().item(Credit::new(&wallet, 1, "test")).item(Debit::new(&wallet, 9000, "test"));
    let results = client.batch(batch).await.unwrap().results;
    assert!(results[0].is_ok() && results[1].is_err());
    let mut rows = client.all_transactions(ListTransactions::new(&wallet).page_size(2).oldest_first());
    let mut version = 0;
    while let Some(row) = rows.next().await {
        version += 1;
        assert_eq!(row.unwrap().wallet_version, version);
    }
    assert_eq!(version, 6);
    let mut watch = client.watch_transactions(WatchTransactions::from_beginning());
    let mut seen = 0;
    while seen < 6 {
        seen += watch.next().await.unwrap().unwrap().transaction.map_or(0, |_| 1);
    }
    let mut verification = client.verify(Verify::new().skip_integrity_check());
    let mut last = None;
    while let Some(event) = verification.next().await {
        last = Some(event.unwrap());
    }
    assert!(matches!(last, Some(VerifyEvent::Report(report)) if report.findings == 0));
    client.close().await;
    assert_eq!(kind(client.ping().await), NotExecutedKind::Closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_call_is_taken_back_and_its_key_remembered() {
    let (asked, is_asked) = channel();
    let fake = Fake::once(move |peer| {
        peer.hello()?;
        let request = peer.request()?;
        asked.send(()).unwrap();
        peer.cancel_of(&request)?;
        peer.ok(&request, &pb::MutationResponse::default())?; // late
        let request = peer.request()?;
        peer.fail(&request, Reason::PermissionDenied, 7)?;
        peer.ends()
    });
    let client = client(&fake.address);
    let own = client.clone();
    let calling = tokio::spawn(async move { own.debit(a_debit()).await });
    tokio::task::spawn_blocking(move || is_asked.recv_timeout(PATIENCE).unwrap()).await.unwrap();
    calling.abort();
    assert!(calling.await.unwrap_err().is_cancelled());
    assert_eq!(unknown(client.debit(a_debit()).await).key, KEY);
    client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_one_task_keep_their_order_and_share_a_connection() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let mut requests = Vec::new();
        for amount in 1..=20 {
            let (request, asked) = peer.asked::<pb::DebitRequest>(pb::Method::Debit)?;
            assert_eq!(asked.amount, amount);
            requests.push((request, asked));
        }
        for (request, asked) in requests.iter().rev() {
            peer.ok(request, &pb::MutationResponse { balance: asked.amount, ..Default::default() })?;
        }
        peer.ends()
    });
    let client = client(&fake.address);
    let mut calls: Vec<_> =
        (1..=20).map(|amount| Box::pin(client.debit(Debit::new(test_wallet(), amount, "test")))).collect();
    // Each is begun in its turn, and then all are waited for.
    for call in &mut calls {
        tokio::select! {
            biased;
            ended = call.as_mut() => panic!("{ended:?}"),
            () = std::future::ready(()) => {}
        }
    }
    for (index, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().balance, index as i64 + 1);
    }
    assert_eq!(fake.connections(), 1);
    client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_cancels_and_closing_end_calls() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        peer.ends()
    });
    let own = client(&fake.address);
    let hasty = own.with_timeout(Duration::from_millis(200));
    assert_eq!(kind(hasty.ping().await), NotExecutedKind::DeadlineExceeded);
    let cancel = Cancel::new();
    let cancelled = own.with_cancel(&cancel);
    let calling = tokio::spawn(async move { cancelled.ping().await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    cancel.cancel();
    assert_eq!(kind(calling.await.unwrap()), NotExecutedKind::Cancelled);
    let closed = own.clone();
    let calling = tokio::spawn(async move { closed.ping().await });
    let watched = own.clone();
    let watching =
        tokio::spawn(async move { watched.watch_transactions(WatchTransactions::from_now()).next().await.unwrap() });
    tokio::time::sleep(Duration::from_millis(20)).await;
    own.close().await;
    assert_eq!(kind(calling.await.unwrap()), NotExecutedKind::Closed);
    assert_eq!(kind(watching.await.unwrap()), NotExecutedKind::Closed);
    let refused = client(&refused_address());
    assert_eq!(kind(refused.ping().await), NotExecutedKind::Disconnected);
    let silent = Fake::once(|peer| peer.ends());
    let never = client(&silent.address).with_timeout(Duration::from_millis(200));
    assert_eq!(kind(never.debit(a_debit()).await), NotExecutedKind::DeadlineExceeded);
    never.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_protocol_and_a_goaway() {
    let spoken = Fake::once(|peer| {
        peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
        peer.ends()
    });
    assert_eq!(kind(client(&spoken.address).debit(a_debit()).await), NotExecutedKind::Protocol);
    let fake = Fake::new(vec![
        Box::new(|peer| {
            peer.hello()?;
            let request = peer.request()?;
            peer.go_away()?;
            peer.fail(&request, Reason::Unavailable, 14)?;
            peer.ends()
        }),
        Box::new(|peer| {
            peer.hello()?;
            let request = peer.request()?;
            peer.send_bytes(Header::new(FrameType::Ping).of_request(3), &[0; 8])?;
            assert_eq!(peer.read()?.header.kind, FrameType::Pong);
            peer.ok(&request, &pb::MutationResponse { balance: 2, ..Default::default() })?;
            peer.ends()
        }),
    ]);
    let client = client(&fake.address);
    assert_eq!(client.debit(a_debit()).await.unwrap().balance, 2);
    client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_on_and_a_dropped_wait_loses_no_event() {
    let event = |row: i64| pb::WatchEvent {
        transaction: Some(pb::Transaction { id: row, ..Default::default() }),
        resume_token: format!("t{row}"),
        ..Default::default()
    };
    let fake = Fake::new(vec![
        Box::new(move |peer| {
            peer.hello()?;
            let request = peer.request()?;
            peer.event(&request, &event(1)) // and the connection is lost
        }),
        Box::new(move |peer| {
            peer.hello()?;
            let (request, asked) = peer.asked::<pb::WatchTransactionsRequest>(pb::Method::WatchTransactions)?;
            assert_eq!(asked.start, Some(pb::watch_transactions_request::Start::ResumeToken("t1".into())));
            for row in 2..=50 {
                peer.event(&request, &event(row))?;
            }
            peer.cancel_of(&request)?;
            peer.ends()
        }),
    ]);
    let client = client(&fake.address);
    let mut watch = client.watch_transactions(WatchTransactions::from_beginning());
    let mut rows = Vec::new();
    while rows.len() < 50 {
        // Until it stands again it is waited for: a wait that is dropped before takes the beginning back. Then, whatever is
        // waited for beside it, an event that is there isn't lost.
        let patience = if rows.len() < 2 { PATIENCE } else { Duration::from_millis(1) };
        if let Ok(event) = tokio::time::timeout(patience, watch.next()).await {
            rows.push(event.unwrap().unwrap().transaction.unwrap().id);
        }
    }
    assert_eq!(rows, (1..=50).collect::<Vec<_>>());
    drop(watch);
    client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_killed_and_restarted_each_debit_takes_place_once() {
    let authority = Authority::new();
    let own = authority.certificate("server", &["127.0.0.1"]);
    let text = |path: &std::path::Path| path.to_str().unwrap().to_string();
    let mut server = Server::with(&["--tls-cert", &text(&own.chain), "--tls-key", &text(&own.key)]);
    let options = Options::new(&server.address).tls(Tls::new().ca_file(authority.file()));
    let client = Client::new(options).unwrap();
    let wallet = opened(&client).await;
    client.credit(Credit::new(&wallet, 1_000_000, "topup")).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let (client, wallet, stop) = (client.clone(), wallet.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut done = 0;
                while !stop.load(Ordering::SeqCst) {
                    let payment = Debit::new(&wallet, 1, "test").key(new_key());
                    while let Err(error) = client.debit(payment.clone()).await {
                        assert!(!matches!(error, Error::Rejected(_)), "{error}");
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                    done += 1;
                }
                done
            })
        })
        .collect();
    for _ in 0..2 {
        let before = client.get_balance(&wallet).await.unwrap().version;
        while client.get_balance(&wallet).await.map_or(before, |balance| balance.version) < before + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server = tokio::task::spawn_blocking(move || {
            server.kill();
            server.start();
            server
        })
        .await
        .unwrap();
        wait_for(&client).await;
    }
    stop.store(true, Ordering::SeqCst);
    let mut total = 0;
    for worker in workers {
        total += worker.await.unwrap();
    }
    let balance = client.get_balance(&wallet).await.unwrap();
    assert_eq!((balance.balance, balance.version), (1_000_000 - total, 2 + total));
    client.close().await;
}

async fn wait_for(client: &Client) {
    let end = std::time::Instant::now() + 3 * PATIENCE;
    while client.ping().await.is_err() {
        assert!(std::time::Instant::now() < end, "the server doesn't come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A runtime that ends takes its connections with it, and the calls on them.
#[test]
fn a_runtime_that_ends_leaves_nobody_waiting() {
    let fake = Fake::many(2, |peer| {
        peer.hello()?;
        peer.request()?;
        peer.ends()
    });
    let own = client(&fake.address);
    let first = tokio::runtime::Runtime::new().unwrap();
    let (begun, calling) = (own.clone(), own.clone());
    first.spawn(async move { drop(begun.ping().await) });
    wait_until("a connection", || fake.connections() == 1);
    let second = tokio::runtime::Runtime::new().unwrap();
    let waits = second.spawn(async move { calling.with_timeout(Duration::from_secs(1)).ping().await });
    std::thread::sleep(Duration::from_millis(50));
    drop(first);
    let end = second.block_on(waits).unwrap();
    assert!(matches!(kind(end), NotExecutedKind::Disconnected | NotExecutedKind::DeadlineExceeded));
    second.block_on(own.close());
}
