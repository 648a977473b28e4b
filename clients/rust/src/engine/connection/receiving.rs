//! What each frame of the peer does.

use prost::Message;

use super::{going_away, Core, Outcome, Pending, Place, State, CONTROL_BYTES_MAX};
use crate::engine::answers::error_of;
use crate::error::{Error, NotExecutedKind};
use crate::proto as pb;
use crate::wire::{encode, Frame, FrameType, Header, HEADER_BYTES};
use crate::Reason;

const VERSION: u32 = 1;
const RESPONSE_BYTES_DEFAULT: u32 = 1024 * 1024;
const RESPONSE_BYTES_CEILING: u32 = 16 * 1024 * 1024; // whatever the server says

impl Core {
    pub(super) fn handle(&mut self, frame: Frame) {
        let kind = frame.header.kind;
        let opening = self.state == State::Opening;
        match kind {
            FrameType::ConnectionError => self.refused(&frame),
            FrameType::HelloAck if opening => self.opened(&frame.payload),
            FrameType::Ping if frame.payload.len() == 8 => self.pong(&frame),
            FrameType::GoAway => {
                self.leave(going_away());
                self.finish_leaving();
            }
            _ if opening => self.broken(format!("the peer sent {} before HELLO_ACK", kind.name())),
            FrameType::Response | FrameType::Event if frame.header.request_id == 0 => {
                self.broken(format!("the peer sent a {} to no request", kind.name()));
            }
            FrameType::Response => self.answered(frame),
            FrameType::Event => self.happened(frame),
            FrameType::Pong => {}
            _ => self.broken(format!("the peer sent a {} that servers do not send", kind.name())),
        }
    }

    fn opened(&mut self, payload: &[u8]) {
        let ack = match pb::HelloAck::decode(payload) {
            Ok(ack) if ack.version == VERSION => ack,
            Ok(ack) => return self.broken(format!("the peer chose version {}", ack.version)),
            Err(_) => return self.broken("HELLO_ACK does not parse".into()),
        };
        self.limits = ack.limits.unwrap_or_default();
        let told = match self.limits.response_bytes_max {
            0 => RESPONSE_BYTES_DEFAULT,
            bytes => bytes,
        };
        // The response to a batch may be as long as its request.
        let longest = told.max(self.limits.batch_request_bytes_max).min(RESPONSE_BYTES_CEILING);
        self.deframer.frame_bytes_max = longest as usize + HEADER_BYTES;
        self.state = State::Open;
    }

    fn pong(&mut self, ping: &Frame) {
        if self.control.len() > CONTROL_BYTES_MAX {
            return self.broken("the peer sends PINGs and does not read the PONGs".into());
        }
        let header = Header::new(FrameType::Pong).of_request(ping.header.request_id);
        encode(&mut self.control, header, &ping.payload);
    }

    /// CONNECTION_ERROR.
    fn refused(&mut self, frame: &Frame) {
        let error = error_of(frame);
        let unreadable = error.not_executed_kind() == Some(NotExecutedKind::Protocol);
        if unreadable || error.reason() == Some(Reason::InvalidFrame) {
            self.broken(format!("the connection was refused: {error}"));
        } else if self.state == State::Opening {
            let may_pass = error.not_executed_kind().map_or(false, |kind| kind != NotExecutedKind::Unauthenticated);
            self.lost(error, may_pass);
        } else {
            let closed = Error::because(NotExecutedKind::Disconnected, "the server closed the connection", error);
            self.lost(closed, true);
        }
    }

    fn answered(&mut self, frame: Frame) {
        let request_id = frame.header.request_id;
        match self.calls.get(&request_id).map(|pending| &pending.place) {
            // The answer to a call long gone, or to one that wasn't asked yet.
            None | Some(Place::Queued) => return,
            Some(Place::Flying { .. }) => {}
        }
        if let Some(pending) = self.calls.remove(&request_id) {
            self.flying -= 1;
            if !matches!(pending.place, Place::Flying { given: true, .. }) {
                self.live -= 1;
                pending.submission.mailbox.finish(Outcome::Answered(frame));
            }
        }
        self.finish_leaving();
    }

    fn happened(&mut self, frame: Frame) {
        let request_id = frame.header.request_id;
        let taken = match self.calls.get(&request_id) {
            Some(Pending { submission, place: Place::Flying { given: false, .. } }) if submission.streams => {
                submission.mailbox.event(frame.payload)
            }
            _ => return, // an event of a stream long gone
        };
        if !taken {
            self.forget(request_id, false); // its reader is too slow, and nobody else shall wait for it
        }
    }
}
