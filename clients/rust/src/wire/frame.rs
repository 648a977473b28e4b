use std::fmt;

use super::crc32::crc32;

/// What a client writes before its first frame.
pub const PREFACE: &[u8; 8] = b"WRP/1\r\n\0";

/// The size of a whole header, the length field included.
pub const HEADER_BYTES: usize = 20;

pub(super) const LENGTH_BYTES: usize = 4;
const LENGTH_MIN: usize = HEADER_BYTES - LENGTH_BYTES;
const CRC_OFFSET: usize = 16;

/// The flags of a frame. An unknown bit of the low nibble is an error, unknown bits of the high one are ignored.
pub mod flags {
    /// Of a RESPONSE: this attempt had no effect and never will.
    pub const NOT_EXECUTED: u8 = 0x02;
    /// Of a RESPONSE: the key was known, and its first result or refusal is answered again.
    pub const REPLAYED: u8 = 0x04;
    /// Of an EVENT: the last one of a stream that ends well.
    pub const LAST: u8 = 0x08;
    pub(super) const LOW: u8 = 0x0f;
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FrameType {
    /// The client's first frame.
    Hello = 1,
    /// The server's first frame.
    HelloAck = 2,
    /// A call.
    Request = 3,
    /// The one answer to a REQUEST.
    Response = 4,
    /// The caller takes a REQUEST back.
    Cancel = 5,
    /// Asks for a PONG.
    Ping = 6,
    /// Answers a PING.
    Pong = 7,
    /// The server is about to leave.
    GoAway = 8,
    /// Why the connection closes.
    ConnectionError = 9,
    /// One item of a stream.
    Event = 10,
}

impl FrameType {
    /// The type of this number, if there is one.
    pub fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Hello,
            2 => Self::HelloAck,
            3 => Self::Request,
            4 => Self::Response,
            5 => Self::Cancel,
            6 => Self::Ping,
            7 => Self::Pong,
            8 => Self::GoAway,
            9 => Self::ConnectionError,
            10 => Self::Event,
            _ => return None,
        })
    }

    /// Its name in the specification, such as "HELLO_ACK".
    pub fn name(self) -> &'static str {
        match self {
            Self::Hello => "HELLO",
            Self::HelloAck => "HELLO_ACK",
            Self::Request => "REQUEST",
            Self::Response => "RESPONSE",
            Self::Cancel => "CANCEL",
            Self::Ping => "PING",
            Self::Pong => "PONG",
            Self::GoAway => "GOAWAY",
            Self::ConnectionError => "CONNECTION_ERROR",
            Self::Event => "EVENT",
        }
    }

    fn flags(self) -> u8 {
        match self {
            Self::Response => flags::NOT_EXECUTED | flags::REPLAYED,
            Self::Event => flags::LAST,
            _ => 0,
        }
    }
}

/// The header of a frame without its length and its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the frame is.
    pub kind: FrameType,
    /// See [`flags`].
    pub flags: u8,
    /// REQUEST: the number of the method; RESPONSE: the status, gRPC's 0 to 16; else 0.
    pub code: u16,
    /// The client's choice, not 0; 0 for the connection itself.
    pub request_id: u32,
    /// REQUEST: the deadline in milliseconds from receipt; RESPONSE: when to try again; else 0.
    pub millis: u32,
}

impl Header {
    /// A header of this type with nothing else in it.
    pub fn new(kind: FrameType) -> Self {
        Self { kind, flags: 0, code: 0, request_id: 0, millis: 0 }
    }

    /// The same with a request's id.
    pub fn of_request(self, request_id: u32) -> Self {
        Self { request_id, ..self }
    }
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Everything but the payload.
    pub header: Header,
    /// A message of protobuf, or as the type says.
    pub payload: Vec<u8>,
}

/// The check that bytes failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FrameRule {
    /// The length is below that of a header.
    LengthMin,
    /// The frame is longer than is allowed.
    LengthMax,
    /// The checksum is wrong.
    Checksum,
    /// There is no such type.
    Type,
    /// The type doesn't take these flags.
    Flags,
}

impl FrameRule {
    /// Its name in the golden vectors, such as "length_max".
    pub fn name(self) -> &'static str {
        match self {
            Self::LengthMin => "length_min",
            Self::LengthMax => "length_max",
            Self::Checksum => "checksum",
            Self::Type => "type",
            Self::Flags => "flags",
        }
    }
}

/// Bytes are no frame: the connection they came from is of no more use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameError {
    /// The check that failed.
    pub rule: FrameRule,
    message: String,
}

impl FrameError {
    fn new(rule: FrameRule, message: String) -> Self {
        Self { rule, message }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FrameError {}

/// Appends the bytes of a frame to `out`. The payload must be shorter than 4 GiB, which every limit of the protocol
/// is far below.
pub fn encode(out: &mut Vec<u8>, header: Header, payload: &[u8]) {
    let length = (LENGTH_MIN + payload.len()) as u32;
    let mut head = [0; HEADER_BYTES];
    head[0..4].copy_from_slice(&length.to_be_bytes());
    head[4] = header.kind as u8;
    head[5] = header.flags;
    head[6..8].copy_from_slice(&header.code.to_be_bytes());
    head[8..12].copy_from_slice(&header.request_id.to_be_bytes());
    head[12..16].copy_from_slice(&header.millis.to_be_bytes());
    let crc = crc32(&[&head[LENGTH_BYTES..CRC_OFFSET], payload]);
    head[CRC_OFFSET..].copy_from_slice(&crc.to_be_bytes());
    out.reserve(HEADER_BYTES + payload.len());
    out.extend_from_slice(&head);
    out.extend_from_slice(payload);
}

/// Reads the first frame in `data`, and says how many bytes it takes; `None`: there isn't all of it yet. The length is
/// checked against `frame_bytes_max`, the header included, before anything else is looked at.
pub fn decode(data: &[u8], frame_bytes_max: usize) -> Result<Option<(Frame, usize)>, FrameError> {
    let length = match data.get(..LENGTH_BYTES) {
        Some(bytes) => be32(bytes) as usize,
        None => return Ok(None),
    };
    if length < LENGTH_MIN {
        return Err(FrameError::new(FrameRule::LengthMin, format!("a frame length of {length} is below {LENGTH_MIN}")));
    }
    let size = LENGTH_BYTES + length;
    if size > frame_bytes_max {
        return Err(FrameError::new(
            FrameRule::LengthMax,
            format!("a frame of {size} bytes is over {frame_bytes_max}"),
        ));
    }
    let (head, payload) = match data.get(..size) {
        Some(frame) => frame.split_at(HEADER_BYTES),
        None => return Ok(None),
    };
    if crc32(&[&head[LENGTH_BYTES..CRC_OFFSET], payload]) != be32(&head[CRC_OFFSET..]) {
        return Err(FrameError::new(FrameRule::Checksum, "the checksum of a frame is wrong".into()));
    }
    let kind = FrameType::from_number(head[4])
        .ok_or_else(|| FrameError::new(FrameRule::Type, format!("frame type {} is unknown", head[4])))?;
    if head[5] & flags::LOW & !kind.flags() != 0 {
        let message = format!("flags {:#04x} do not belong on a {}", head[5], kind.name());
        return Err(FrameError::new(FrameRule::Flags, message));
    }
    let header = Header {
        kind,
        flags: head[5],
        code: u16::from_be_bytes([head[6], head[7]]),
        request_id: be32(&head[8..12]),
        millis: be32(&head[12..16]),
    };
    Ok(Some((Frame { header, payload: payload.to_vec() }, size)))
}

fn be32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
