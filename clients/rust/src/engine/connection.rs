mod receiving;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use prost::Message;

use super::mailbox::Mailbox;
use crate::error::Error;
use crate::proto as pb;
use crate::wire::{encode, Deframer, Frame, FrameType, Header, PREFACE};

const OPENING_FRAME_BYTES_MAX: usize = 64 * 1024; // of the server, before HELLO_ACK names the real limit
const REQUEST_BYTES_CEILING: u32 = 16 * 1024 * 1024; // where the server says nothing
const WRITE_BYTES_MAX: usize = 64 * 1024; // what one `take` gives at most, but for one longer frame
const CONTROL_BYTES_MAX: usize = 64 * 1024; // PONGs that the peer does not read
const REQUESTS_IN_FLIGHT_DEFAULT: usize = 1024; // when HELLO_ACK does not say
const SILENT_TIMEOUTS_MAX: u32 = 2;

/// What became of one attempt.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Its RESPONSE.
    Answered(Frame),
    /// It got none.
    Failed(Failure),
}

#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Any byte of the request may have left; if not, nothing can have happened.
    pub(crate) sent: bool,
    /// Another attempt has hope.
    pub(crate) retry: bool,
    /// The connection could not take it and another one may: the retry costs nobody anything.
    pub(crate) moved: bool,
}

/// A request for a connection.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) method: u16,
    pub(crate) payload: Arc<Vec<u8>>,
    pub(crate) deadline: Instant,
    /// Its mailbox takes events too.
    pub(crate) streams: bool,
    pub(crate) mailbox: Arc<Mailbox>,
}

/// A request within what was taken to be written, and where it begins there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) request_id: u32,
    pub(crate) start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// HELLO is on its way.
    Opening,
    Open,
    /// No new calls; those in flight finish.
    Leaving,
    Closed,
}

#[derive(Debug)]
struct Pending {
    submission: Submission,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Not sent yet.
    Queued,
    Flying {
        /// False when a write failed before its first byte.
        sent: bool,
        heard_when_sent: u64,
        /// Nobody waits any more; the server still counts it until it answers.
        given: bool,
    },
}

/// One WRP/1 connection without its socket: bytes in, calls settled, bytes to write out. Its owner locks, and looks at
/// [`wants_to_write`](Self::wants_to_write) and [`is_finished`](Self::is_finished) after whatever it did.
#[derive(Debug)]
pub(crate) struct Core {
    state: State,
    calls: HashMap<u32, Pending>,
    /// Ids of requests that wait to be sent, in order; some may be given up already.
    queue: VecDeque<u32>,
    /// Of `calls`, those in flight.
    flying: usize,
    /// Of those, how many somebody waits for.
    live: usize,
    /// Frames that go before requests.
    control: Vec<u8>,
    deframer: Deframer,
    limits: pb::Limits,
    last_id: u32,
    /// How often bytes came.
    heard: u64,
    /// Deadlines in a row that passed without hearing a byte.
    silent: u32,
    refusal: Failure,
    /// A write failed; the end is left to what is still to be read.
    unwritable: bool,
}

