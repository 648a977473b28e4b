//! The golden sessions against the real server, whose answers are read as a client reads them.

use std::io::{Read, Write};
use std::net::TcpStream;

use prost::Message;
use serde_json::{json, Value};
use walletd::wire::{Deframer, Frame, FrameType};
use walletd::Reason;

use crate::support::*;
use crate::vectors::{load, unhex};

/// Sends bytes, and gives the frames that come, until there are as many as are expected or the server closes.
fn play(address: &str, bytes: &[u8], count: usize, closes: bool) -> Vec<Frame> {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(bytes).unwrap();
    let (mut deframer, mut found, mut buffer) = (Deframer::new(16 << 20), Vec::new(), [0; 16 * 1024]);
    while closes || found.len() < count {
        match socket.read(&mut buffer) {
            Ok(0) => break,
            Ok(bytes) => deframer.feed(&buffer[..bytes]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("the server says nothing: {error}"),
        }
        while let Some(frame) = deframer.next().unwrap() {
            found.push(frame);
        }
    }
    found
}

fn told(frame: &Frame) -> Value {
    let header = frame.header;
    let payload: String = frame.payload.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut told = json!({
        "type": header.kind as u8, "request_id": header.request_id, "code": header.code, "flags": header.flags,
        "payload": payload,
    });
    if header.kind == FrameType::ConnectionError || header.kind == FrameType::Response && header.code != 0 {
        let error = pb::Error::decode(&*frame.payload).unwrap();
        told["reason"] = Reason::from_number(error.reason).to_string().into();
        match error.detail {
            Some(pb::error::Detail::InvalidArgument(argument)) => told["field"] = argument.field.into(),
            Some(pb::error::Detail::IdempotencyMismatch(other)) => told["field"] = other.field.into(),
            _ => {}
        }
    }
    told
}

#[test]
fn golden_sessions_are_answered_as_they_say() {
    let server = Server::new(); // with nothing in its ledger, as the sessions expect it
    let file = load("sessions.json");
    let sessions = file["vectors"].as_array().unwrap();
    assert!(sessions.len() > 100, "only {} sessions", sessions.len());
    for session in sessions {
        let wanted = session["answers"].as_array().unwrap();
        let closes = session["closes"].as_bool().unwrap();
        let found = play(&server.address, &unhex(&session["hex"]), wanted.len(), closes);
        assert_eq!(found.len(), wanted.len(), "{}: {found:?}", session["name"]);
        for (frame, wanted) in found.iter().zip(wanted) {
            let told = told(frame);
            for (name, value) in wanted.as_object().unwrap() {
                assert_eq!(&told[name], value, "{name} of {}", session["name"]);
            }
        }
    }
}
