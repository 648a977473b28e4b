//! Measures both clients: calls per second and latencies on one connection with many calls in flight.
//!
//! Without arguments it starts the server that WALLETD names, and measures several shapes. With FACE (threads or tasks)
//! ADDRESS VERB IN_FLIGHT SECONDS WARM_UP it measures that one, and prints a JSON object (clients/conformance/DRIVER.md).

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use walletd::{aio, new_key, Batch, Client, Credit, Debit, OpenWallet, WalletRef};

const WALLETS: usize = 1000;

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.is_empty() {
        return one(&arguments);
    }
    let (mut server, address) = start()?;
    let result = table(&address);
    let _ = server.kill();
    let _ = server.wait();
    result
}

fn start() -> Result<(Child, String), Failed> {
    let program = std::env::var("WALLETD").map_err(|_| "name a server by WALLETD, or give an address")?;
    let data = std::env::temp_dir().join(format!("walletd-bench-{}", &new_key()[24..]));
    let mut server = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(server.stderr.take().ok_or("no standard error")?).lines();
    for line in &mut lines {
        if let Some((_, address)) = line?.split_once("listening on ") {
            let address = address.split_whitespace().next().unwrap_or(address).to_string();
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((server, address));
        }
    }
    Err("walletd does not listen".into())
}

fn one(arguments: &[String]) -> Result<(), Failed> {
    let (face, address, verb, in_flight, seconds, warm_up) = match arguments {
        [face, address, verb, in_flight, seconds, warm_up] => (face, address, verb, in_flight, seconds, warm_up),
        _ => return Err("FACE ADDRESS VERB IN_FLIGHT SECONDS WARM_UP, please".into()),
    };
    let debits = match verb.as_str() {
        "Debit" => true,
        "GetBalance" => false,
        other => return Err(format!("there is no load of {other}").into()),
    };
    let in_flight = in_flight.parse()?;
    let mut load = Load::new(face, address)?;
    let warm_up = warm_up.parse()?;
    if warm_up > 0.0 {
        load.run(debits, in_flight, Duration::from_secs_f64(warm_up))?;
    }
    let found = load.run(debits, in_flight, Duration::from_secs_f64(seconds.parse()?))?;
    let micros = |percent| found.part(percent).as_nanos() as f64 / 1e3;
    println!(
        "{{\"client\": \"rust\", \"face\": \"{face}\", \"verb\": \"{verb}\", \"connections\": 1, \
         \"in_flight\": {in_flight}, \"calls_per_second\": {:.1}, \"p50_micros\": {:.1}, \"p99_micros\": {:.1}}}",
        found.per_second,
        micros(50),
        micros(99)
    );
    Ok(())
}

fn table(address: &str) -> Result<(), Failed> {
    let info = Client::new(address)?.get_server_info()?;
    println!("{} ({} build), 1 connection", info.server_name, info.build);
    println!("{:<28} {:>9} {:>12} {:>12} {:>12}", "", "in flight", "calls/s", "median", "99 %");
    for face in ["threads", "tasks"] {
        let mut load = Load::new(face, address)?;
        for in_flight in [64, 1] {
            for (verb, debits) in [("Debit", true), ("GetBalance", false)] {
                let found = load.run(debits, in_flight, Duration::from_secs(3))?;
                println!(
                    "{:<28} {in_flight:>9} {:>12.0} {:>12?} {:>12?}",
                    format!("{verb}, {face}"),
                    found.per_second,
                    found.part(50),
                    found.part(99)
                );
            }
        }
    }
    Ok(())
}

struct Measured {
    per_second: f64,
    /// By their size.
    latencies: Vec<Duration>,
}

impl Measured {
    fn part(&self, percent: usize) -> Duration {
        self.latencies.get(self.latencies.len() * percent / 100).copied().unwrap_or_default()
    }
}

/// One of the two clients, and wallets with money.
struct Load {
    face: Face,
    wallets: Arc<Vec<WalletRef>>,
}

enum Face {
    Threads(Client),
    Tasks(aio::Client, tokio::runtime::Runtime),
}

impl Load {
    fn new(face: &str, address: &str) -> Result<Load, Failed> {
        let wallets: Vec<WalletRef> =
            (0..WALLETS).map(|index| WalletRef::of(format!("bench-{index}"), "EUR")).collect();
        let client = Client::new(address)?;
        // They may be there already.
        let open = wallets.iter().fold(Batch::item_by_item(), |batch, one| batch.item(OpenWallet::new(one, "bench")));
        client.batch(open)?;
        let credit = |batch: Batch, one| batch.item(Credit::new(one, 1_000_000_000, "bench"));
        client.batch(wallets.iter().fold(Batch::item_by_item(), credit))?;
        let face = match face {
            "threads" => Face::Threads(client),
            "tasks" => {
                client.close();
                Face::Tasks(aio::Client::new(address)?, tokio::runtime::Runtime::new()?)
            }
            other => return Err(format!("there is no face {other}; threads and tasks are").into()),
        };
        Ok(Load { face, wallets: Arc::new(wallets) })
    }

    fn run(&mut self, debits: bool, in_flight: usize, lasts: Duration) -> Result<Measured, Failed> {
        let began = Instant::now();
        let mut latencies = match &self.face {
            Face::Threads(client) => threads(client, &self.wallets, debits, in_flight, lasts)?,
            Face::Tasks(client, runtime) => {
                runtime.block_on(tasks(client.clone(), in_flight, lasts, Arc::clone(&self.wallets), debits))?
            }
        };
        let per_second = latencies.len() as f64 / began.elapsed().as_secs_f64();
        latencies.sort_unstable();
        Ok(Measured { per_second, latencies })
    }
}

fn threads(
    client: &Client,
    wallets: &[WalletRef],
    debits: bool,
    in_flight: usize,
    lasts: Duration,
) -> Result<Vec<Duration>, Failed> {
    let end = Instant::now() + lasts;
    let work = |first: usize| -> walletd::Result<Vec<Duration>> {
        let mut times = Vec::new();
        for wallet in wallets.iter().cycle().skip(first * WALLETS / in_flight) {
            let started = Instant::now();
            if started >= end {
                break;
            }
            match debits {
                true => drop(client.debit(Debit::new(wallet, 1, "bench"))?),
                false => drop(client.get_balance(wallet)?),
            }
            times.push(started.elapsed());
        }
        Ok(times)
    };
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..in_flight).map(|first| scope.spawn(move || work(first))).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| "a thread panicked")??);
        }
        Ok(all)
    })
}

async fn tasks(
    client: aio::Client,
    in_flight: usize,
    lasts: Duration,
    wallets: Arc<Vec<WalletRef>>,
    debits: bool,
) -> Result<Vec<Duration>, Failed> {
    let end = Instant::now() + lasts;
    let workers: Vec<_> = (0..in_flight)
        .map(|first| {
            let (client, wallets) = (client.clone(), Arc::clone(&wallets));
            tokio::spawn(async move {
                let mut times = Vec::new();
                for wallet in wallets.iter().cycle().skip(first * WALLETS / in_flight) {
                    let started = Instant::now();
                    if started >= end {
                        break;
                    }
                    match debits {
                        true => drop(client.debit(Debit::new(wallet, 1, "bench")).await?),
                        false => drop(client.get_balance(wallet).await?),
                    }
                    times.push(started.elapsed());
                }
                walletd::Result::Ok(times)
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await??);
    }
    Ok(all)
}
