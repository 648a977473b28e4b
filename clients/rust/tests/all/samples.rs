//! The samples run against a real server, and the README has what is in them and what they print.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use walletd::*;

use crate::support::*;

fn run(sample: &str, arguments: &[&str]) -> String {
    let output = Command::new(program(sample)).args(arguments).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{sample}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

fn squeezed(code: &str) -> String {
    code.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

/// The blocks of code that name a file, with the output behind them if there is one.
fn blocks(readme: &str) -> Vec<(String, String, Option<String>)> {
    let mut found = Vec::new();
    for part in readme.split("<!-- ").skip(1) {
        let (file, rest) = part.split_once(" -->\n```rust\n").expect("code behind the name of its file");
        let (code, rest) = rest.split_once("```\n").unwrap();
        let output =
            rest.strip_prefix("\n```text\n").and_then(|rest| rest.split_once("```\n")).map(|(output, _)| output);
        found.push((file.to_string(), code.to_string(), output.map(String::from)));
    }
    found
}

#[test]
fn the_readme_has_what_is_in_the_samples_and_what_they_print() {
    let readme = std::fs::read_to_string(client_folder().join("README.md")).unwrap();
    let found = blocks(&readme);
    assert_eq!(found.len(), readme.matches("```rust\n").count(), "a block of code names no file");
    let server = Server::new();
    let mut printed: HashMap<String, String> = HashMap::new();
    for (file, code, output) in found {
        let text = std::fs::read_to_string(client_folder().join(&file)).expect(&file);
        assert!(squeezed(&text).contains(&squeezed(&code)), "this is not in {file}:\n{code}");
        let sample = file.trim_start_matches("samples/").trim_end_matches(".rs").to_string();
        if let Some(output) = output {
            let prints = printed.entry(sample.clone()).or_insert_with(|| run(&sample, &[&server.address]));
            assert!(prints.contains(&output), "{sample} prints\n{prints}not\n{output}");
        }
    }
    for sample in ["basic", "esim_order", "batch"] {
        assert!(printed.contains_key(sample), "the README has not what {sample} prints");
    }
}

#[test]
fn orders_are_paid_over_connections_that_are_cut() {
    let server = Server::new();
    let proxy = Proxy::new(&server.address);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(25));
                proxy.cut();
            }
        });
        let output = run("retry", &[&proxy.address]);
        stop.store(true, Ordering::SeqCst);
        assert_eq!(output, "20 orders are paid, left are 80.00 EUR\n");
    });
}

#[cfg(feature = "tokio")]
#[test]
fn tasks_share_a_client() {
    let server = Server::new();
    assert_eq!(run("tasks", &[&server.address]), "balance 5050\n");
}

#[test]
fn a_watch_prints_what_is_committed() {
    let server = Server::new();
    let client = connect(&server.address);
    let token = client.watch_transactions(WatchTransactions::from_now()).next().unwrap().unwrap().resume_token;
    let mut watching =
        Command::new(program("watch")).args([&server.address, &token]).stdout(Stdio::piped()).spawn().unwrap();
    let wallet = crate::verbs::opened(&client, "user-50", "EUR");
    crate::verbs::credit(&client, &wallet, 5);
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "OPEN 0 to 0");
    assert_eq!(lines.next().unwrap().unwrap(), "CREDIT 0 to 5");
    watching.kill().unwrap();
    watching.wait().unwrap();
}

#[test]
fn a_secure_connection_with_a_token() {
    let (authority, folder) = (Authority::new(), Folder::new("token"));
    let path = folder.join("token");
    std::fs::write(&path, "secret\n").unwrap();
    only_for_its_owner(&path);
    let fake = Fake::secure(
        authority.acceptor(&["127.0.0.1"]).build(),
        vec![Box::new(|peer| {
            let hello = peer.hello()?;
            assert_eq!(hello.credentials.unwrap().kind, Some(pb::credentials::Kind::Token("secret".into())));
            let request = peer.request()?;
            peer.ok(&request, &pb::GetServerInfoResponse { server_name: "scripted".into(), ..Default::default() })?;
            peer.ends()
        })],
    );
    let (file, path) = (authority.file(), path.to_str().unwrap().to_string());
    assert_eq!(run("secure", &[&fake.address, file.to_str().unwrap(), &path]), "served by scripted\n");
}
