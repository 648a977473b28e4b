//! Servers that leave or refuse, clients that close, and how calls share a connection.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use walletd::wire::{FrameType, Header};
use walletd::*;

use crate::support::*;

fn pong(commit_seq: i64) -> pb::PingResponse {
    pb::PingResponse { commit_seq, ..Default::default() }
}

#[test]
fn goaway_finishes_what_is_in_flight_while_new_calls_go_elsewhere() {
    let ((going, is_going), (finish, finishes)) = (channel(), channel());
    let fake = Fake::new(vec![
        Box::new(move |peer| {
            peer.hello()?;
            let request = peer.request()?;
            peer.go_away()?;
            // Behind it: what the client has read of this, it has read of that.
            peer.send_bytes(Header::new(FrameType::Ping), &[0; 8])?;
            assert_eq!(peer.read()?.header.kind, FrameType::Pong);
            going.send(()).unwrap();
            finishes.recv_timeout(PATIENCE).unwrap();
            peer.ok(&request, &pong(1))?;
            peer.ends() // the client closes once nothing is in flight
        }),
        Box::new(|peer| {
            peer.hello()?;
            let request = peer.request()?;
            peer.ok(&request, &pong(2))?;
            peer.ends()
        }),
    ]);
    let client = connect(&fake.address);
    std::thread::scope(|scope| {
        let old = scope.spawn(|| client.ping().unwrap().commit_seq);
        is_going.recv_timeout(PATIENCE).unwrap();
        assert_eq!(client.ping().unwrap().commit_seq, 2);
        finish.send(()).unwrap();
        assert_eq!(old.join().unwrap(), 1);
    });
}

#[test]
fn a_request_behind_goaway_is_sent_again() {
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
            peer.ok(&request, &pb::MutationResponse { balance: 2, ..Default::default() })?;
            peer.ends()
        }),
    ]);
    assert_eq!(debit(&connect(&fake.address)).unwrap().balance, 2);
}

#[test]
fn a_connection_that_ended_while_idle_is_replaced() {
    let fake = Fake::many(2, |peer| {
        peer.hello()?;
        let request = peer.request()?;
        peer.ok(&request, &pong(1))?;
        peer.close();
        Ok(())
    });
    let client = connect(&fake.address);
    client.ping().unwrap();
    client.ping().unwrap();
    assert_eq!(fake.connections(), 2);
}

#[test]
fn a_token_is_read_at_each_connect_and_a_wrong_one_is_told_at_once() {
    let folder = Folder::new("token");
    let path = folder.join("token");
    let write = |text: &str, mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let answers = |token: &'static str| -> Script {
        Box::new(move |peer| {
            let hello = peer.hello()?;
            assert_eq!(hello.credentials.unwrap().kind, Some(pb::credentials::Kind::Token(token.into())));
            let request = peer.request()?;
            peer.ok(&request, &pong(1))?;
            peer.close();
            Ok(())
        })
    };
    let refuses: Script = Box::new(|peer| {
        peer.read_hello()?;
        let scope = pb::ScopeDetail { rule: "wrong".into(), ..Default::default() };
        let detail = Some(pb::error::Detail::Scope(scope));
        peer.send(Header::new(FrameType::ConnectionError), &pb::Error { detail, ..error(Reason::Unauthenticated) })?;
        peer.ends()
    });
    let fake = Fake::new(vec![answers("first"), answers("second"), refuses]);
    let client = Client::new(Options::new(&fake.address).retry(eager()).token_file(&path)).unwrap();
    write("first\n", 0o600);
    client.ping().unwrap();
    write("second", 0o640);
    client.ping().unwrap();
    for (text, mode, problem) in
        [("second", 0o604, "everybody"), ("two words", 0o600, "one token"), ("", 0o600, "one token")]
    {
        write(text, mode);
        wait_until("the old connection's end", || match client.ping() {
            Err(Error::NotExecuted(e)) => {
                assert_eq!(e.kind, NotExecutedKind::Unauthenticated);
                assert!(e.message.contains(problem) && !e.message.contains("second"), "{}", e.message);
                true
            }
            Ok(_) => false,
            other => panic!("{other:?}"),
        });
    }
    write("third", 0o600);
    let error = debit(&client).unwrap_err();
    assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::Unauthenticated), Some(KEY)));
    assert!(matches!(error.detail(), Some(Detail::Scope { rule, .. }) if rule == "wrong"), "{error:?}");
    assert!(!error.to_string().contains("third"));
    assert_eq!(fake.connections(), 3, "it isn't tried again");
}

