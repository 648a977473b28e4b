//! Does what conformance tells it, with the client's public methods and no more: operations are JSON lines on standard
//! input, results on standard output (clients/conformance/DRIVER.md). With WALLETD_DRIVER=tasks it is the client for tokio
//! that does it.

mod args;
mod calls;
mod face;
mod json;
mod quick;
mod streams;

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use serde_json::{json, Map, Value};
use tokio::runtime::Runtime;
use walletd::{Cancel, Options, RetryPolicy, Tls};

use args::Args;
use face::Face;
use json::{error_of, invalid};

/// Of a thread that makes one call.
const STACK_BYTES: usize = 512 * 1024;

/// What an operation gives: its result, or its error as the results have it.
type Answer = Result<Value, Value>;

#[derive(Default)]
struct Driver {
    clients: Mutex<HashMap<String, Face>>,
    /// Of the client for tasks, where that is to be driven.
    runtime: Option<Arc<Runtime>>,
    /// Of calls and streams under way, by their ids.
    cancels: Mutex<HashMap<String, Cancel>>,
}

fn main() -> std::io::Result<()> {
    let runtime = match std::env::var("WALLETD_DRIVER") {
        Ok(which) if which == "tasks" => Some(Arc::new(Runtime::new()?)),
        _ => None,
    };
    let driver = Arc::new(Driver { runtime, ..Driver::default() });
    let mut answering: Vec<JoinHandle<()>> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let operation: Map<String, Value> = match serde_json::from_str(&line?) {
            Ok(operation) => operation,
            Err(error) => {
                answer(&Value::Null, Err(invalid(format!("not an operation: {error}"))));
                continue;
            }
        };
        answering.retain(|thread| !thread.is_finished());
        answering.extend(driver.start(Args::new(operation))?);
    }
    for thread in answering {
        let _ = thread.join();
    }
    for client in lock(&driver.clients).values() {
        client.close();
    }
    Ok(())
}

impl Driver {
    /// Carries out an operation; one that may take its time on a thread of its own.
    fn start(self: &Arc<Self>, mut operation: Args) -> std::io::Result<Option<JoinHandle<()>>> {
        let id = operation.take("id").unwrap_or_default();
        let name = operation.text("op").ok().flatten().unwrap_or_default();
        if !matches!(name.as_str(), "call" | "stream" | "close") {
            answer(&id, self.quick(&name, operation));
            return Ok(None);
        }
        let cancel = Cancel::new();
        lock(&self.cancels).insert(id.to_string(), cancel.clone());
        let driver = Arc::clone(self);
        let thread = Builder::new().stack_size(STACK_BYTES).spawn(move || {
            let result = driver.slow(&id, &name, operation, &cancel);
            lock(&driver.cancels).remove(&id.to_string());
            answer(&id, result);
        })?;
        Ok(Some(thread))
    }

    fn slow(&self, id: &Value, name: &str, mut operation: Args, cancel: &Cancel) -> Answer {
        let named = operation.text("client").map_err(invalid)?.unwrap_or_default();
        let client = lock(&self.clients).get(&named).cloned();
        let client = client.ok_or_else(|| invalid(format!("no client {named:?}")))?;
        if name == "close" {
            client.close();
            return Ok(json!({}));
        }
        let mut client = client.with_cancel(cancel);
        if let Some(millis) = operation.int("timeout_millis").map_err(invalid)?.filter(|&millis| millis > 0) {
            client = client.with_timeout(Duration::from_millis(millis.unsigned_abs()));
        }
        let verb = operation.text("verb").map_err(invalid)?.unwrap_or_default();
        let retry_of_unknown = operation.flag("retry_of_unknown").map_err(invalid)?;
        let args = operation.object("args").map_err(invalid)?.unwrap_or_default();
        match name {
            "stream" => {
                let limit = operation.int("limit").map_err(invalid)?.unwrap_or(0);
                streams::stream(&client, id, &verb, args, limit)
            }
            _ => calls::call(&client, &verb, args, retry_of_unknown),
        }
    }

    fn quick(&self, name: &str, mut operation: Args) -> Answer {
        match name {
            "connect" => self.connect(operation),
            "cancel" => {
                let target = operation.take("target").unwrap_or_default();
                if let Some(cancel) = lock(&self.cancels).get(&target.to_string()) {
                    cancel.cancel();
                }
                Ok(json!({}))
            }
            _ => quick::quick(name, operation),
        }
    }

    fn connect(&self, mut operation: Args) -> Answer {
        let name = operation.text("client").map_err(invalid)?.unwrap_or_default();
        let options = options(&mut operation).map_err(invalid)?;
        let client = Face::new(options, self.runtime.as_ref()).map_err(|error| error_of(&error))?;
        let old = lock(&self.clients).insert(name, client);
        if let Some(old) = old {
            old.close();
        }
        Ok(json!({}))
    }
}

fn options(operation: &mut Args) -> Result<Options, String> {
    let mut options = Options::new(operation.text("address")?.unwrap_or_default());
    if let Some(millis) = operation.int("timeout_millis")?.filter(|&millis| millis > 0) {
        options = options.timeout(Duration::from_millis(millis.unsigned_abs()));
    }
    if let Some(path) = operation.text("token_file")? {
        options = options.token_file(path);
    }
    if let Some(attempts) = operation.int("attempts_max")?.filter(|&attempts| attempts > 0) {
        let attempts_max = u32::try_from(attempts).map_err(|_| "attempts_max is out of range")?;
        options = options.retry(RetryPolicy { attempts_max, ..RetryPolicy::default() });
    }
    if let Some(mut given) = operation.object("tls")? {
        let mut tls = Tls::new();
        if let Some(path) = given.text("ca_file")? {
            tls = tls.ca_file(path);
        }
        if let Some(path) = given.text("cert_file")? {
            tls = tls.cert_file(path);
        }
        if let Some(path) = given.text("key_file")? {
            tls = tls.key_file(path);
        }
        if let Some(name) = given.text("server_name")? {
            tls = tls.server_name(name);
        }
        options = options.tls(tls);
    }
    Ok(options)
}

/// Writes a result.
fn answer(id: &Value, result: Answer) {
    write(&match result {
        Ok(ok) => json!({ "id": id, "ok": ok }),
        Err(error) => json!({ "id": id, "error": error }),
    });
}

/// Writes a line.
fn write(line: &Value) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1); // nobody listens any more
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
