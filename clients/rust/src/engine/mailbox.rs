use std::collections::VecDeque;
#[cfg(feature = "tokio")]
use std::pin::Pin;
use std::sync::{Condvar, Mutex, PoisonError};
use std::task::Waker;
#[cfg(feature = "tokio")]
use std::task::{Context, Poll};
use std::time::Instant;

use super::connection::Outcome;
use super::lock;

/// How much of a stream may wait to be read.
pub(crate) const EVENT_BYTES_MAX: usize = 1024 * 1024;

/// What an event counts for at least, with what it takes beside its bytes.
const EVENT_BYTES_MIN: usize = 100;

/// Where a caller waits for what becomes of its request, be it a thread or a task.
///
/// The connection carries other calls too, so it is always read: a stream whose reader falls behind is cancelled, and
/// what is in its mailbox is still read.
#[derive(Debug)]
pub(crate) struct Mailbox {
    state: Mutex<State>,
    changed: Condvar,
    event_bytes_max: usize,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Vec<u8>>,
    bytes: usize,
    /// The reader was too slow: nothing more is taken.
    overrun: bool,
    end: Option<Outcome>,
    interrupt: Option<Interrupt>,
    waker: Option<Waker>,
}

/// What a caller is told.
#[derive(Debug)]
pub(crate) enum Item {
    /// Of a stream.
    Event(Vec<u8>),
    /// The request has come to its end.
    End(Outcome),
    /// More events came than the mailbox keeps, and all that it kept are read.
    Overrun,
    /// Somebody else wants the caller to stop waiting.
    Interrupted(Interrupt),
}

/// Why a caller is to stop waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interrupt {
    Cancelled,
    Closed,
}

impl Mailbox {
    pub(crate) fn new(event_bytes_max: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), event_bytes_max }
    }

    /// Puts an event in. False when there is no room, which it says once: the stream is then to be cancelled.
    pub(crate) fn event(&self, payload: Vec<u8>) -> bool {
        let size = size_of(&payload);
        self.change(|state| {
            if state.overrun || state.end.is_some() {
                return true;
            }
            // One event always fits, or a stream of long ones would never go on.
            if state.bytes > 0 && state.bytes + size > self.event_bytes_max {
                state.overrun = true;
                return false;
            }
            state.bytes += size;
            state.events.push_back(payload);
            true
        })
    }

    /// The end of the request.
    pub(crate) fn finish(&self, outcome: Outcome) {
        self.change(|state| {
            if !state.overrun {
                state.end = Some(outcome);
            }
        });
    }

    pub(crate) fn interrupt(&self, why: Interrupt) {
        self.change(|state| {
            state.interrupt.get_or_insert(why);
        });
    }

    /// What is there now.
    pub(crate) fn take(&self) -> Option<Item> {
        lock(&self.state).take()
    }

    /// The end, if it is there.
    pub(crate) fn take_end(&self) -> Option<Outcome> {
        lock(&self.state).end.take()
    }

    /// Waits for the next item; `None` when none came in time.
    pub(crate) fn wait(&self, until: Instant) -> Option<Item> {
        let mut state = lock(&self.state);
        loop {
            if let Some(item) = state.take() {
                return Some(item);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The next item, for a task. The last one that asks is woken.
    #[cfg(feature = "tokio")]
    pub(crate) fn next(&self) -> Next<'_> {
        Next(self)
    }

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = lock(&self.state);
        let result = change(&mut state);
        let waker = state.waker.take();
        drop(state);
        self.changed.notify_one();
        if let Some(waker) = waker {
            waker.wake();
        }
        result
    }
}

impl State {
    fn take(&mut self) -> Option<Item> {
        // A result that is there counts more than the wish not to wait for it.
        if self.events.is_empty() {
            if let Some(outcome) = self.end.take() {
                return Some(Item::End(outcome));
            }
        }
        if let Some(why) = self.interrupt {
            return Some(Item::Interrupted(why));
        }
        if let Some(event) = self.events.pop_front() {
            self.bytes -= size_of(&event);
            return Some(Item::Event(event));
        }
        self.overrun.then_some(Item::Overrun)
    }
}

/// Waits for the next item. Dropped before it is there, none is lost.
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub(crate) struct Next<'a>(&'a Mailbox);

#[cfg(feature = "tokio")]
impl std::future::Future for Next<'_> {
    type Output = Item;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Item> {
        let mut state = lock(&self.0.state);
        match state.take() {
            Some(item) => Poll::Ready(item),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

fn size_of(event: &[u8]) -> usize {
    event.len().max(EVENT_BYTES_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Failure;
    use crate::Error;
    use std::time::Duration;

    fn gone() -> Outcome {
        Outcome::Failed(Failure { error: Error::disconnected("gone"), sent: false, retry: true, moved: false })
    }

    #[test]
    fn events_come_before_the_end_and_in_their_order() {
        let mailbox = Mailbox::new(1000);
        assert!(mailbox.take().is_none());
        assert!(mailbox.event(vec![1]) && mailbox.event(vec![2]));
        mailbox.finish(gone());
        assert!(mailbox.event(vec![3]), "what comes behind the end is dropped");
        assert!(matches!(mailbox.take(), Some(Item::Event(event)) if event == [1]));
        assert!(matches!(mailbox.take(), Some(Item::Event(event)) if event == [2]));
        assert!(matches!(mailbox.take(), Some(Item::End(_))));
        assert!(mailbox.take().is_none());
    }

    #[test]
    fn it_keeps_no_more_than_it_is_told_but_for_one_long_event() {
        let mailbox = Mailbox::new(1000);
        assert!(mailbox.event(vec![0; 5000]));
        assert!(!mailbox.event(vec![0; 1]), "it is full");
        assert!(mailbox.event(vec![0; 1]), "it says so once");
        mailbox.finish(gone());
        assert!(matches!(mailbox.take(), Some(Item::Event(event)) if event.len() == 5000));
        assert!(matches!(mailbox.take(), Some(Item::Overrun)));
        let mailbox = Mailbox::new(1000);
        let taken = (0..100).filter(|_| mailbox.event(vec![0; 1])).count();
        assert_eq!(taken, 99, "all but the one that said it is full");
        let kept = std::iter::from_fn(|| mailbox.take()).take_while(|item| matches!(item, Item::Event(_))).count();
        assert_eq!(kept, 10, "each counts for 100 bytes");
    }

    #[test]
    fn a_thread_is_woken_by_what_comes_and_by_an_interruption() {
        let mailbox = Mailbox::new(1000);
        assert!(mailbox.wait(Instant::now()).is_none());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| mailbox.wait(Instant::now() + Duration::from_secs(60)));
            mailbox.finish(gone());
            assert!(matches!(waiting.join().unwrap(), Some(Item::End(_))));
            let waiting = scope.spawn(|| mailbox.wait(Instant::now() + Duration::from_secs(60)));
            mailbox.interrupt(Interrupt::Cancelled);
            assert!(matches!(waiting.join().unwrap(), Some(Item::Interrupted(Interrupt::Cancelled))));
        });
        mailbox.finish(gone());
        assert!(matches!(mailbox.take(), Some(Item::End(_))), "an answer that is there is taken");
    }
}
