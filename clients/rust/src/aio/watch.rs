use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use prost::Message;

use super::client::Client;
use super::stream::Source;
use crate::engine::{ended_well, interrupted, Resumption, StreamEnd};
use crate::error::Result;
use crate::proto as pb;
use crate::requests::{unreadable, WatchTransactions};
use crate::values::{FromWire, WatchEvent};

const METHOD: u16 = pb::Method::WatchTransactions as i32 as u16;

/// The events of a watch, which goes on by itself. Dropped, it is cancelled at the server. After an error it is at its
/// end.
pub struct Watch {
    client: Client,
    place: Resumption,
    source: Option<Source>,
    over: bool,
}

impl Watch {
    pub(super) fn new(client: Client, request: WatchTransactions) -> Self {
        let patience = request.patience;
        let policy = client.inner.settings.retry;
        Self { client, place: Resumption::new(request.into_message(), patience, policy), source: None, over: false }
    }

    /// The next event; `None` behind an error. Dropped before it is there, none is lost.
    pub async fn next(&mut self) -> Option<Result<WatchEvent>> {
        while !self.over {
            let gone_on = match self.advance().await {
                Ok(event) => return Some(Ok(event)),
                Err(end) => self.go_on(end).await,
            };
            if let Err(error) = gone_on {
                self.over = true;
                return Some(Err(error));
            }
        }
        None
    }

    /// Reads an event that the reader doesn't have, from a new stream if there is none.
    async fn advance(&mut self) -> std::result::Result<WatchEvent, StreamEnd> {
        loop {
            let source = match &mut self.source {
                Some(source) => source,
                None => {
                    let payload = Arc::new(self.place.request().encode_to_vec());
                    let opened = Source::open(&self.client, METHOD, &payload).await.map_err(StreamEnd::Error)?;
                    self.source.insert(opened.ok_or_else(ended_well)?)
                }
            };
            let body = source.next().await?.ok_or_else(ended_well)?;
            let event = pb::WatchEvent::decode(&*body).map_err(|error| StreamEnd::Error(unreadable(error)))?;
            if self.place.told(&event) {
                return Ok(WatchEvent::from_wire(event));
            }
        }
    }

    /// Waits for the next stream, or says why there is none.
    async fn go_on(&mut self, end: StreamEnd) -> Result<()> {
        self.source = None;
        let wait = self.place.ended(end, Instant::now())?;
        let (mailbox, _cancel) = self.client.mailbox(0);
        self.client.wait(wait, &mailbox).await.map_err(interrupted)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("place", self.place.request()).finish_non_exhaustive()
    }
}
