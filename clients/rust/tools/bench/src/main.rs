//! Measures both clients: calls per second and latencies on one connection with many calls in flight. It starts the server
//! that WALLETD names, unless its first argument is the address of one. A second argument is how many seconds each
//! measurement takes, 3 unless told.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use walletd::{aio, new_key, Client, Credit, OpenWallet, WalletRef};

const IN_FLIGHT: usize = 64;
const WALLETS: usize = 1000;

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let (server, address) = match arguments.next() {
        Some(address) => (None, address),
        None => start()?,
    };
    let lasts = Duration::from_secs(arguments.next().map_or(Ok(3), |text| text.parse())?);
    let result = measure_all(&address, lasts);
    if let Some(mut server) = server {
        let _ = server.kill();
        let _ = server.wait();
    }
    result
}

fn start() -> Result<(Option<Child>, String), Failed> {
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
            return Ok((Some(server), address));
        }
    }
    Err("walletd does not listen".into())
}

fn measure_all(address: &str, lasts: Duration) -> Result<(), Failed> {
    let client = Client::new(address)?;
    let info = client.get_server_info()?;
    println!("{} ({} build), 1 connection", info.server_name, info.build);
    let wallets: Result<Vec<WalletRef>, walletd::Error> = (0..WALLETS)
        .map(|index| {
            let wallet = WalletRef::of(format!("bench-{}-{index}", &new_key()[..18]), "EUR");
            let opened = client.open_wallet(OpenWallet::new(wallet, "bench"))?;
            Ok(WalletRef::id(opened.transaction.wallet_id))
        })
        .collect();
    let wallets = Arc::new(wallets?);
    println!("{:<28} {:>9} {:>12} {:>12} {:>12}", "", "in flight", "calls/s", "median", "99 %");
    for in_flight in [IN_FLIGHT, 1] {
        threads("Credit, threads", in_flight, lasts, &wallets, |wallet| {
            client.credit(Credit::new(wallet, 1, "bench")).map(drop)
        })?;
        threads("GetBalance, threads", in_flight, lasts, &wallets, |wallet| client.get_balance(wallet).map(drop))?;
    }
    client.close();
    let runtime = tokio::runtime::Runtime::new()?;
    let client = aio::Client::new(address)?;
    for in_flight in [IN_FLIGHT, 1] {
        for (name, credits) in [("Credit, tasks", true), ("GetBalance, tasks", false)] {
            let tasks = tasks(client.clone(), in_flight, lasts, Arc::clone(&wallets), credits);
            report(name, in_flight, lasts, runtime.block_on(tasks)?);
        }
    }
    runtime.block_on(client.close());
    Ok(())
}

fn threads(
    name: &str,
    in_flight: usize,
    lasts: Duration,
    wallets: &[WalletRef],
    call: impl Fn(&WalletRef) -> walletd::Result<()> + Sync,
) -> Result<(), Failed> {
    let end = Instant::now() + lasts;
    let work = |first: usize| -> walletd::Result<Vec<Duration>> {
        let mut times = Vec::new();
        for wallet in wallets.iter().cycle().skip(first * WALLETS / in_flight) {
            let started = Instant::now();
            if started >= end {
                break;
            }
            call(wallet)?;
            times.push(started.elapsed());
        }
        Ok(times)
    };
    let work = &work;
    let times = std::thread::scope(|scope| -> walletd::Result<Vec<Duration>> {
        let workers: Vec<_> = (0..in_flight).map(|first| scope.spawn(move || work(first))).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().unwrap_or_else(|_| Ok(Vec::new()))?);
        }
        Ok(all)
    })?;
    report(name, in_flight, lasts, times);
    Ok(())
}

async fn tasks(
    client: aio::Client,
    in_flight: usize,
    lasts: Duration,
    wallets: Arc<Vec<WalletRef>>,
    credits: bool,
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
                    match credits {
                        true => drop(client.credit(Credit::new(wallet, 1, "bench")).await?),
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

fn report(name: &str, in_flight: usize, lasts: Duration, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    let each_second = times.len() as u128 * 1_000_000 / lasts.as_micros().max(1);
    println!("{name:<28} {in_flight:>9} {each_second:>12} {:>12?} {:>12?}", at(50), at(99));
}
