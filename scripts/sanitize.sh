#!/usr/bin/env bash
# Runs the server and the clients' library under load, built with the thread sanitizer and then with the address sanitizer
# (docs/FUZZING.md). Any report of either is a failure and is printed. SANITIZE_SECONDS of load each; SANITIZERS chooses.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${SANITIZE_SECONDS:-10}
sanitizers=${SANITIZERS:-thread address}
case "$seconds" in '' | *[!0-9]* | 0*) echo "sanitize: SANITIZE_SECONDS must be seconds, not \"$seconds\"" >&2; exit 64 ;; esac

work=$(mktemp -d)
server=
helpers=()
finish() {
  for process in "${helpers[@]}" $server; do kill -KILL "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# Starts a server on the ledger and waits for its address. Arguments go to it.
start() {
  : >"$work/server.log"
  "$bin/walletd" serve --data "$work/data" --listen 127.0.0.1:0 --listen "unix:$work/socket" --admin 127.0.0.1:0 --log-format text \
    --backup-dir "$work/backups" "$@" 2>>"$work/server.log" &
  server=$!
  for _ in $(seq 600); do
    address=$(sed -nE 's/.*listening on (127\.0\.0\.1:[0-9]+).*/\1/p' "$work/server.log" | head -1)
    admin=$(sed -nE 's|.*http://(127\.0\.0\.1:[0-9]+).*|\1|p' "$work/server.log" | head -1)
    [ -n "$address" ] && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "sanitize: the server doesn't begin to listen" >&2
  cat "$work/server.log" >&2
  exit 1
}

# Ends it in order. It must say that it was.
stop() {
  local code=0
  kill -TERM "$server"
  wait "$server" || code=$?
  server=
  [ "$code" -eq 0 ] || fail "the server ended with code $code"
}

fail() {
  echo "sanitize: $sanitizer: $1" >&2
  tail -50 "$work/server.log" >&2
  reports
  exit 1
}

# Prints what the sanitizers wrote, and says whether they wrote anything.
reports() {
  local file found=1
  for file in "$work"/report.*; do
    [ -s "$file" ] || continue
    found=0
    echo "sanitize: $sanitizer: $(basename "$file")" >&2
    head -200 "$file" >&2
  done
  return $found
}

ctl() { "$bin/walletctl" "$@" --server "$address" --timeout 60 >"$work/ctl.log" 2>&1 || { cat "$work/ctl.log" >&2; fail "walletctl $1 failed"; }; }
bench() { "$bin/walletbench" --warm-up 0 "$@" >"$work/bench.log" 2>&1 || { cat "$work/bench.log" >&2; fail "walletbench $* failed"; }; }

# Streams, lists and reads beside the load, over and over until the flag goes.
read_along() {
  while [ -e "$work/loaded" ]; do
    for call in "info" "wallets --owner alice" "history --wallet 1 --limit 200" "balance --wallet 1" "explain --wallet 1" "trial-balance" \
      "refusals" "verify" "backup" "backup --incremental" "statement --wallet 1"; do
      # shellcheck disable=SC2086 # a list of words
      "$bin/walletctl" $call --server "$address" --timeout 60 >"$work/read.log" 2>&1 || { cp "$work/read.log" "$work/read.failed"; break 2; }
    done
    curl -sS -m 30 "http://$admin/metrics" "http://$admin/readyz" -o /dev/null -o /dev/null || echo "curl: $?" >"$work/read.failed"
    curl -sS -m 30 -H 'Content-Type: application/json' -d '{"wallet":{"id":"1"}}' \
      "http://$admin/wallet.v1.WalletService/GetBalance" -o /dev/null || echo "curl: $?" >"$work/read.failed"
  done
}

load() {
  touch "$work/loaded"
  "$bin/walletctl" watch --from-start --server "$address" >"$work/watch.log" 2>&1 &
  helpers+=($!)
  local watcher=$!
  read_along &
  helpers+=($!)
  local reader=$!
  bench --server "$address" --connections 16 --in-flight 8 --workload mixed --wallets 500 --seconds "$seconds" "${@}"
  bench --server "unix:$work/socket" --connections 4 --workload hold-capture --wallets 50 --seconds "$half"
  bench --server "$address" --connections 4 --batch 50 --wallets 100 --seconds "$half" "${@}"
  rm "$work/loaded"
  wait "$reader" || true
  kill -INT "$watcher" 2>/dev/null || true
  wait "$watcher" || true
  helpers=()
  if [ -e "$work/read.failed" ]; then
    cat "$work/read.failed" >&2
    fail "a read beside the load failed"
  fi
  [ -s "$work/watch.log" ] || fail "the watch told nothing"
}

half=$(((seconds + 1) / 2))
for sanitizer in $sanitizers; do
  case "$sanitizer" in thread | address) ;; *) echo "sanitize: there is thread and address, not \"$sanitizer\"" >&2; exit 64 ;; esac
  for product in walletd walletctl walletbench; do
    swift build --product "$product" --scratch-path ".build-$sanitizer" --sanitize="$sanitizer"
  done
  bin=$(swift build --scratch-path ".build-$sanitizer" --show-bin-path)
  begun=$SECONDS
  export SWIFT_BACKTRACE=enable=no
  export TSAN_OPTIONS="suppressions=$PWD/scripts/tsan.supp log_path=$work/report exitcode=66 second_deadlock_stack=1 history_size=4"
  export ASAN_OPTIONS="log_path=$work/report exitcode=66 detect_leaks=0 detect_stack_use_after_return=1"
  rm -rf "$work"/data "$work"/backups
  mkdir -p "$work/backups"

  start
  ctl open --owner alice --currency USD
  ctl credit --owner alice --currency USD --amount 20.00 --reason top-up
  load
  # Without a word, in the middle of work; then again on what it has left.
  bench_alone=("$bin/walletbench" --server "$address" --connections 8 --in-flight 8 --warm-up 0 --seconds 60 --wallets 100)
  "${bench_alone[@]}" >"$work/bench.log" 2>&1 &
  helpers+=($!)
  sleep 2
  kill -KILL "$server"
  wait "$server" 2>/dev/null || true
  kill -KILL "${helpers[0]}"
  wait "${helpers[0]}" 2>/dev/null || true
  helpers=()
  "$bin/walletctl" dev-certs --out "$work/certificates" >/dev/null
  start --tls-cert "$work/certificates/server.pem" --tls-key "$work/certificates/server-key.pem"
  bench --server "$address" --tls-ca "$work/certificates/ca.pem" --connections 8 --in-flight 4 --workload mixed --wallets 100 --seconds "$half"
  stop
  "$bin/walletd" verify --data "$work/data" >"$work/verify.log" 2>&1 || { cat "$work/verify.log" >&2; fail "the ledger isn't whole"; }
  reports && { echo "sanitize: $sanitizer: see the reports above" >&2; exit 1; }
  echo "sanitize: $sanitizer: no report, in $((SECONDS - begun)) s beside the build"
done
