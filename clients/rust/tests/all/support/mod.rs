//! Servers to test the client against.

mod authority;
mod fake;
mod proxy;
mod server;

/// The messages, as the crate itself has them.
#[path = "../../../src/proto.rs"]
pub mod pb;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use authority::{only_for_its_owner, Authority};
pub use fake::{error, refused_address, Ended, Fake, Peer, Played, Script};
pub use proxy::Proxy;
pub use server::Server;

use walletd::*;

/// How long anything may take that has to happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const KEY: &str = "scripted-key-1";

/// The wallet of the scripts.
pub fn test_wallet() -> WalletRef {
    WalletRef::of("u-1", "USD")
}

pub fn eager() -> RetryPolicy {
    RetryPolicy { attempts_max: 4, backoff: Duration::from_millis(1), ..RetryPolicy::default() }
}

pub fn once() -> RetryPolicy {
    RetryPolicy { attempts_max: 1, ..RetryPolicy::default() }
}

/// A client that tries again at once.
pub fn connect(address: &str) -> Client {
    Client::new(Options::new(address).retry(eager())).unwrap()
}

pub fn a_debit() -> Debit {
    Debit::new(test_wallet(), 100, "test").key(KEY)
}

pub fn debit(client: &Client) -> Result<MutationResult> {
    client.debit(a_debit())
}

pub fn kind<T: std::fmt::Debug>(result: Result<T>) -> NotExecutedKind {
    match result {
        Err(Error::NotExecuted(e)) => e.kind,
        other => panic!("{other:?}"),
    }
}

pub fn unknown<T: std::fmt::Debug>(result: Result<T>) -> OutcomeUnknown {
    match result {
        Err(Error::OutcomeUnknown(e)) => *e,
        other => panic!("{other:?}"),
    }
}

pub fn rejected<T: std::fmt::Debug>(result: Result<T>, reason: Reason) -> Rejected {
    match result {
        Err(Error::Rejected(e)) if e.reason == reason => *e,
        other => panic!("not {reason}: {other:?}"),
    }
}

/// Waits until it is so.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + 3 * PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "it never comes: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The folder of this client.
pub fn client_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    client_folder().join("../..").join(path)
}

/// A folder of its own, which goes with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let unique = new_key();
        let path = std::env::temp_dir().join(format!("walletd-rust-{name}-{}", &unique[24..]));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A program of this workspace, built.
pub fn program(name: &str) -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop(); // deps
    folder.pop();
    for candidate in [folder.join(name), folder.join("examples").join(name)] {
        if candidate.exists() {
            return candidate;
        }
    }
    panic!("{name} isn't built: `make test` builds it first");
}
