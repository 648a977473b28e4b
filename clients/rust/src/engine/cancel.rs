use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use super::lock;
use super::mailbox::{Interrupt, Mailbox};

/// Takes calls back from elsewhere: give it to a client by `with_cancel`, and fire it from any thread or task.
///
/// A call that it ends is told to the server, which may still leave it undone. A read ends as
/// [cancelled](crate::NotExecutedKind::Cancelled), a mutation that was sent with an unknown outcome unless its answer
/// came before. Once fired it stays so: calls that begin later end at once.
#[derive(Clone, Default)]
pub struct Cancel {
    signal: Arc<Signal>,
}

impl Cancel {
    /// One that hasn't been fired.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all calls and streams that it was given to, and those that it will be given to.
    pub fn cancel(&self) {
        self.signal.fire(Interrupt::Cancelled);
    }

    /// Whether it was fired.
    pub fn is_cancelled(&self) -> bool {
        lock(&self.signal.state).fired.is_some()
    }

    pub(crate) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("is_cancelled", &self.is_cancelled()).finish()
    }
}

/// Interrupts those who wait, once and for good.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fired: Option<Interrupt>,
    waiting: HashMap<u64, Arc<Mailbox>>,
    next: u64,
}

/// While it lives, the signal interrupts the mailbox.
#[derive(Debug)]
pub(crate) struct Subscription {
    signal: Arc<Signal>,
    number: u64,
}

impl Signal {
    pub(crate) fn fire(&self, why: Interrupt) {
        let mut state = lock(&self.state);
        state.fired.get_or_insert(why);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for mailbox in waiting.values() {
            mailbox.interrupt(why);
        }
    }

    pub(crate) fn subscribe(self: &Arc<Self>, mailbox: &Arc<Mailbox>) -> Subscription {
        let mut state = lock(&self.state);
        let number = state.next;
        state.next += 1;
        match state.fired {
            Some(why) => mailbox.interrupt(why),
            None => {
                state.waiting.insert(number, Arc::clone(mailbox));
            }
        }
        Subscription { signal: Arc::clone(self), number }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        lock(&self.signal.state).waiting.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Item;

    #[test]
    fn it_interrupts_those_who_wait_and_those_who_come_later_but_not_those_who_left() {
        let cancel = Cancel::new();
        let [waits, left, late] = [(); 3].map(|()| Arc::new(Mailbox::new(0)));
        let _waiting = cancel.signal().subscribe(&waits);
        drop(cancel.signal().subscribe(&left));
        assert!(!cancel.is_cancelled() && waits.take().is_none());
        cancel.cancel();
        cancel.cancel();
        let _late = cancel.signal().subscribe(&late);
        assert!(cancel.is_cancelled());
        assert!(matches!(waits.take(), Some(Item::Interrupted(Interrupt::Cancelled))));
        assert!(matches!(late.take(), Some(Item::Interrupted(Interrupt::Cancelled))));
        assert!(left.take().is_none());
        assert!(lock(&cancel.signal().state).waiting.is_empty());
    }
}
