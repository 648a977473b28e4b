use serde_json::{json, Value};
use walletd::wire::{decode, encode, FrameType, Header};
use walletd::{money, new_key};

use crate::args::Args;
use crate::json::{failure, hex, invalid};
use crate::Answer;

const FRAME_BYTES_MAX: usize = 16 << 20;

/// Carries out what needs no server.
pub fn quick(name: &str, mut operation: Args) -> Answer {
    match name {
        "money_parse" => {
            let text = operation.text("text").map_err(invalid)?.unwrap_or_default();
            let exponent = operation.small("exponent").map_err(invalid)?;
            let amount = money::parse(&text, exponent).map_err(|error| invalid(error.to_string()))?;
            Ok(json!({ "amount": amount.to_string() }))
        }
        "money_format" => {
            let amount = operation.int("amount").map_err(invalid)?.unwrap_or(0);
            let exponent = operation.small("exponent").map_err(invalid)?;
            Ok(json!({ "text": money::format(amount, exponent) }))
        }
        "new_key" => {
            let count = operation.small("count").map_err(invalid)?;
            Ok(json!({ "keys": (0..count).map(|_| new_key()).collect::<Vec<_>>() }))
        }
        "decode_frame" => decode_frame(operation),
        "encode_frame" => encode_frame(operation).map_err(invalid),
        other => Err(invalid(format!("no operation {other:?}"))),
    }
}

fn decode_frame(mut operation: Args) -> Answer {
    let data = operation.hex("hex").map_err(invalid)?.unwrap_or_default();
    match decode(&data, FRAME_BYTES_MAX) {
        Ok(Some((frame, _))) => {
            let Header { kind, flags, code, request_id, millis } = frame.header;
            let payload = hex(&frame.payload);
            Ok(json!({
                "type": kind as u8, "flags": flags, "code": code, "request_id": request_id, "millis": millis,
                "payload": payload,
            }))
        }
        Ok(None) => Err(failure("protocol", "it ends within a frame")),
        Err(error) => {
            let mut wrong = failure("protocol", &error.to_string());
            wrong["rule"] = error.rule.name().into();
            Err(wrong)
        }
    }
}

fn encode_frame(mut operation: Args) -> Result<Value, String> {
    let number = operation.small("type")?;
    let kind = u8::try_from(number).ok().and_then(FrameType::from_number).ok_or("type: there is no such one")?;
    let header = Header {
        kind,
        flags: u8::try_from(operation.small("flags")?).map_err(|_| "flags: out of range")?,
        code: u16::try_from(operation.small("code")?).map_err(|_| "code: out of range")?,
        request_id: operation.small("request_id")?,
        millis: operation.small("millis")?,
    };
    let mut bytes = Vec::new();
    encode(&mut bytes, header, &operation.hex("payload")?.unwrap_or_default());
    Ok(json!({ "hex": hex(&bytes) }))
}
