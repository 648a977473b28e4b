use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::pages::Pages;
use super::stream::Stream;
use super::watch::Watch;
use crate::engine::{
    after, lock, Attempts, Call, Cancel, GaveUp, Interrupt, Item, Mailbox, Outcome, Shared, Signal, Step, Submission,
    Subscription,
};
use crate::error::Result;
use crate::options::{Options, Settings};
use crate::requests::*;
use crate::values::*;

/// A client of one server, for any number of threads.
///
/// They share its connection, on which their calls are in flight at the same time, as many as the server allows; behind
/// that calls wait their turn. It is made by the first call, and made anew when it is lost or the server goes away.
/// Clones are the same client. The last one that goes closes it.
///
/// Each call has the deadline of [`Options::timeout`], or that of [`with_timeout`](Self::with_timeout), which covers all
/// its attempts, and ends with its result or an [`Error`](crate::Error).
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
    timeout: Duration,
    cancel: Option<Cancel>,
}

pub(super) struct Inner {
    pub(super) settings: Arc<Settings>,
    shared: Arc<Shared>,
    closing: Arc<Signal>,
    connections: Mutex<Connections>,
}

#[derive(Default)]
struct Connections {
    closed: bool,
    next: usize,
    /// For new calls.
    slots: Vec<Option<Arc<Connection>>>,
    /// Those that leave, too.
    all: Vec<Arc<Connection>>,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty)?) -> $output:ident { $($request:tt)* })*) => {
        impl Client {
            $(
                $(#[$doc])*
                pub fn $name(&self $(, $argument: $type)?) -> Result<$output> {
                    self.carry_out($($request)*)
                }
            )*
        }
    };
}

for_each_verb!(methods);

impl Client {
    /// A client of the server at an address (`host:port`, `[v6]:port` or `unix:PATH`), or with [`Options`]. It doesn't
    /// connect yet. The error says what can't be in the address or the options.
    pub fn new(options: impl Into<Options>) -> Result<Self> {
        let settings = Settings::new(options.into())?;
        let timeout = settings.timeout;
        let connections = Connections { slots: vec![None; settings.connections], ..Connections::default() };
        let inner = Inner {
            shared: Arc::new(Shared::new(settings.retry)),
            settings: Arc::new(settings),
            closing: Arc::default(),
            connections: Mutex::new(connections),
        };
        Ok(Self { inner: Arc::new(inner), timeout, cancel: None })
    }

    /// The same client with another deadline for each call.
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// The same client, whose calls and streams end when that is fired.
    pub fn with_cancel(&self, cancel: &Cancel) -> Self {
        Self { cancel: Some(cancel.clone()), ..self.clone() }
    }

    /// Ends the connection and all calls and streams, each with an error of its own: that the client is closed, or an
    /// unknown outcome where a mutation was sent. So do later calls. When it returns nothing of the client is left but,
    /// where it was about to connect, a thread that gives up within [`Options::connect_timeout`].
    pub fn close(&self) {
        self.inner.close();
    }

    /// Goes through all wallets of an owner, page by page. Each page is a call.
    pub fn all_wallets(&self, request: ListWallets) -> Pages<Wallet> {
        Pages::new(self.clone(), request)
    }

    /// Goes through all transactions of a wallet that pass the filter, page by page. Each page is a call.
    pub fn all_transactions(&self, request: ListTransactions) -> Pages<Transaction> {
        Pages::new(self.clone(), request)
    }

    /// Goes through all refusals that are asked for, page by page. Each page is a call.
    pub fn all_refusals(&self, request: ListRefusals) -> Pages<Refusal> {
        Pages::new(self.clone(), request)
    }

    /// Goes through all that was granted, page by page. Each page is a call.
    pub fn all_tokens(&self, request: ListTokens) -> Pages<Token> {
        Pages::new(self.clone(), request)
    }

    /// Tells each transaction exactly once, in the order of their ids, as it is committed. Nothing is sent before the first
    /// event is asked for. It goes on by itself, from the last event that was read, after a lost connection, a server that
    /// leaves, and a reader that has fallen behind by more than 1 MiB.
    ///
    /// It has no end of its own: it ends with an error when the server refuses it (`ResumeInvalid`: the place isn't in this
    /// ledger), when it can't begin within the deadline, when the server is away for longer than the request's patience,
    /// and when it is cancelled or the client is closed.
    pub fn watch_transactions(&self, request: WatchTransactions) -> Watch {
        Watch::new(self.clone(), request)
    }

    /// Has the server prove that the ledger is what its journal says. Findings are no error. Nothing is sent before the
    /// first event is asked for; the last one is the report.
    pub fn verify(&self, request: Verify) -> Stream<VerifyEvent> {
        Stream::new(self.clone(), &request)
    }

