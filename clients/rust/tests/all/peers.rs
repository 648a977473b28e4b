//! The way to the server, and peers that speak something else.

use std::time::{Duration, Instant};

use walletd::wire::{encode, flags, Frame, FrameType, Header};
use walletd::*;

use crate::support::*;

#[test]
fn nobody_listens() {
    let client = connect(&refused_address());
    let started = Instant::now();
    let error = debit(&client).unwrap_err();
    assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::Disconnected), Some(KEY)));
    assert!(std::error::Error::source(&error).unwrap().is::<std::io::Error>(), "{error:?}");
    assert!(error.to_string().contains("no connection to 127.0.0.1:"), "{error}");
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn a_host_that_is_not_there() {
    let client = Client::new(Options::new("wallets.invalid:7000").retry(once())).unwrap();
    let end = kind(client.with_timeout(Duration::from_secs(5)).ping());
    assert!(matches!(end, NotExecutedKind::Disconnected | NotExecutedKind::DeadlineExceeded), "{end}");
}

#[test]
fn a_port_that_accepts_and_never_answers() {
    let fake = Fake::once(|peer| peer.ends());
    let client = connect(&fake.address).with_timeout(Duration::from_millis(200));
    let started = Instant::now();
    let error = debit(&client).unwrap_err();
    assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::DeadlineExceeded), Some(KEY)));
    assert_eq!(kind(client.ping()), NotExecutedKind::DeadlineExceeded);
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn connecting_has_a_limit_of_its_own() {
    let fake = Fake::many(2, |peer| peer.ends());
    let retry = RetryPolicy { attempts_max: 2, ..eager() };
    let options = Options::new(&fake.address).connect_timeout(Duration::from_millis(100)).retry(retry);
    let client = Client::new(options.timeout(PATIENCE)).unwrap();
    assert_eq!(kind(debit(&client)), NotExecutedKind::Disconnected);
    assert_eq!(fake.connections(), 2);
}

#[cfg(unix)]
#[test]
fn a_unix_socket() {
    let server = Folder::new("socket");
    let path = server.join("s");
    let real = Server::with(&["--listen", &format!("unix:{}", path.display())]);
    let client = connect(&format!("unix:{}", path.display()));
    client.ping().unwrap();
    let absent = connect(&format!("unix:{}", server.join("absent").display()));
    assert_eq!(kind(absent.ping()), NotExecutedKind::Disconnected);
    drop(real);
}

fn bytes(header: Header, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&mut bytes, header, payload);
    bytes
}

#[test]
fn a_server_of_another_protocol() {
    let mut noise = vec![0, 0, 0, 0x20, 0x9a, 0x3f];
    noise.extend([7; 64]);
    for (what, said) in [
        ("http", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec()),
        ("noise", noise),
        ("zeros", vec![0; 64]),
        ("ssh", b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n".to_vec()),
        ("a request", bytes(Header::new(FrameType::Request).of_request(1), &[])),
        ("an answer", bytes(Header::new(FrameType::Response).of_request(1), &[])),
        ("no ack", bytes(Header::new(FrameType::HelloAck), &[0xff])),
        ("version 2", bytes(Header::new(FrameType::HelloAck), &[8, 2])),
    ] {
        let fake = Fake::many(2, move |peer| {
            peer.write(&said)?;
            peer.ends()
        });
        let client = connect(&fake.address);
        // Nothing was sent but HELLO, so a mutation too is certain not to have happened.
        let error = debit(&client).unwrap_err();
        assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::Protocol), Some(KEY)), "{what}");
        assert_eq!(kind(client.get_balance(test_wallet())), NotExecutedKind::Protocol, "{what}");
        assert_eq!(fake.connections(), 2, "{what}: a protocol error is not tried again");
    }
}

