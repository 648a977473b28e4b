use std::fmt::Debug;

use serde_json::{json, Value};
use walletd::{Backup, BackupEvent, JournalHead, Result as Called, Verify, VerifyEvent, WatchTransactions};

use crate::args::Args;
use crate::face::Face;
use crate::json::{error_of, invalid, ToJson};
use crate::{write, Answer};

/// Writes a line for each event, and gives the result.
pub fn stream(client: &Face, id: &Value, verb: &str, args: Args, limit: i64) -> Answer {
    match verb {
        "WatchTransactions" => told(id, limit, client.watch_transactions(watch(args).map_err(invalid)?)),
        "Verify" => told(id, limit, client.verify(verify(args).map_err(invalid)?)),
        "Backup" => told(id, limit, client.backup(backup(args).map_err(invalid)?)),
        other => Err(invalid(format!("no stream {other:?}"))),
    }
}

fn told<E: ToJson + Debug>(id: &Value, limit: i64, events: impl Iterator<Item = Called<E>>) -> Answer {
    let mut count = 0;
    for event in events {
        let event = event.map_err(|error| error_of(&error))?;
        write(&json!({ "id": id, "event": event.json() }));
        count += 1;
        if count == limit {
            break;
        }
    }
    Ok(json!({}))
}

fn watch(mut args: Args) -> Result<WatchTransactions, String> {
    let (after, token, from_now) = (args.int("after_seq")?, args.text("resume_token")?, args.flag("from_now")?);
    let request = match (after, token, from_now) {
        (Some(after), None, false) => WatchTransactions::after(after),
        (None, Some(token), false) => WatchTransactions::resume(token),
        (None, None, _) => WatchTransactions::from_now(),
        _ => return Err("a watch begins at one place".into()),
    };
    let request = request.wallet_ids(args.ints("wallet_ids")?).kinds(args.kinds()?);
    args.end().map(|()| request)
}

fn verify(mut args: Args) -> Result<Verify, String> {
    let mut request = Verify::new();
    if let Some(mut head) = args.object("expected_head")? {
        let seq = head.int("seq")?.unwrap_or(0);
        request = request.expected_head(JournalHead::new(seq, head.hex("digest")?.unwrap_or_default()));
        head.end()?;
    }
    if args.flag("skip_integrity_check")? {
        request = request.skip_integrity_check();
    }
    args.end().map(|()| request)
}

fn backup(mut args: Args) -> Result<Backup, String> {
    let request = match args.flag("incremental")? {
        true => Backup::incremental(),
        false => Backup::new(),
    };
    args.end().map(|()| request)
}

impl ToJson for VerifyEvent {
    fn json(&self) -> Value {
        match self {
            VerifyEvent::Progress(one) => json!({ "progress": one.json() }),
            VerifyEvent::Finding(one) => json!({ "finding": one.json() }),
            VerifyEvent::Report(one) => json!({ "report": one.json() }),
            _ => Value::Null,
        }
    }
}

impl ToJson for BackupEvent {
    fn json(&self) -> Value {
        match self {
            BackupEvent::Progress(one) => json!({ "progress": one.json() }),
            BackupEvent::Report(one) => json!({ "report": one.json() }),
            _ => Value::Null,
        }
    }
}