#[test]
fn pings_are_answered() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let request = peer.request()?;
        peer.send_bytes(Header::new(FrameType::Ping).of_request(9), b"12345678")?;
        let pong_frame = peer.read()?;
        assert_eq!((pong_frame.header.kind, pong_frame.header.request_id), (FrameType::Pong, 9));
        assert_eq!(pong_frame.payload, b"12345678");
        peer.ok(&request, &pong(1))?;
        peer.ends()
    });
    connect(&fake.address).ping().unwrap();
}

#[test]
fn calls_share_a_connection_and_answers_come_in_any_order() {
    const CALLS: usize = 20;
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let mut requests = Vec::new();
        for _ in 0..CALLS {
            requests.push(peer.asked::<pb::DebitRequest>(pb::Method::Debit)?);
        }
        for (request, asked) in requests.iter().rev() {
            peer.ok(request, &pb::MutationResponse { balance: asked.amount, ..Default::default() })?;
        }
        peer.ends()
    });
    let client = connect(&fake.address);
    std::thread::scope(|scope| {
        for amount in 1..=CALLS as i64 {
            let client = client.clone();
            scope.spawn(move || {
                assert_eq!(client.debit(Debit::new(test_wallet(), amount, "test")).unwrap().balance, amount);
            });
        }
    });
    assert_eq!(fake.connections(), 1);
}

#[test]
fn no_more_are_in_flight_than_the_server_allows() {
    let fake = Fake::once(|peer| {
        peer.hello_with(pb::Limits { requests_in_flight_max: 3, ..Default::default() })?;
        let mut waiting = Vec::new();
        for answered in 0..12 {
            while waiting.len() < 3.min(12 - answered) {
                waiting.push(peer.request()?);
            }
            // Another request would come before this PONG.
            peer.send_bytes(Header::new(FrameType::Ping), &[0; 8])?;
            assert_eq!(peer.read()?.header.kind, FrameType::Pong);
            peer.ok(&waiting.remove(0), &pong(1))?;
        }
        peer.ends()
    });
    let client = connect(&fake.address);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| client.ping().unwrap());
        }
    });
}

#[test]
fn a_few_connections_take_calls_in_turn() {
    let served: Arc<[AtomicUsize; 3]> = Arc::default();
    let scripts = (0..3).map(|index| {
        let served = Arc::clone(&served);
        Box::new(move |peer: &mut Peer| -> Played {
            peer.hello()?;
            loop {
                let request = peer.request()?;
                served[index].fetch_add(1, Ordering::SeqCst);
                peer.ok(&request, &pong(1))?;
            }
        }) as Script
    });
    let fake = Fake::new(scripts.collect());
    let client = Client::new(Options::new(&fake.address).connections(3)).unwrap();
    for _ in 0..9 {
        client.ping().unwrap();
    }
    for served in served.iter() {
        assert_eq!(served.load(Ordering::SeqCst), 3);
    }
}

#[test]
fn a_closed_client_says_so() {
    let client = connect(&refused_address());
    client.close();
    client.close();
    let error = debit(&client).unwrap_err();
    assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::Closed), Some(KEY)));
    assert_eq!(kind(client.watch_transactions(WatchTransactions::from_now()).next().unwrap()), NotExecutedKind::Closed);
}

