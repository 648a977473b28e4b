use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::socket::Socket;
use crate::engine::{after, lock, Failure, Session, Submission, Written, READ_BYTES, READ_REST_MAX};
use crate::error::{Error, NotExecutedKind};
use crate::options::Settings;

/// A connection with its two threads: one connects and then writes, the other one reads. Nothing blocks but they.
#[derive(Debug)]
pub(super) struct Connection {
    line: Arc<Line>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the threads and the callers share.
#[derive(Debug)]
struct Line {
    settings: Arc<Settings>,
    state: Mutex<State>,
    /// For the thread that writes: there is something to write, or an end.
    wake: Condvar,
}

#[derive(Debug)]
struct State {
    session: Session,
    socket: Option<Arc<Socket>>,
}

impl Connection {
    /// Starts to connect and returns at once.
    pub(super) fn start(settings: &Arc<Settings>) -> Self {
        let state = Mutex::new(State { session: Session::new(), socket: None });
        let line = Arc::new(Line { settings: Arc::clone(settings), state, wake: Condvar::new() });
        let own = Arc::clone(&line);
        let thread = thread::Builder::new().name("walletd-write".into()).spawn(move || own.run());
        let thread = match thread {
            Ok(thread) => Some(thread),
            Err(error) => {
                line.lost(Error::because(NotExecutedKind::Disconnected, "no thread for a connection", error), true);
                None
            }
        };
        Self { line, thread: Mutex::new(thread) }
    }

    pub(super) fn accepts(&self) -> bool {
        lock(&self.line.state).session.core.accepts()
    }

    pub(super) fn has_ended(&self) -> bool {
        lock(&self.thread).as_ref().map_or(true, JoinHandle::is_finished)
    }

    pub(super) fn enqueue(&self, submission: Submission) -> Result<u32, Failure> {
        self.line.with(|session| session.core.enqueue(submission))
    }

    /// As the core does it.
    pub(super) fn forget(&self, request_id: u32, late: bool) -> bool {
        self.line.with(|session| session.core.forget(request_id, late))
    }

    pub(super) fn distrust(&self) {
        self.line.with(|session| session.core.distrust());
    }

    /// Ends all calls, and waits for the threads, but not for one that still connects: that can't be hurried, and ends
    /// by itself within the time it has for it.
    pub(super) fn close(&self) {
        self.line.lost(Error::closed(), false);
        let connected = lock(&self.line.state).socket.is_some();
        let thread = lock(&self.thread).take();
        match thread {
            Some(thread) if connected || thread.is_finished() => {
                let _ = thread.join(); // one that panicked has nothing to say that its calls weren't told
            }
            _ => {}
        }
    }
}

impl Line {
    fn with<R>(&self, act: impl FnOnce(&mut Session) -> R) -> R {
        let mut state = lock(&self.state);
        let result = act(&mut state.session);
        let finished = state.session.core.is_finished();
        let wake = finished || state.session.wants_to_write();
        if finished {
            if let Some(socket) = state.socket.clone() {
                socket.write_last(&state.session.goodbye());
                socket.shut_down();
            }
        }
        drop(state);
        if wake {
            self.wake.notify_one();
        }
        result
    }

    fn lost(&self, error: Error, retry: bool) {
        self.with(|session| session.core.lost(error, retry));
    }

    // ---- the thread that connects and writes

    fn run(self: Arc<Self>) {
        let _end = AtTheEnd(&self);
        let give_up_at = after(self.settings.connect_timeout);
        let (hello, ssl) = match self.settings.hello().and_then(|hello| Ok((hello, self.settings.ssl()?))) {
            Ok(both) => both,
            Err(error) => return self.lost(error, false),
        };
        let socket = match Socket::connect(&self.settings.address, give_up_at) {
            Ok(socket) => Arc::new(socket),
            Err(error) => {
                let message = format!("no connection to {}", self.settings.address);
                return self.lost(Error::because(NotExecutedKind::Disconnected, &message, error), true);
            }
        };
        lock(&self.state).socket = Some(Arc::clone(&socket));
        if self.with(|session| session.core.is_finished()) {
            return; // closed meanwhile
        }
        let (line, reads) = (Arc::clone(&self), Arc::clone(&socket));
        let reader = match thread::Builder::new().name("walletd-read".into()).spawn(move || line.read(&reads)) {
            Ok(reader) => reader,
            Err(error) => {
                let error = Error::because(NotExecutedKind::Disconnected, "no thread for a connection", error);
                return self.lost(error, true);
            }
        };
        self.with(|session| session.greet(&hello, ssl));
        self.write(&socket, give_up_at);
        socket.shut_down();
        let _ = reader.join();
    }

    fn write(&self, socket: &Socket, give_up_at: Instant) {
        let mut buffer = Vec::new();
        let mut written = Vec::new();
        let mut rest_until = None;
        while self.take(&mut buffer, &mut written, give_up_at, rest_until) {
            let (bytes, result) = write_all(socket, &buffer);
            if result.is_err() {
                // The reader may find the reason before its end.
                self.with(|session| session.core.write_failed(&written, bytes));
                rest_until = Some(after(READ_REST_MAX));
            }
            if buffer.capacity() > 4 * READ_BYTES {
                buffer = Vec::new(); // of one large request
            }
        }
    }

    /// Waits until there is something to write, and takes it. False at the end.
    fn take(
        &self,
        buffer: &mut Vec<u8>,
        written: &mut Vec<Written>,
        give_up_at: Instant,
        rest_until: Option<Instant>,
    ) -> bool {
        buffer.clear();
        written.clear();
        let mut state = lock(&self.state);
        state.session.written();
        loop {
            if state.session.core.is_finished() {
                return false;
            }
            if state.session.wants_to_write() {
                state.session.take(buffer, written);
                if !buffer.is_empty() {
                    return true;
                }
                continue;
            }
            let opening = state.session.core.is_opening();
            let until = match rest_until {
                Some(until) => until,
                None if opening => give_up_at,
                None => {
                    state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
            };
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let error = match opening {
                    true => Error::disconnected("the server did not answer HELLO in time"),
                    false => Error::disconnected("the connection broke"),
                };
                state.session.core.lost(error, true);
                return false;
            }
            state = self.wake.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    // ---- the thread that reads

    fn read(&self, socket: &Socket) {
        let _end = AtTheEnd(self);
        let mut buffer = vec![0; READ_BYTES];
        loop {
            match socket.read(&mut buffer) {
                Ok(0) => return self.with(|session| session.ended(None)),
                Ok(bytes) => {
                    let finished = self.with(|session| {
                        session.receive(&buffer[..bytes]);
                        session.core.is_finished()
                    });
                    if finished {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.with(|session| session.ended(Some(error))),
            }
        }
    }
}

/// Ends the connection when one of its threads ends, however that came.
struct AtTheEnd<'a>(&'a Line);

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.lost(Error::disconnected("the connection's thread has ended"), true);
    }
}

/// How much was written, and whether that is all.
fn write_all(socket: &Socket, data: &[u8]) -> (usize, io::Result<()>) {
    let mut done = 0;
    while done < data.len() {
        match socket.write(&data[done..]) {
            Ok(0) => return (done, Err(io::ErrorKind::WriteZero.into())),
            Ok(bytes) => done += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (done, Err(error)),
        }
    }
    (done, Ok(()))
}
