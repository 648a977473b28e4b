#!/bin/sh
# Unpacks the crate that `make package` made, depends on it from an empty project, and calls the real server with it.
set -eu
client=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM

crate=$(ls "$client"/target/package/walletd-*.crate)
mkdir -p "$work/unpacked" "$work/project/src"
tar -xzf "$crate" -C "$work/unpacked"
unpacked=$(ls -d "$work"/unpacked/walletd-*)
for wanted in LICENSE README.md src/lib.rs samples/basic.rs; do
  [ -e "$unpacked/$wanted" ] || { echo "the crate has no $wanted" >&2; exit 1; }
done
for unwanted in tests tools debian.toml; do
  [ ! -e "$unpacked/$unwanted" ] || { echo "the crate has $unwanted, which is nobody's business" >&2; exit 1; }
done

cat >"$work/project/Cargo.toml" <<END
[package]
name = "shop"
version = "0.1.0"
edition = "2021"

[dependencies]
walletd = { path = "$unpacked", features = ["tokio"] }
tokio = { version = "1", features = ["macros", "rt"] }

# As in this crate's workspace, so that what both need is built once.
[profile.dev.package."*"]
debug = false
END
cat >"$work/project/src/main.rs" <<'END'
use walletd::{Client, Credit, Debit, OpenWallet, WalletRef};

#[tokio::main(flavor = "current_thread")]
async fn main() -> walletd::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let client = Client::new(&address)?;
    let wallet = WalletRef::of("user-17", "EUR");
    client.open_wallet(OpenWallet::new(&wallet, "signup"))?;
    client.credit(Credit::new(&wallet, 2000, "topup"))?;
    let tasks = walletd::aio::Client::new(&address)?;
    let paid = tasks.debit(Debit::new(&wallet, 1230, "esim.purchase")).await?;
    tasks.close().await;
    println!("{} {}", walletd::money::format(paid.available, paid.exponent), paid.currency);
    Ok(())
}
END

"$WALLETD" serve --data "$work/data" --listen 127.0.0.1:0 2>"$work/said" &
server=$!
address=
for _ in $(seq 600); do
  address=$(sed -n 's/.*listening on \([0-9.]*:[0-9]*\).*/\1/p' "$work/said" | head -n 1)
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "$address" ] || { echo "walletd does not listen; it said:" >&2; cat "$work/said" >&2; exit 1; }

cd "$work/project"
# shellcheck disable=SC2086 # a list of words
printed=$(CARGO_TARGET_DIR="$client/target" cargo run $FLAGS --quiet -- "$address")
[ "$printed" = "7.70 EUR" ] || { echo "the project prints: $printed" >&2; exit 1; }
echo "$(basename "$crate") in an empty project: $printed"
