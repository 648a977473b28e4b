//! What may go wrong on the way to the real server.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use walletd::*;

use crate::support::*;
use crate::verbs::{credit, opened};

/// Debits 1 again and again, each with a key of its own, until it is certain: unknown outcomes and failures are asked for
/// again with the same key. Says how many it has got through.
fn work(client: &Client, wallet: &WalletRef, stop: &AtomicBool) -> i64 {
    let mut done = 0;
    while !stop.load(Ordering::SeqCst) {
        let payment = Debit::new(wallet, 1, "test").key(new_key());
        let started = Instant::now();
        while let Err(error) = client.debit(payment.clone()) {
            assert!(!matches!(error, Error::Rejected(_)), "{error}");
            assert!(started.elapsed() < 3 * PATIENCE, "it never gets through: {error}");
            std::thread::sleep(Duration::from_millis(10));
        }
        done += 1;
    }
    done
}

/// Has workers debit while something happens, and then compares the balance: each debit took place once.
pub fn work_through(client: &Client, happens: impl FnOnce(&dyn Fn())) {
    const START: i64 = 1_000_000;
    let wallet = opened(client, "user-17", "USD");
    credit(client, &wallet, START);
    let (stop, total) = (AtomicBool::new(false), AtomicI64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| total.fetch_add(work(client, &wallet, &stop), Ordering::SeqCst));
        }
        let _stops = Stops(&stop);
        happens(&|| {
            // Until the workers get on.
            let mut before = None;
            wait_until("progress", || match (client.get_balance(&wallet), before) {
                (Ok(balance), None) => {
                    before = Some(balance.version);
                    false
                }
                (Ok(balance), Some(before)) => balance.version >= before + 20,
                (Err(_), _) => false,
            });
        });
    });
    let balance = client.get_balance(&wallet).unwrap();
    let total = total.into_inner();
    assert!(total > 0);
    assert_eq!((balance.balance, balance.version), (START - total, 2 + total), "{total} debits are known of");
}

/// So that the workers end when the test fails, too.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn killed_and_restarted_in_the_middle() {
    let mut server = Server::new();
    let client = Client::new(server.address.as_str()).unwrap();
    work_through(&client, |progress| {
        for _ in 0..3 {
            progress();
            server.kill();
            server.start();
        }
        progress();
    });
}

#[test]
fn terminated_in_the_middle() {
    let mut server = Server::new();
    let client = Client::new(Options::new(&server.address).connections(2)).unwrap();
    work_through(&client, |progress| {
        progress();
        server.terminate(); // GOAWAY
        server.start();
        progress();
    });
}

#[test]
fn a_proxy_that_cuts_connections() {
    let server = Server::new();
    let proxy = Proxy::new(&server.address);
    let client = Client::new(proxy.address.as_str()).unwrap();
    work_through(&client, |progress| {
        wait_until("eight connections", || {
            proxy.cut();
            std::thread::sleep(Duration::from_millis(10));
            proxy.connections() >= 8
        });
        progress();
    });
}

#[test]
fn a_proxy_that_slices_to_single_bytes() {
    let server = Server::new();
    let proxy = Proxy::new(&server.address);
    proxy.slice(1);
    let client = Client::new(proxy.address.as_str()).unwrap();
    work_through(&client, |progress| progress());
    assert_eq!(proxy.connections(), 1);
}

#[test]
fn a_blackhole() {
    let server = Server::new();
    let proxy = Proxy::new(&server.address);
    let client = connect(&proxy.address);
    let wallet = opened(&client, "user-17", "USD");
    credit(&client, &wallet, 1000);
    let payment = || Debit::new(&wallet, 1, "test").key(KEY);
    proxy.blackhole(true);
    let (started, cancel) = (Instant::now(), Cancel::new());
    std::thread::scope(|scope| {
        let lost = scope.spawn(|| client.with_cancel(&cancel).debit(payment()));
        wait_until("the request on its way", || proxy.is_stuck());
        cancel.cancel();
        unknown(lost.join().unwrap());
    });
    let hasty = client.with_timeout(Duration::from_millis(200));
    for _ in 0..3 {
        // At first on the same connection, then on new ones, which aren't answered either.
        assert_eq!(kind(hasty.get_balance(&wallet)), NotExecutedKind::DeadlineExceeded);
    }
    assert!(started.elapsed() < 2 * PATIENCE);
    proxy.blackhole(false);
    assert_eq!(client.debit(payment()).unwrap().balance, 999);
}

#[test]
fn a_watch_sees_each_transaction_once_over_restarts_and_cuts() {
    const ROWS: i64 = 120;
    let mut server = Server::new();
    let proxy = Proxy::new(&server.address);
    let (client, watcher) = (connect(&server.address), connect(&proxy.address));
    let wallet = opened(&client, "user-17", "USD");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for index in 0..ROWS {
                match index % 40 {
                    39 => {
                        server.kill();
                        server.start();
                    }
                    9 | 19 | 29 => proxy.cut(),
                    _ => {}
                }
                let request = Credit::new(&wallet, 1, "test").key(format!("credit-{index:04}"));
                while let Err(error) = client.credit(request.clone()) {
                    assert!(error.is_worth_repeating(), "{error}");
                }
            }
        });
        let mut seen = 0;
        for event in watcher.watch_transactions(WatchTransactions::from_beginning()) {
            if let Some(row) = event.unwrap().transaction {
                seen += 1;
                assert_eq!(row.wallet_version, seen);
            }
            if seen > ROWS {
                break;
            }
        }
    });
}

#[test]
fn many_threads_of_which_some_give_up_at_once() {
    const THREADS: u64 = 64;
    const CALLS: u64 = 20;
    let server = Server::with(&["--max-in-flight", "16"]);
    let client = Client::new(Options::new(&server.address).connections(2)).unwrap();
    let wallet = opened(&client, "user-17", "USD");
    credit(&client, &wallet, 1_000_000);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, wallet) = (client.clone(), wallet.clone());
            scope.spawn(move || {
                for call in 0..CALLS {
                    if thread % 8 > 0 {
                        client.debit(Debit::new(&wallet, 1, "test")).unwrap();
                        continue;
                    }
                    let hasty = client.with_timeout(Duration::from_micros(1 + (thread * 97 + call * 211) % 3000));
                    if let Err(error) = hasty.get_balance(&wallet) {
                        let end = error.not_executed_kind().unwrap();
                        assert!(
                            matches!(end, NotExecutedKind::DeadlineExceeded | NotExecutedKind::Disconnected),
                            "{error}"
                        );
                    }
                }
            });
        }
    });
    let spent = (THREADS / 8 * 7 * CALLS) as i64;
    assert_eq!(client.get_balance(&wallet).unwrap().balance, 1_000_000 - spent);
}
