//! The driver does what clients/conformance/DRIVER.md says.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{json, Value};

use crate::support::*;

/// Gives lines to the driver, one after the other since operations are concurrent; the results and the events of each.
fn run(which: &str, lines: &[Value]) -> (HashMap<String, Value>, HashMap<String, Vec<Value>>) {
    let mut process = Command::new(program("walletd-driver"))
        .env("WALLETD_DRIVER", which)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
    let (mut results, mut events) = (HashMap::new(), HashMap::<String, Vec<Value>>::new());
    for line in lines {
        writeln!(input, "{line}").unwrap();
        let id = line["id"].as_str().unwrap();
        while !results.contains_key(id) {
            let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
            let of = answer["id"].as_str().unwrap().to_string();
            match answer.get("event") {
                Some(event) => events.entry(of).or_default().push(event.clone()),
                None => drop(results.insert(of, answer)),
            }
        }
    }
    drop(input);
    assert!(process.wait().unwrap().success());
    (results, events)
}

#[test]
fn operations_are_carried_out_by_the_client_for_threads() {
    operations_are_carried_out("threads");
}

#[test]
fn operations_are_carried_out_by_the_client_for_tasks() {
    operations_are_carried_out("tasks");
}

fn operations_are_carried_out(which: &str) {
    let server = Server::new();
    let wallet = json!({ "owner_id": "u-1", "currency": "USD" });
    let call = |id: &str, verb: &str, mut args: Value| {
        if args.get("wallet") == Some(&Value::Null) {
            args["wallet"] = wallet.clone();
        }
        json!({ "id": id, "op": "call", "client": "c", "verb": verb, "args": args })
    };
    let own = Value::Null; // stands for the wallet
    let credit = json!({ "credit": { "wallet": wallet, "amount": "1", "reason": "test" } });
    let debit = json!({ "debit": { "wallet": wallet, "amount": "1", "reason": "test" } });
    let ping = "00000018060000000000000700000000f68500000000000000000000";
    let (results, events) = run(
        which,
        &[
            json!({ "id": "connect", "op": "connect", "client": "c", "address": server.address }),
            call("open", "OpenWallet", json!({ "wallet": own, "reason": "test" })),
            call(
                "credit",
                "Credit",
                json!({
                    "wallet": own, "amount": "2000", "reason": "test", "metadata": [{ "key": "a", "value": "b" }],
                }),
            ),
            call(
                "debit",
                "Debit",
                json!({ "wallet": own, "amount": "450", "reason": "test", "idempotency_key": "my-key-0001" }),
            ),
            call(
                "again",
                "Debit",
                json!({ "wallet": own, "amount": "450", "reason": "test", "idempotency_key": "my-key-0001" }),
            ),
            call("short", "Debit", json!({ "wallet": own, "amount": "9000", "reason": "test" })),
            call("beyond", "Debit", json!({ "wallet": own, "amount": "9223372036854775808", "reason": "test" })),
            call("unheard", "Debit", json!({ "wallet": own, "colour": "red" })),
            call(
                "freeze",
                "Freeze",
                json!({ "wallet": own, "scope": "DEBIT", "until_micros": "4102444800000000", "reason": "test" }),
            ),
            call("frozen", "Debit", json!({ "wallet": own, "amount": "1", "reason": "test" })),
            call(
                "limits",
                "SetLimits",
                json!({
                    "wallet": own, "limits": { "max_amount": "5", "day": { "amount": "9", "count": "2" } }, "reason": "test",
                }),
            ),
            call("explain", "ExplainBalance", json!({ "wallet": own })),
            call("batch", "Batch", json!({ "items": [credit, debit] })),
            call("aborted", "Batch", json!({ "atomic": true, "items": [credit, debit] })),
            call("balance", "GetBalance", json!({ "wallet": own })),
            call("wallet", "GetWallet", json!({ "wallet": own })),
            call("then", "GetBalanceAt", json!({ "wallet": own, "version": "2" })),
            call(
                "rows",
                "ListTransactions",
                json!({
                    "wallet": own, "oldest_first": true, "page_size": 2, "filter": { "kinds": ["DEBIT", "CREDIT"] },
                }),
            ),
            call("refusals", "ListRefusals", json!({ "reasons": ["INSUFFICIENT_FUNDS"] })),
            call("info", "GetServerInfo", json!({})),
            json!({ "id": "watch", "op": "stream", "client": "c", "verb": "WatchTransactions", "args": { "after_seq": "0" }, "limit": 3 }),
            json!({ "id": "verify", "op": "stream", "client": "c", "verb": "Verify", "args": { "skip_integrity_check": true } }),
            json!({ "id": "parse", "op": "money_parse", "text": "12.30", "exponent": 2 }),
            json!({ "id": "bad", "op": "money_parse", "text": "1e3", "exponent": 2 }),
            json!({ "id": "format", "op": "money_format", "amount": "-1", "exponent": 2 }),
            json!({ "id": "keys", "op": "new_key", "count": 2 }),
            json!({ "id": "decode", "op": "decode_frame", "hex": ping }),
            json!({
                "id": "encode", "op": "encode_frame", "type": 6, "flags": 0, "code": 0, "request_id": 7, "millis": 0,
                "payload": "0000000000000000",
            }),
            json!({ "id": "broken", "op": "decode_frame", "hex": ping.replace("f685", "0000") }),
            json!({ "id": "close", "op": "close", "client": "c" }),
            call("closed", "Ping", json!({})),
        ],
    );
    for (id, path, wanted) in [
        ("connect", "/ok", json!({})),
        ("open", "/ok/version", json!("1")),
        ("credit", "/ok/balance", json!("2000")),
        ("credit", "/ok/transaction/metadata/0/key", json!("a")),
        ("credit", "/ok/exponent", json!(2)),
        ("debit", "/ok/key", json!("my-key-0001")),
        ("debit", "/ok/transaction/kind", json!("DEBIT")),
        ("debit", "/ok/transaction/amount", json!("-450")),
        ("debit", "/ok/replayed", json!(false)),
        ("again", "/ok/replayed", json!(true)),
        ("short", "/error/kind", json!("rejected")),
        ("short", "/error/reason", json!("INSUFFICIENT_FUNDS")),
        ("short", "/error/detail/shortfall", json!("7450")),
        ("beyond", "/error/kind", json!("invalid")),
        ("unheard", "/error/kind", json!("invalid")),
        ("frozen", "/error/detail/until_micros", json!("4102444800000000")),
        ("frozen", "/error/detail/scope", json!("DEBIT")),
        ("explain", "/ok/limits/day/count", json!("2")),
        ("batch", "/ok/results/0/ok/balance", json!("1551")),
        ("batch", "/ok/results/1/error/reason", json!("WALLET_FROZEN")),
        ("aborted", "/error/reason", json!("BATCH_ABORTED")),
        ("aborted", "/error/index", json!(1)),
        ("aborted", "/error/cause/reason", json!("WALLET_FROZEN")),
        ("balance", "/ok/balance", json!("1551")),
        ("wallet", "/ok/wallet/owner_id", json!("u-1")),
        ("then", "/ok/balance", json!("2000")),
        ("rows", "/ok/transactions/1/kind", json!("DEBIT")),
        ("refusals", "/ok/refusals/0/error/detail/requested", json!("9000")),
        ("info", "/ok/mutations_available", json!(true)),
        ("info", "/ok/limits/default_deadline_millis", json!(10_000)),
        ("watch", "/ok", json!({})),
        ("verify", "/ok", json!({})),
        ("parse", "/ok/amount", json!("1230")),
        ("bad", "/error/kind", json!("invalid")),
        ("format", "/ok/text", json!("-0.01")),
        ("decode", "/ok/request_id", json!(7)),
        ("decode", "/ok/payload", json!("0000000000000000")),
        ("encode", "/ok/hex", json!(ping)),
        ("broken", "/error/rule", json!("checksum")),
        ("closed", "/error/kind", json!("disconnected")),
    ] {
        let found = results[id].pointer(path);
        assert_eq!(found, Some(&wanted), "{path} of {id}: {}", results[id]);
    }
    assert_ne!(results["keys"]["ok"]["keys"][0], results["keys"]["ok"]["keys"][1]);
    assert_eq!(events["watch"].len(), 3);
    assert_eq!(events["watch"][1]["transaction"]["kind"], "OPEN");
    assert_eq!(events["verify"].last().unwrap()["report"]["findings"], "0");
}

