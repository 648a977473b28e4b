//! TLS, certificates and tokens.

use openssl::ssl::{SslVerifyMode, SslVersion};
use walletd::*;

use crate::support::*;

fn serves(peer: &mut Peer) -> Played {
    peer.hello()?;
    loop {
        let request = peer.request()?;
        peer.ok(&request, &pb::PingResponse { commit_seq: 1, ..Default::default() })?;
    }
}

fn never(peer: &mut Peer) -> Played {
    peer.read_hello()?;
    panic!("the client spoke");
}

fn client(address: &str, tls: Tls) -> Client {
    Client::new(Options::new(address).retry(eager()).tls(tls)).unwrap()
}

#[test]
fn a_server_is_known_by_its_address_or_by_its_name() {
    let authority = Authority::new();
    for name in ["127.0.0.1", "wallets.test"] {
        let acceptor = authority.acceptor(&["127.0.0.1", "wallets.test"]).build();
        let fake = Fake::secure(acceptor, vec![Box::new(serves)]);
        let tls = Tls::new().ca_file(authority.file()).server_name(name);
        let client = client(&fake.address, tls);
        for _ in 0..3 {
            assert_eq!(client.ping().unwrap().commit_seq, 1, "{name}");
        }
    }
}

#[test]
fn certificates_that_are_not_accepted() {
    let (authority, other) = (Authority::new(), Authority::new());
    for (what, seconds, name, ca) in [
        ("expired", -3600, "127.0.0.1", authority.file()),
        ("another name", 3600, "elsewhere.test", authority.file()),
        ("another address", 3600, "127.0.0.2", authority.file()),
        ("another authority", 3600, "127.0.0.1", other.file()),
    ] {
        let fake = Fake::secure(authority.acceptor_until(seconds, &[name]).build(), vec![Box::new(never)]);
        let options = Options::new(&fake.address).retry(eager()).token("secret").tls(Tls::new().ca_file(ca));
        let error = debit(&Client::new(options).unwrap()).unwrap_err();
        assert_eq!(
            (error.not_executed_kind(), error.key()),
            (Some(NotExecutedKind::Unauthenticated), Some(KEY)),
            "{what}: {error}"
        );
        assert!(error.to_string().contains("certificate"), "{what}: {error}");
        assert_eq!(fake.connections(), 1, "{what}: it won't be accepted next time either");
    }
    // Nor is one that only this test trusts, by a client that trusts what the machine does.
    let fake = Fake::secure(authority.acceptor(&["127.0.0.1"]).build(), vec![Box::new(never)]);
    assert_eq!(kind(client(&fake.address, Tls::new()).ping()), NotExecutedKind::Unauthenticated);
}

#[test]
fn a_clients_certificate_is_shown_and_told_when_it_is_not_accepted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let requires = || {
        let mut acceptor = authority.acceptor(&["127.0.0.1"]);
        acceptor.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
        acceptor.set_ca_file(authority.file()).unwrap();
        acceptor.build()
    };
    let trusting = || Tls::new().ca_file(authority.file());
    let own = authority.certificate("till-7", &[]);
    let fake = Fake::secure(requires(), vec![Box::new(serves)]);
    client(&fake.address, trusting().certificate(own.chain, own.key)).ping().unwrap();
    let (expired, foreign) = (authority.certificate_until("expired", -3600, &[]), other.certificate("foreign", &[]));
    for (what, tls) in [
        ("none", trusting()),
        ("expired", trusting().certificate(expired.chain, expired.key)),
        ("of another authority", trusting().certificate(foreign.chain, foreign.key)),
    ] {
        let fake = Fake::secure(requires(), vec![Box::new(never)]);
        let error = debit(&client(&fake.address, tls)).unwrap_err();
        assert_eq!(error.not_executed_kind(), Some(NotExecutedKind::Unauthenticated), "{what}: {error}");
    }
}

