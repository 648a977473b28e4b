//! What both clients share: a connection without its socket, the attempts of a call without its waiting, and where a
//! watch goes on. Nothing here blocks, sleeps or spawns.

mod answers;
mod attempts;
mod call;
mod cancel;
mod connection;
mod mailbox;
mod resumption;
mod retry;
mod session;
mod streaming;
mod tls;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use cancel::Cancel;
pub use retry::RetryPolicy;

pub(crate) use attempts::{Attempts, GaveUp, Shared, Step};
pub(crate) use call::{parse, Call, Settled};
pub(crate) use cancel::{Signal, Subscription};
pub(crate) use connection::{Failure, Outcome, Submission, Written};
pub(crate) use mailbox::{Interrupt, Item, Mailbox, EVENT_BYTES_MAX};
pub(crate) use resumption::{Resumption, StreamEnd};
pub(crate) use session::Session;
pub(crate) use streaming::{beginning, ended_well, fell_silent, interrupted, told};
pub(crate) use tls::connector;

/// A server gives a stream a sign of life each 15 seconds. One that doesn't is gone, whatever TCP says.
pub(crate) const STREAM_SILENCE_MAX: Duration = Duration::from_secs(45);

/// How long what came before a write failed may still be read.
pub(crate) const READ_REST_MAX: Duration = Duration::from_secs(1);

/// How much is read at once.
pub(crate) const READ_BYTES: usize = 64 * 1024;

/// A caller that panics while it holds a lock leaves nothing half done behind it, so the others go on.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fills it with random bytes of the kind that keys and secrets take.
pub(crate) fn random(bytes: &mut [u8]) {
    if let Err(error) = openssl::rand::rand_bytes(bytes) {
        panic!("walletd: no random bytes: {error}");
    }
}

/// So long from now; where that leaves the clock's range, as far as it goes.
pub(crate) fn after(wait: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(wait).unwrap_or_else(|| now + FAR)
}
