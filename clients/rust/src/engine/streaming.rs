use std::sync::Arc;

use super::answers::stream_end;
use super::call::{Call, Settled};
use super::mailbox::{Interrupt, Item, EVENT_BYTES_MAX};
use super::resumption::StreamEnd;
use crate::error::{Error, NotExecutedKind};

/// The call that a stream begins as; an OK without an event is its good end.
pub(crate) fn beginning(method: u16, payload: &Arc<Vec<u8>>) -> Call<()> {
    Call {
        method,
        payload: Arc::clone(payload),
        key: None,
        mutates: false,
        retry_of_unknown: false,
        item_keys: Vec::new(),
        read: Box::new(|_, _| Ok(((), Settled::All))),
    }
}

/// What a reader is told: an event, or nothing at a good end.
pub(crate) fn told(item: Item) -> Result<Option<Vec<u8>>, StreamEnd> {
    match item {
        Item::Event(event) => Ok(Some(event)),
        Item::End(outcome) => stream_end(outcome).map(|()| None).map_err(StreamEnd::Error),
        Item::Overrun => Err(StreamEnd::TooSlow),
        Item::Interrupted(why) => Err(StreamEnd::Error(interrupted(why))),
    }
}

/// Why a stream that had events is over.
pub(crate) fn interrupted(why: Interrupt) -> Error {
    match why {
        Interrupt::Cancelled => Error::new(NotExecutedKind::Cancelled, "the stream was cancelled"),
        Interrupt::Closed => Error::closed(),
    }
}

/// The end of a stream that had no sign of life for too long.
pub(crate) fn fell_silent() -> StreamEnd {
    StreamEnd::Error(Error::disconnected("the server gives no sign of life"))
}

/// An end that a watch has not.
pub(crate) fn ended_well() -> StreamEnd {
    StreamEnd::Error(Error::protocol("a watch has no end of its own"))
}

impl From<StreamEnd> for Error {
    fn from(end: StreamEnd) -> Self {
        match end {
            StreamEnd::Error(error) => error,
            StreamEnd::TooSlow => {
                Error::disconnected(format!("more than {EVENT_BYTES_MAX} bytes of events wait to be read"))
            }
        }
    }
}
