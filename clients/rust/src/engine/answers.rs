use std::time::Duration;

use prost::Message;

use super::connection::Outcome;
use crate::detail::Detail;
use crate::error::{Error, NotExecuted, NotExecutedKind, Rejected};
use crate::proto as pb;
use crate::values::FromWire;
use crate::wire::{flags, Frame};
use crate::Reason;

/// The error that a RESPONSE whose status isn't 0, or a CONNECTION_ERROR, stands for.
pub(crate) fn error_of(frame: &Frame) -> Error {
    let header = frame.header;
    let message = match pb::Error::decode(&*frame.payload) {
        Ok(message) => message,
        Err(_) => {
            return Error::protocol(format!("the error of an answer with status {} does not parse", header.code));
        }
    };
    let reason = match message.reason {
        0 => Reason::of_status(header.code),
        number => Reason::from_number(number),
    };
    if reason.could_not() || reason == Reason::Unauthenticated {
        return could_not(reason, header.millis, message);
    }
    let mut rejected = Rejected::from_wire(message);
    rejected.reason = reason;
    rejected.status = header.code;
    rejected.replayed |= header.flags & flags::REPLAYED != 0;
    rejected.into()
}

fn could_not(reason: Reason, millis: u32, message: pb::Error) -> Error {
    let kind = match reason {
        Reason::DeadlineExceeded => NotExecutedKind::DeadlineExceeded,
        Reason::Unauthenticated => NotExecutedKind::Unauthenticated,
        _ => NotExecutedKind::Server,
    };
    let asked = match (millis, &message.detail) {
        (0, Some(pb::error::Detail::RetryAfter(asked))) => asked.retry_after_millis,
        _ => millis,
    };
    Error::NotExecuted(Box::new(NotExecuted {
        kind,
        reason: Some(reason),
        message: message.message,
        retry_after: Duration::from_millis(asked.into()),
        detail: message.detail.and_then(Detail::from_wire),
        key: None,
        below: None,
    }))
}

impl FromWire<pb::Error> for Rejected {
    /// As an answer's part: an item's, a cause's, or a recorded refusal's.
    fn from_wire(message: pb::Error) -> Self {
        let pb::Error { reason, message, commit_seq, replayed, detail } = message;
        let (mut index, mut cause, mut figures) = (None, None, None);
        match detail {
            Some(pb::error::Detail::BatchAborted(aborted)) => {
                index = Some(aborted.index);
                cause = aborted.cause.map(|cause| Box::new(Rejected::from_wire(*cause)));
            }
            Some(detail) => figures = Detail::from_wire(detail),
            None => {}
        }
        Rejected {
            reason: Reason::from_number(reason),
            message,
            detail: figures,
            status: 0,
            replayed,
            commit_seq,
            key: None,
            index,
            cause,
        }
    }
}

impl FromWire<Option<pb::Error>> for Rejected {
    fn from_wire(message: Option<pb::Error>) -> Self {
        Self::from_wire(message.unwrap_or_default())
    }
}

/// Whether this refusal settles its key for good, whatever became of earlier attempts.
pub(super) fn resolves(error: &Error, given: u8) -> bool {
    match error {
        Error::Rejected(rejected) => rejected.is_remembered() && given & (flags::NOT_EXECUTED | flags::REPLAYED) != 0,
        _ => false,
    }
}

/// The end of a stream that had events: nothing when it is a good one, else why.
pub(crate) fn stream_end(outcome: Outcome) -> Result<(), Error> {
    match outcome {
        Outcome::Failed(failure) => Err(failure.error),
        Outcome::Answered(frame) if frame.header.code != 0 => Err(error_of(&frame)),
        Outcome::Answered(_) => Ok(()),
    }
}