    /// Has the server make a backup. Nothing is sent before the first event is asked for; the last one is the report.
    pub fn backup(&self, request: Backup) -> Stream<BackupEvent> {
        Stream::new(self.clone(), &request)
    }

    pub(super) fn deadline(&self) -> Instant {
        after(self.timeout)
    }

    /// A place to wait, which the client's cancel interrupts.
    pub(super) fn mailbox(&self, event_bytes_max: usize) -> (Arc<Mailbox>, Option<Subscription>) {
        let mailbox = Arc::new(Mailbox::new(event_bytes_max));
        let subscription = self.cancel.as_ref().map(|cancel| cancel.signal().subscribe(&mailbox));
        (mailbox, subscription)
    }

    pub(super) fn attempts<T>(&self, call: Call<T>, deadline: Instant) -> Attempts<T> {
        Attempts::new(&self.inner.shared, call, deadline)
    }

    pub(super) fn carry_out<R: IntoCall>(&self, request: R) -> Result<R::Output> {
        let mut attempts = self.attempts(request.into_call()?, self.deadline());
        let (mailbox, _cancel) = self.mailbox(0);
        if let Some(Item::Interrupted(why)) = mailbox.take() {
            return Err(attempts.gave_up(GaveUp::Interrupted(why), false));
        }
        loop {
            let connection = match self.inner.connection() {
                Some(connection) => connection,
                None => return Err(attempts.closed()),
            };
            let outcome = attempt(&connection, &mut attempts, &mailbox)?;
            match attempts.settled(outcome) {
                Step::Done(result) => return result,
                Step::Again(wait) => self.pause(wait, &mailbox, &mut attempts)?,
            }
        }
    }

    /// Waits for the next attempt.
    pub(super) fn pause<T>(&self, wait: Duration, mailbox: &Arc<Mailbox>, attempts: &mut Attempts<T>) -> Result<()> {
        self.wait(wait, mailbox).map_err(|why| attempts.gave_up(GaveUp::Interrupted(why), false))
    }

    /// The error is why it is to stop.
    pub(super) fn wait(&self, wait: Duration, mailbox: &Arc<Mailbox>) -> std::result::Result<(), Interrupt> {
        let _closing = self.inner.closing.subscribe(mailbox);
        match mailbox.wait(after(wait)) {
            Some(Item::Interrupted(why)) => Err(why),
            _ => Ok(()),
        }
    }
}

/// Makes one attempt. The error ends the call.
fn attempt<T>(connection: &Connection, attempts: &mut Attempts<T>, mailbox: &Arc<Mailbox>) -> Result<Outcome> {
    let submission = Submission {
        method: attempts.call().method,
        payload: Arc::clone(&attempts.call().payload),
        deadline: attempts.deadline(),
        streams: false,
        mailbox: Arc::clone(mailbox),
    };
    let request_id = match connection.enqueue(submission) {
        Ok(request_id) => request_id,
        Err(refusal) => return Ok(Outcome::Failed(refusal)),
    };
    let why = match mailbox.wait(attempts.deadline()) {
        Some(Item::End(outcome)) => return Ok(outcome),
        Some(Item::Interrupted(why)) => GaveUp::Interrupted(why),
        _ => GaveUp::Late,
    };
    let sent = connection.forget(request_id, why == GaveUp::Late);
    match mailbox.take_end() {
        Some(outcome) => Ok(outcome), // it came between the two
        None => Err(attempts.gave_up(why, sent)),
    }
}

impl Inner {
    /// One that takes calls; none when the client is closed.
    pub(super) fn connection(&self) -> Option<Arc<Connection>> {
        let mut connections = lock(&self.connections);
        if connections.closed {
            return None;
        }
        let slot = connections.next;
        connections.next = (slot + 1) % connections.slots.len();
        if let Some(connection) = connections.slots[slot].as_ref().filter(|connection| connection.accepts()) {
            return Some(Arc::clone(connection));
        }
        connections.all.retain(|connection| !connection.has_ended());
        let connection = Arc::new(Connection::start(&self.settings));
        connections.slots[slot] = Some(Arc::clone(&connection));
        connections.all.push(Arc::clone(&connection));
        Some(connection)
    }

    fn close(&self) {
        let all = {
            let mut connections = lock(&self.connections);
            connections.closed = true;
            connections.slots.iter_mut().for_each(|slot| *slot = None);
            std::mem::take(&mut connections.all)
        };
        self.closing.fire(Interrupt::Closed);
        for connection in all {
            connection.close();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("address", &self.inner.settings.address)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

// For which any number of threads may have it.
const _: fn() = || {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Client>();
    fn sent<T: Send>() {}
    sent::<Watch>();
    sent::<Stream<VerifyEvent>>();
    sent::<Pages<Wallet>>();
};
