use std::sync::Mutex;
use std::time::Duration;

use super::{lock, random};

/// How often and how patiently a call is tried again; always within its deadline.
///
/// Tried again are lost connections, GOAWAY, UNAVAILABLE and RESOURCE_EXHAUSTED: reads as they are, mutations with the
/// same key, which the server executes at most once. The n-th wait is between half of and the whole `backoff` · 2ⁿ⁻¹, at
/// most `backoff_max`, and never below what the server asked for. Beside it all calls of a client share a budget: each
/// earns a tenth of a retry; 10 are there at the start, at most 100 are saved up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts of one call in all, 6 unless told; 0 and 1: nothing is tried again.
    pub attempts_max: u32,
    /// The first wait, 50 ms unless told.
    pub backoff: Duration,
    /// The longest wait that the server didn't ask for, 2 s unless told.
    pub backoff_max: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts_max: 6, backoff: Duration::from_millis(50), backoff_max: Duration::from_secs(2) }
    }
}

impl RetryPolicy {
    /// The wait after so many attempts.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Duration) -> Duration {
        let doubled = self.backoff.saturating_mul(1 << attempts.saturating_sub(1).min(20));
        let half = doubled.min(self.backoff_max) / 2;
        let wait = half + jitter(half);
        if retry_after.is_zero() {
            return wait;
        }
        // Beyond the server's wish by the first wait only, so that the clients it sent away don't come back at once.
        wait.max(retry_after.saturating_add(jitter(self.backoff)))
    }
}

/// From nothing to `max`.
fn jitter(max: Duration) -> Duration {
    let mut bytes = [0; 4];
    random(&mut bytes);
    let scaled = max.as_nanos().saturating_mul(u128::from(u32::from_be_bytes(bytes))) >> 32;
    Duration::from_nanos(u64::try_from(scaled).unwrap_or(u64::MAX))
}

const RETRY_COST: u32 = 10; // a first attempt earns 1
const SAVED_AT_START: u32 = 10 * RETRY_COST;
const SAVED_MAX: u32 = 100 * RETRY_COST;

/// Keeps retries from becoming the load that they wait to pass.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    saved: Mutex<u32>,
}

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self { saved: Mutex::new(SAVED_AT_START) }
    }

    /// A first attempt is made.
    pub(crate) fn earn(&self) {
        let mut saved = lock(&self.saved);
        *saved = SAVED_MAX.min(*saved + 1);
    }

    /// Whether a retry may be made.
    pub(crate) fn spend(&self) -> bool {
        let mut saved = lock(&self.saved);
        let may = *saved >= RETRY_COST;
        if may {
            *saved -= RETRY_COST;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_their_bound_and_are_spread() {
        let policy = RetryPolicy::default();
        for (attempts, whole) in [(1, 50), (2, 100), (3, 200), (6, 1600), (7, 2000), (40, 2000), (u32::MAX, 2000)] {
            let whole = Duration::from_millis(whole);
            let waits: Vec<_> = (0..200).map(|_| policy.wait(attempts, Duration::ZERO)).collect();
            assert!(waits.iter().all(|wait| (whole / 2..=whole).contains(wait)), "{attempts}: {waits:?}");
            let spread = *waits.iter().max().unwrap() - *waits.iter().min().unwrap();
            assert!(spread > whole / 4, "{attempts}: {spread:?}");
        }
    }

    #[test]
    fn a_wait_is_never_below_what_the_server_asked_for() {
        let policy = RetryPolicy::default();
        let asked = Duration::from_secs(30);
        for _ in 0..200 {
            let wait = policy.wait(1, asked);
            assert!((asked..=asked + policy.backoff).contains(&wait), "{wait:?}");
            assert!(policy.wait(6, Duration::from_millis(1)) >= Duration::from_millis(800));
        }
        let _ = policy.wait(1, Duration::MAX);
        let endless = RetryPolicy { backoff: Duration::MAX, backoff_max: Duration::MAX, ..policy };
        assert!(endless.wait(9, Duration::ZERO) >= Duration::from_secs(3600));
    }

    #[test]
    fn the_budget_is_ten_at_first_a_tenth_of_each_call_and_a_hundred_at_most() {
        let budget = RetryBudget::new();
        assert_eq!((0..20).filter(|_| budget.spend()).count(), 10);
        for _ in 0..9 {
            budget.earn();
        }
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
        for _ in 0..5000 {
            budget.earn();
        }
        assert_eq!((0..200).filter(|_| budget.spend()).count(), 100);
    }
}
