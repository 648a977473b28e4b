//! The golden frames.

use serde_json::Value;
use walletd::wire::{encode, Deframer, Frame, Header, PREFACE};

use crate::support::repository;

pub fn load(name: &str) -> Value {
    let text = std::fs::read_to_string(repository("proto/vectors").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn unhex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn found(frame: &Frame) -> [u64; 5] {
    let Header { kind, flags, code, request_id, millis } = frame.header;
    [kind as u64, flags.into(), code.into(), request_id.into(), millis.into()]
}

#[test]
fn golden_frames_are_read_whole_and_byte_by_byte_and_written_again() {
    let file = load("frames.json");
    assert_eq!(unhex(&file["preface"]["good"]), PREFACE);
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 20, "only {} vectors", vectors.len());
    for vector in vectors {
        let (name, bytes) = (vector["name"].as_str().unwrap(), unhex(&vector["hex"]));
        for piece in [bytes.len().max(1), 1] {
            let mut deframer = Deframer::new(file["limit"].as_u64().unwrap() as usize);
            let (mut frames, mut error) = (Vec::new(), None);
            for piece in bytes.chunks(piece) {
                deframer.feed(piece);
                loop {
                    match deframer.next() {
                        Ok(Some(frame)) => frames.push(frame),
                        Ok(None) => break,
                        Err(problem) => {
                            assert_eq!(deframer.next(), Err(problem.clone()), "{name}: the same error again");
                            error = Some(problem);
                            break;
                        }
                    }
                }
            }
            assert_eq!(error.as_ref().map(|error| error.rule.name()), vector["error"].as_str(), "{name}");
            let wanted = vector["frames"].as_array().unwrap();
            assert_eq!(frames.len(), wanted.len(), "{name}");
            let mut again = Vec::new();
            for (frame, wanted) in frames.iter().zip(wanted) {
                let fields =
                    ["type", "flags", "code", "request_id", "millis"].map(|field| wanted[field].as_u64().unwrap());
                assert_eq!((found(frame), &frame.payload), (fields, &unhex(&wanted["payload"])), "{name}");
                encode(&mut again, frame.header, &frame.payload);
            }
            assert!(bytes.starts_with(&again), "{name}: written again");
            if error.is_none() {
                assert_eq!(deframer.waiting(), bytes.len() - again.len(), "{name}: what waits for its end");
            }
        }
    }
}

#[test]
fn a_long_stream_is_cut_without_being_kept() {
    let mut deframer = Deframer::new(4096);
    let mut stream = Vec::new();
    let header = Header::new(walletd::wire::FrameType::Request).of_request(1);
    for length in 0..3000 {
        encode(&mut stream, header, &vec![7; length]);
    }
    let mut lengths = Vec::new();
    for piece in stream.chunks(1000) {
        deframer.feed(piece);
        while let Some(frame) = deframer.next().unwrap() {
            lengths.push(frame.payload.len());
        }
        assert!(deframer.waiting() < 4096);
    }
    assert_eq!(lengths, (0..3000).collect::<Vec<_>>());
}