#[test]
fn garbage_instead_of_an_answer() {
    type Answer = fn(&Frame) -> Vec<u8>;
    fn response(request: &Frame, payload: &[u8]) -> Vec<u8> {
        bytes(Header::new(FrameType::Response).of_request(request.header.request_id), payload)
    }
    let answers: [(&str, Answer); 7] = [
        ("checksum", |request| {
            let mut data = response(request, b"\x10\x05");
            *data.last_mut().unwrap() ^= 1;
            data
        }),
        ("oversized", |_| vec![0x7f, 0xff, 0xff, 0xff]),
        ("undersized", |_| vec![0; 8]),
        ("body", |request| response(request, b"\xff\xff")),
        ("error body", |request| {
            let header = Header { code: 9, flags: flags::NOT_EXECUTED, ..Header::new(FrameType::Response) };
            bytes(header.of_request(request.header.request_id), b"\xff\xff")
        }),
        ("an answer to no request", |_| bytes(Header::new(FrameType::Response), &[])),
        ("a second ack", |_| bytes(Header::new(FrameType::HelloAck), &[])),
    ];
    for (what, answer) in answers {
        let fake = Fake::many(2, move |peer| {
            peer.hello()?;
            let request = peer.request()?;
            peer.write(&answer(&request))?;
            peer.ends()
        });
        let end = unknown(debit(&connect(&fake.address)));
        assert_eq!(end.last_attempt.not_executed_kind(), Some(NotExecutedKind::Protocol), "{what}");
        assert_eq!(kind(connect(&fake.address).get_balance(test_wallet())), NotExecutedKind::Protocol, "{what}");
    }
}

#[test]
fn a_frame_beyond_the_limit_ends_the_connection_by_its_length_alone() {
    let fake = Fake::once(|peer| {
        peer.hello_with(pb::Limits { response_bytes_max: 4096, ..Default::default() })?;
        peer.request()?;
        peer.write(&(64u32 << 20).to_be_bytes())?; // and nothing behind it
        peer.ends()
    });
    assert_eq!(kind(connect(&fake.address).get_balance(test_wallet())), NotExecutedKind::Protocol);
}

#[test]
fn a_request_over_the_servers_limit_is_not_sent() {
    let fake = Fake::once(|peer| {
        peer.hello_with(pb::Limits { request_bytes_max: 4096, ..Default::default() })?;
        let request = peer.request()?;
        peer.ok(&request, &pb::PingResponse { commit_seq: 1, ..Default::default() })?;
        peer.ends()
    });
    let client = connect(&fake.address);
    let error = client.debit(a_debit().note("n".repeat(5000))).unwrap_err();
    assert_eq!((error.not_executed_kind(), error.key()), (Some(NotExecutedKind::Invalid), Some(KEY)));
    assert_eq!(client.ping().unwrap().commit_seq, 1, "the connection still serves");
}

/// Whatever a peer sends: each call ends with a typed error in its time, and nothing breaks.
#[test]
fn random_frames() {
    let mut source = Random(u64::from_str_radix(&new_key()[28..], 16).unwrap() | 1);
    println!("seed {}", source.0);
    let scripts: Vec<Script> = (0..2000)
        .map(|_| {
            let mut source = Random(source.next() | 1);
            Box::new(move |peer: &mut Peer| {
                if source.below(4) > 0 {
                    peer.hello()?;
                }
                while source.below(10) > 0 {
                    let payload: Vec<u8> = (0..source.below(20)).map(|_| source.next() as u8).collect();
                    let header = Header {
                        kind: FrameType::from_number(source.below(10) as u8 + 1).unwrap(),
                        flags: source.below(16) as u8,
                        code: source.below(20) as u16,
                        request_id: source.below(4) as u32,
                        millis: source.below(20) as u32,
                    };
                    let mut data = bytes(header, &payload);
                    if source.below(10) == 0 {
                        let at = source.below(data.len() as u64) as usize;
                        data[at] ^= 1 << source.below(8);
                    }
                    peer.write(&data)?;
                }
                Ok(())
            }) as Script
        })
        .collect();
    let fake = Fake::new(scripts);
    let options = Options::new(&fake.address).timeout(Duration::from_millis(50)).retry(eager());
    let client = Client::new(options).unwrap();
    for round in 0..100 {
        let started = Instant::now();
        match round % 3 {
            0 => drop(client.debit(Debit::new(test_wallet(), 1, "test"))),
            1 => drop(client.get_balance(test_wallet())),
            _ => {
                drop(client.watch_transactions(WatchTransactions::from_now().patience(Duration::from_millis(1))).next())
            }
        }
        assert!(started.elapsed() < PATIENCE);
    }
}

struct Random(u64);

impl Random {
    /// xorshift64.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}
