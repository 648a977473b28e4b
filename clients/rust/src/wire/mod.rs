//! WRP/1 frames as bytes and back, without sockets and without the messages inside. For tools and tests: the client
//! itself needs none of it from outside.

mod crc32;
mod deframer;
mod frame;

pub use deframer::Deframer;
pub use frame::{decode, encode, flags, Frame, FrameError, FrameRule, FrameType, Header, HEADER_BYTES, PREFACE};