impl Core {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Opening,
            calls: HashMap::new(),
            queue: VecDeque::new(),
            flying: 0,
            live: 0,
            control: Vec::new(),
            deframer: Deframer::new(OPENING_FRAME_BYTES_MAX),
            limits: pb::Limits::default(),
            last_id: 0,
            heard: 0,
            silent: 0,
            refusal: Failure { error: going_away(), sent: false, retry: true, moved: true },
            unwritable: false,
        }
    }

    // ---- what the owner asks

    /// Whether it takes new calls.
    pub(crate) fn accepts(&self) -> bool {
        matches!(self.state, State::Opening | State::Open)
    }

    /// Whether HELLO_ACK is still to come.
    pub(crate) fn is_opening(&self) -> bool {
        self.state == State::Opening
    }

    /// Whether the socket is to be closed.
    pub(crate) fn is_finished(&self) -> bool {
        self.state == State::Closed
    }

    /// Whether [`take`](Self::take) has something.
    pub(crate) fn wants_to_write(&self) -> bool {
        let may_send = self.state == State::Open && !self.queue.is_empty() && self.flying < self.in_flight_max();
        self.state != State::Closed && !self.unwritable && (may_send || !self.control.is_empty())
    }

    /// The first bytes: the socket is there.
    pub(crate) fn greet(&mut self, hello: &pb::Hello) {
        if self.state == State::Opening {
            self.control.extend_from_slice(PREFACE);
            encode(&mut self.control, Header::new(FrameType::Hello), &hello.encode_to_vec());
        }
    }

    /// Takes a request. It leaves once HELLO_ACK is in and the server takes one more. The error: nothing is accepted any
    /// more.
    pub(crate) fn enqueue(&mut self, submission: Submission) -> Result<u32, Failure> {
        if !self.accepts() {
            return Err(self.refusal.clone());
        }
        let request_id = self.unused_id();
        self.last_id = request_id;
        self.calls.insert(request_id, Pending { submission, place: Place::Queued });
        self.queue.push_back(request_id);
        Ok(request_id)
    }

    /// Ends the wait for a request; its late answer will be dropped. True if any of it may have been sent; then a CANCEL
    /// is.
    ///
    /// `late`: because its deadline passed. After two of those in a row without hearing a byte since the request left the
    /// connection is taken for dead, so that the next call gets a new one: TCP alone takes minutes to notice.
    pub(crate) fn forget(&mut self, request_id: u32, late: bool) -> bool {
        let heard = self.heard;
        let (was_sent, silent) = match self.calls.get_mut(&request_id).map(|pending| &mut pending.place) {
            None => return true, // settled in this moment
            Some(Place::Queued) => {
                self.calls.remove(&request_id);
                self.drop_given_up();
                self.finish_leaving();
                return false;
            }
            Some(Place::Flying { given: true, sent, .. }) => return *sent,
            Some(Place::Flying { given, sent, heard_when_sent }) => {
                *given = true;
                (*sent, late && *heard_when_sent == heard)
            }
        };
        self.live -= 1;
        if was_sent && self.state != State::Closed && self.control.len() <= CONTROL_BYTES_MAX {
            encode(&mut self.control, Header::new(FrameType::Cancel).of_request(request_id), &[]);
        }
        if silent {
            self.silent += 1;
        }
        // So too when all that it takes at once was given up, and it answers none of it.
        if self.silent >= SILENT_TIMEOUTS_MAX || self.flying - self.live >= self.in_flight_max() {
            self.leave(no_sign_of_life());
        }
        self.finish_leaving();
        was_sent
    }

    /// What should have been heard wasn't: the next call gets a new connection.
    pub(crate) fn distrust(&mut self) {
        self.leave(no_sign_of_life());
        self.finish_leaving();
    }

    /// Appends what may be sent now to `out`, and tells which requests are in it. What is taken counts as sent, so take
    /// only what is going to be written at once.
    pub(crate) fn take(&mut self, out: &mut Vec<u8>, written: &mut Vec<Written>) {
        if self.state == State::Closed || self.unwritable {
            return;
        }
        out.append(&mut self.control);
        let now = Instant::now();
        while self.state == State::Open && out.len() < WRITE_BYTES_MAX && self.flying < self.in_flight_max() {
            let request_id = match self.queue.pop_front() {
                Some(id) => id,
                None => break,
            };
            let pending = match self.calls.get_mut(&request_id) {
                Some(pending) => pending,
                None => continue, // given up while it waited
            };
            let Submission { method, payload, deadline, .. } = &pending.submission;
            let allowed = request_bytes_max(&self.limits, *method) as usize;
            if payload.len() > allowed {
                let message = format!("a request of {} bytes is over the server's {allowed}", payload.len());
                self.settle_unsent(request_id, Error::invalid(message));
                continue;
            }
            written.push(Written { request_id, start: out.len() });
            let millis = server_millis(deadline.saturating_duration_since(now));
            let header = Header { code: *method, millis, ..Header::new(FrameType::Request) };
            encode(out, header.of_request(request_id), payload);
            pending.place = Place::Flying { sent: true, heard_when_sent: self.heard, given: false };
            self.flying += 1;
            self.live += 1;
        }
    }

    /// A write failed behind so many bytes of what was taken last. What the peer sent before may still be read.
    pub(crate) fn write_failed(&mut self, taken: &[Written], bytes: usize) {
        for one in taken.iter().filter(|one| one.start >= bytes) {
            if let Some(Pending { place: Place::Flying { sent, .. }, .. }) = self.calls.get_mut(&one.request_id) {
                *sent = false; // not one byte of it
            }
        }
        self.unwritable = true;
        self.leave(Error::disconnected("the connection broke"));
        self.finish_leaving();
    }

    /// Ends the connection and all its calls.
    pub(crate) fn lost(&mut self, error: Error, retry: bool) {
        if self.state == State::Closed {
            return;
        }
        if self.state == State::Opening {
            self.refusal = Failure { error: error.clone(), sent: false, retry, moved: false };
        }
        self.state = State::Closed;
        for (_, pending) in self.calls.drain() {
            let sent = match pending.place {
                Place::Flying { given: true, .. } => continue,
                Place::Flying { sent, .. } => sent,
                Place::Queued => false,
            };
            let failure = Failure { error: error.clone(), sent, retry, moved: false };
            pending.submission.mailbox.finish(Outcome::Failed(failure));
        }
        self.queue.clear();
        self.control.clear();
        self.flying = 0;
        self.live = 0;
    }

    /// Takes bytes of the peer.
    pub(crate) fn receive(&mut self, data: &[u8]) {
        self.heard += 1;
        self.silent = 0;
        self.deframer.feed(data);
        while self.state != State::Closed {
            match self.deframer.next() {
                Ok(Some(frame)) => self.handle(frame),
                Ok(None) => break,
                Err(error) => self.broken(format!("the peer does not speak WRP/1: {error}")),
            }
        }
    }

    // ---- ends

    /// What is in flight finishes here; what is queued has to find another connection.
    fn leave(&mut self, why: Error) {
        if !self.accepts() {
            return;
        }
        self.state = State::Leaving;
        self.refusal = Failure { error: why, sent: false, retry: true, moved: true };
        for request_id in std::mem::take(&mut self.queue) {
            if let Some(pending) = self.calls.remove(&request_id) {
                pending.submission.mailbox.finish(Outcome::Failed(self.refusal.clone()));
            }
        }
    }

    fn finish_leaving(&mut self) {
        if self.state == State::Leaving && self.live == 0 {
            self.lost(going_away(), true);
        }
    }

    /// The peer's fault, or ours: asking again would break it again.
    fn broken(&mut self, message: String) {
        self.lost(Error::protocol(message), false);
    }

    fn settle_unsent(&mut self, request_id: u32, error: Error) {
        if let Some(pending) = self.calls.remove(&request_id) {
            let failure = Failure { error, sent: false, retry: false, moved: false };
            pending.submission.mailbox.finish(Outcome::Failed(failure));
        }
    }

    /// So that calls that are given up while nothing can be sent take no memory.
    fn drop_given_up(&mut self) {
        while self.queue.front().map_or(false, |id| !self.calls.contains_key(id)) {
            self.queue.pop_front();
        }
        if self.queue.len() > 2 * self.calls.len() + 64 {
            let calls = &self.calls;
            self.queue.retain(|id| calls.contains_key(id));
        }
    }

    fn in_flight_max(&self) -> usize {
        match self.limits.requests_in_flight_max {
            0 => REQUESTS_IN_FLIGHT_DEFAULT,
            most => most as usize,
        }
    }

    fn unused_id(&self) -> u32 {
        let mut request_id = self.last_id;
        loop {
            request_id = request_id.checked_add(1).unwrap_or(1);
            if !self.calls.contains_key(&request_id) {
                return request_id;
            }
        }
    }
}

fn going_away() -> Error {
    Error::disconnected("the server is going away")
}

fn no_sign_of_life() -> Error {
    Error::disconnected("the server gives no sign of life")
}

fn request_bytes_max(limits: &pb::Limits, method: u16) -> u32 {
    let told = match i32::from(method) == pb::Method::Batch as i32 {
        true => limits.batch_request_bytes_max,
        false => limits.request_bytes_max,
    };
    match told {
        0 => REQUEST_BYTES_CEILING,
        bytes => bytes,
    }
}

/// The deadline to tell the server: nine tenths of what is left, at least 1. The server then gives up first, and its
/// sure NOT_EXECUTED arrives before the client has to call the outcome unknown.
fn server_millis(left: Duration) -> u32 {
    let millis = left.as_millis().saturating_mul(9) / 10;
    u32::try_from(millis).unwrap_or(u32::MAX).max(1) // 0 would be the server's default
}

#[cfg(test)]
mod tests;
