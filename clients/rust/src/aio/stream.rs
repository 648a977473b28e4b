use std::fmt;
use std::sync::Arc;

use tokio::time::timeout_at;

use super::client::Client;
use super::connection::Connection;
use crate::engine::{
    after, beginning, fell_silent, told, GaveUp, Item, Mailbox, Outcome, Step, StreamEnd, Submission, Subscription,
    EVENT_BYTES_MAX,
};
use crate::error::Result;
use crate::requests::StreamRequest;

/// The events of a stream that has an end of its own. Dropped before it, it is cancelled at the server. After an error it
/// is at its end.
pub struct Stream<E> {
    client: Client,
    method: u16,
    payload: Arc<Vec<u8>>,
    read: fn(&[u8]) -> Result<E>,
    progress: Progress,
}

enum Progress {
    NotBegun,
    UnderWay(Source),
    Over,
}

impl<E> Stream<E> {
    pub(super) fn new<R: StreamRequest<Event = E>>(client: Client, request: &R) -> Self {
        let payload = Arc::new(request.payload());
        Self { client, method: R::METHOD, payload, read: R::event, progress: Progress::NotBegun }
    }

    /// The next event; `None` at the end. Dropped before it is there, none is lost.
    pub async fn next(&mut self) -> Option<Result<E>> {
        if let Progress::Over = self.progress {
            return None;
        }
        let result = self.advance().await;
        if !matches!(result, Ok(Some(_))) {
            self.progress = Progress::Over;
        }
        result.transpose()
    }

    async fn advance(&mut self) -> Result<Option<E>> {
        if let Progress::NotBegun = self.progress {
            match Source::open(&self.client, self.method, &self.payload).await? {
                Some(source) => self.progress = Progress::UnderWay(source),
                None => return Ok(None),
            }
        }
        let source = match &mut self.progress {
            Progress::UnderWay(source) => source,
            _ => return Ok(None),
        };
        match source.next().await? {
            Some(event) => (self.read)(&event).map(Some),
            None => Ok(None),
        }
    }
}

impl<E> fmt::Debug for Stream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("method", &self.method).finish_non_exhaustive()
    }
}

/// One request that is answered with events.
pub(super) struct Source {
    client: Client,
    connection: Arc<Connection>,
    request_id: u32,
    mailbox: Arc<Mailbox>,
    _cancel: Option<Subscription>,
    /// The event that it began with, until it is read.
    first: Option<Vec<u8>>,
}

impl Source {
    /// Asks for a stream, and again as any call is, until its first event is in. None: it came to a good end without one.
    pub(super) async fn open(client: &Client, method: u16, payload: &Arc<Vec<u8>>) -> Result<Option<Self>> {
        let deadline = client.deadline();
        let mut attempts = client.attempts(beginning(method, payload), deadline);
        loop {
            // Each attempt has its own: events of one that was given up may still come.
            let (mailbox, cancel) = client.mailbox(EVENT_BYTES_MAX);
            if let Some(Item::Interrupted(why)) = mailbox.take() {
                return Err(attempts.gave_up(GaveUp::Interrupted(why), false));
            }
            let connection = match client.inner.connection() {
                Some(connection) => connection,
                None => return Err(attempts.closed()),
            };
            let submission = Submission {
                method,
                payload: Arc::clone(payload),
                deadline,
                streams: true,
                mailbox: Arc::clone(&mailbox),
            };
            let outcome = match connection.enqueue(submission) {
                Err(refusal) => Outcome::Failed(refusal),
                Ok(request_id) => {
                    let client = client.clone();
                    let mut source = Self {
                        client,
                        connection,
                        request_id,
                        mailbox: Arc::clone(&mailbox),
                        _cancel: cancel,
                        first: None,
                    };
                    match timeout_at(deadline.into(), mailbox.next()).await {
                        Ok(Item::Event(event)) => {
                            source.first = Some(event);
                            return Ok(Some(source));
                        }
                        Ok(Item::End(outcome)) => outcome,
                        Ok(Item::Interrupted(why)) => {
                            return Err(attempts.gave_up(GaveUp::Interrupted(why), true));
                        }
                        Ok(Item::Overrun) | Err(_) => {
                            source.connection.forget(request_id, true);
                            return Err(attempts.gave_up(GaveUp::Late, true));
                        }
                    }
                }
            };
            match attempts.settled(outcome) {
                Step::Done(result) => return result.map(|()| None),
                Step::Again(wait) => client.pause(wait, &mailbox, &mut attempts).await?,
            }
        }
    }

    /// The next event; none at a good end.
    pub(super) async fn next(&mut self) -> std::result::Result<Option<Vec<u8>>, StreamEnd> {
        if let Some(event) = self.first.take() {
            return Ok(Some(event));
        }
        let until = after(self.client.inner.settings.stream_silence);
        match timeout_at(until.into(), self.mailbox.next()).await {
            Ok(item) => told(item),
            Err(_) => {
                self.connection.distrust();
                Err(fell_silent())
            }
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.connection.forget(self.request_id, false); // if it hasn't ended
    }
}