#[test]
fn closing_ends_the_calls_that_wait() {
    let (asked, is_asked) = channel();
    let fake = Fake::once(move |peer| {
        peer.hello_with(pb::Limits { requests_in_flight_max: 1, ..Default::default() })?;
        peer.request()?;
        asked.send(()).unwrap();
        peer.ends()
    });
    let client = connect(&fake.address);
    std::thread::scope(|scope| {
        let flying = scope.spawn(|| debit(&client));
        is_asked.recv_timeout(PATIENCE).unwrap();
        let queued = scope.spawn(|| client.debit(Debit::new(test_wallet(), 1, "test")));
        std::thread::sleep(Duration::from_millis(50)); // until it waits; before that it would end the same way
        client.close();
        let end = unknown(flying.join().unwrap());
        assert_eq!(end.last_attempt.not_executed_kind(), Some(NotExecutedKind::Closed));
        assert_eq!(kind(queued.join().unwrap()), NotExecutedKind::Closed);
    });
}

#[test]
fn closing_ends_a_wait_for_the_next_attempt() {
    let hour = Duration::from_secs(3600);
    let retry = RetryPolicy { backoff: hour / 2, backoff_max: hour / 2, ..RetryPolicy::default() };
    let client = Client::new(Options::new(refused_address()).timeout(hour).retry(retry)).unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| debit(&client));
        std::thread::sleep(Duration::from_millis(50));
        client.close();
        assert_eq!(kind(waits.join().unwrap()), NotExecutedKind::Closed);
    });
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn the_last_clone_closes_the_connection() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        let request = peer.request()?;
        peer.ok(&request, &pong(1))?;
        peer.ends()
    });
    let client = connect(&fake.address);
    let clone = client.with_timeout(Duration::from_secs(1));
    client.ping().unwrap();
    drop(client);
    drop(clone); // the script ends, or its patience would, which takes longer than the test may
    let started = Instant::now();
    drop(fake);
    assert!(started.elapsed() < PATIENCE / 2);
}

/// However it ended, no thread and no socket is left. By itself, in a process of its own: it counts all there are.
#[test]
#[cfg(target_os = "linux")]
fn nothing_is_left() {
    const MARK: &str = "WALLETD_TEST_COUNTS";
    if std::env::var_os(MARK).is_none() {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "leaving::nothing_is_left", "--nocapture", "--test-threads=1"])
            .env(MARK, "1")
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
        return;
    }
    let count = |of: &str| std::fs::read_dir(format!("/proc/self/{of}")).unwrap().count();
    let round = || {
        for _ in 0..5 {
            let fake = Fake::many(4, |peer| {
                peer.hello()?;
                peer.request()?;
                peer.ends()
            });
            let client = connect(&fake.address);
            drop(debit(&client.with_timeout(Duration::from_millis(100))));
            drop(connect(&fake.address)); // which never connected
            let kept = connect(&fake.address);
            std::thread::scope(|scope| {
                scope.spawn(|| drop(debit(&kept)));
                wait_until("its connection", || fake.connections() == 2);
                std::thread::sleep(Duration::from_millis(20));
                kept.close();
            });
            let refused = connect(&refused_address());
            assert_eq!(kind(refused.ping()), NotExecutedKind::Disconnected);
            let spoken = Fake::once(|peer| peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
            assert_eq!(kind(connect(&spoken.address).ping()), NotExecutedKind::Protocol);
        }
    };
    round(); // what a process opens once is open after the first round
    let (threads, files) = (count("task"), count("fd"));
    round();
    wait_until("as many as before", || count("task") <= threads && count("fd") <= files);
}

#[test]
fn threads_that_begin_together_share_the_first_connection() {
    let fake = Fake::once(|peer| {
        peer.hello()?;
        loop {
            let request = peer.request()?;
            peer.ok(&request, &pong(1))?;
        }
    });
    let (client, start) = (connect(&fake.address), Barrier::new(8));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                client.ping().unwrap();
            });
        }
    });
    assert_eq!(fake.connections(), 1);
}