#[test]
fn a_stream_is_cancelled_and_what_is_no_operation_is_told() {
    let server = Server::new();
    let mut process =
        Command::new(program("walletd-driver")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap() };
    writeln!(input, "not JSON").unwrap();
    assert_eq!(next()["error"]["kind"], "invalid");
    writeln!(input, "{}", json!({ "id": 1, "op": "connect", "client": "c", "address": server.address })).unwrap();
    assert_eq!(next(), json!({ "id": 1, "ok": {} }));
    let watch =
        json!({ "id": 2, "op": "stream", "client": "c", "verb": "WatchTransactions", "args": { "from_now": true } });
    writeln!(input, "{watch}").unwrap();
    assert!(next()["event"]["resume_token"].is_string(), "it stands");
    writeln!(input, "{}", json!({ "id": 3, "op": "cancel", "target": 2 })).unwrap();
    let both = [next(), next()];
    let of = |id: i32| both.iter().find(|answer| answer["id"] == id).unwrap();
    assert_eq!(of(3)["ok"], json!({}));
    assert_eq!(of(2)["error"]["kind"], "cancelled");
    writeln!(input, "{}", json!({ "id": 4, "op": "dance" })).unwrap();
    assert_eq!(next()["error"]["kind"], "invalid");
    drop(input);
    assert!(process.wait().unwrap().success());
}