#[test]
fn tls_where_there_is_none_or_another_one() {
    let authority = Authority::new();
    let tls = || Tls::new().ca_file(authority.file());
    let plain = Fake::once(|peer| {
        peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
        peer.ends()
    });
    assert_eq!(kind(debit(&client(&plain.address, tls()))), NotExecutedKind::Protocol);
    let mut old = authority.acceptor(&["127.0.0.1"]);
    old.set_max_proto_version(Some(SslVersion::TLS1_2)).unwrap();
    let old = Fake::secure(old.build(), vec![Box::new(never)]);
    assert_eq!(kind(debit(&client(&old.address, tls()))), NotExecutedKind::Protocol);
    let secure = Fake::secure(authority.acceptor(&["127.0.0.1"]).build(), vec![Box::new(never)]);
    let without = Client::new(Options::new(&secure.address).retry(once())).unwrap();
    let end = kind(debit(&without));
    assert!(matches!(end, NotExecutedKind::Protocol | NotExecutedKind::Disconnected), "{end}");
}

#[test]
fn a_handshake_that_hangs_ends_in_its_time() {
    let silent = Fake::once(|peer| peer.ends());
    let hasty = client(&silent.address, Tls::new()).with_timeout(std::time::Duration::from_millis(200));
    assert_eq!(kind(debit(&hasty)), NotExecutedKind::DeadlineExceeded);
}

#[test]
fn a_long_answer_over_tls_arrives_whole() {
    let authority = Authority::new();
    let fake = Fake::secure(
        authority.acceptor(&["127.0.0.1"]).build(),
        vec![Box::new(|peer| {
            peer.hello()?;
            let (request, asked) = peer.asked::<pb::DebitRequest>(pb::Method::Debit)?;
            let row = pb::Transaction { note: asked.note, ..Default::default() };
            peer.ok(&request, &pb::MutationResponse { transaction: Some(row), ..Default::default() })?;
            peer.ends()
        })],
    );
    let client = client(&fake.address, Tls::new().ca_file(authority.file()));
    let note: String = (0..900_000u32).map(|n| char::from(b'a' + (n % 26) as u8)).collect();
    assert_eq!(client.debit(a_debit().note(&note)).unwrap().transaction.note, note);
}

#[test]
fn the_real_server_over_tls() {
    let (authority, other) = (Authority::new(), Authority::new());
    let own = authority.certificate("server", &["127.0.0.1", "wallets.test"]);
    let till = authority.certificate("till-7", &[]);
    let text = |path: &std::path::Path| path.to_str().unwrap().to_string();
    let mut server = Server::with(&[
        "--tls-cert",
        &text(&own.chain),
        "--tls-key",
        &text(&own.key),
        "--tls-client-ca",
        &text(&authority.file()),
    ]);
    let trusting = || Tls::new().ca_file(authority.file());
    for (what, tls) in [
        ("by address", trusting()),
        ("by name", trusting().server_name("wallets.test")),
        ("with a certificate", trusting().certificate(till.chain, till.key)),
    ] {
        let end = client(&server.address, tls).ping();
        assert!(end.is_ok(), "{what}: {end:?}");
    }
    for (what, tls) in [
        ("another authority", Tls::new().ca_file(other.file())),
        ("another name", trusting().server_name("elsewhere.test")),
    ] {
        assert_eq!(kind(debit(&client(&server.address, tls))), NotExecutedKind::Unauthenticated, "{what}");
    }
    assert_eq!(kind(debit(&connect(&server.address))), NotExecutedKind::Protocol, "without TLS");
    let client = client(&server.address, trusting());
    crate::trouble::work_through(&client, |progress| {
        progress();
        server.kill();
        server.start();
        progress();
    });
}

#[test]
fn the_real_server_without_tls_and_one_that_requires_a_certificate() {
    let (authority, other) = (Authority::new(), Authority::new());
    let plain = Server::new();
    assert_eq!(kind(debit(&client(&plain.address, Tls::new().ca_file(authority.file())))), NotExecutedKind::Protocol);
    let own = authority.certificate("server", &["127.0.0.1"]);
    let text = |path: &std::path::Path| path.to_str().unwrap().to_string();
    let server = Server::with(&[
        "--tls-cert",
        &text(&own.chain),
        "--tls-key",
        &text(&own.key),
        "--tls-client-ca",
        &text(&authority.file()),
        "--tls-require-client-cert",
    ]);
    let trusting = || Tls::new().ca_file(authority.file());
    let (till, foreign) = (authority.certificate("till-7", &[]), other.certificate("foreign", &[]));
    client(&server.address, trusting().certificate(till.chain, till.key)).ping().unwrap();
    for tls in [trusting(), trusting().certificate(foreign.chain, foreign.key)] {
        assert_eq!(kind(debit(&client(&server.address, tls))), NotExecutedKind::Unauthenticated);
    }
}
