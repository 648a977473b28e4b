use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::{repository, Folder, PATIENCE};

/// The real server on a loopback port, over one folder of data.
pub struct Server {
    pub address: String,
    data: Folder,
    options: Vec<String>,
    process: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// With these options beside the folder and the port.
    pub fn with(options: &[&str]) -> Self {
        let data = Folder::new("data");
        let options: Vec<String> = options.iter().map(|option| option.to_string()).collect();
        let said = Arc::default();
        let (process, address) = start(&data.join("ledger"), "127.0.0.1:0", &options, &said);
        Self { address, data, options, process, said }
    }

    /// Where its data are.
    pub fn folder(&self) -> PathBuf {
        self.data.join("ledger")
    }

    /// Ends it with SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Starts it again, on the port that it had.
    pub fn start(&mut self) {
        self.process = start(&self.folder(), &self.address, &self.options, &self.said).0;
    }

    /// Starts it again with other options.
    pub fn restart_with(&mut self, options: &[&str]) {
        self.options = options.iter().map(|option| option.to_string()).collect();
        self.start();
    }

    /// Asks it to leave with SIGTERM, and waits for its good end.
    pub fn terminate(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let end = Instant::now() + 3 * PATIENCE;
        loop {
            match self.process.try_wait().unwrap() {
                Some(status) => return assert!(status.success(), "{status}: {:?}", self.said.lock().unwrap()),
                None => assert!(Instant::now() < end, "walletd did not stop at SIGTERM"),
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn start(data: &Path, listen: &str, options: &[String], said: &Arc<Mutex<Vec<String>>>) -> (Child, String) {
    let program = program();
    let mut process = Command::new(&program)
        .args(["serve", "--data"])
        .arg(data)
        .args(["--listen", listen])
        .args(options)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("no server to test against, {}: {error}", program.display()));
    let lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let (found, listening) = mpsc::channel();
    let told = Arc::clone(said);
    std::thread::spawn(move || {
        for line in lines.flatten() {
            let place =
                line.split_once("listening on ").map(|(_, place)| place.split_whitespace().next().unwrap_or(""));
            if let Some(place) = place.filter(|place| !place.starts_with("unix:") && !place.contains('/')) {
                let _ = found.send(place.trim_end_matches(',').to_string());
            }
            told.lock().unwrap().push(line);
        }
    });
    match listening.recv_timeout(3 * PATIENCE) {
        Ok(address) => (process, address),
        Err(_) => {
            let _ = process.kill();
            panic!("walletd does not listen; it said {:?}", said.lock().unwrap());
        }
    }
}

/// A missing one is a failure.
fn program() -> PathBuf {
    match std::env::var_os("WALLETD") {
        Some(named) => named.into(),
        None => {
            let built = repository(".build/debug/walletd");
            assert!(built.exists(), "name a server by WALLETD, or build it with `swift build --product walletd`");
            built
        }
    }
}
