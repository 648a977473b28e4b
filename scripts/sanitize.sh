#!/usr/bin/env bash
# Runs server, clients' library and load under the thread sanitizer and then under the address sanitizer (docs/RELIABILITY.md), each in
# a build of its own, and prints one line of figures for each. SANITIZE_SECONDS of load each; SANITIZERS chooses. Any report is
# printed, and then the exit code is 1; so it is when a defect that was planted isn't reported.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${SANITIZE_SECONDS:-10}
sanitizers=${SANITIZERS:-thread address}
case "$seconds" in
  '' | *[!0-9]* | 0* | ?????*) echo "sanitize: SECONDS must be a number of seconds from 1 to 9999, not \"$seconds\"" >&2; exit 64 ;;
esac
for sanitizer in $sanitizers; do
  case "$sanitizer" in thread | address) ;; *) echo "sanitize: SANITIZERS has thread and address, not \"$sanitizer\"" >&2; exit 64 ;; esac
done
if [[ " $sanitizers " == *" thread "* ]] && [ "$(uname -m)" != x86_64 ]; then
  echo "sanitize: the thread sanitizer needs Tests/Sanitize/swift.c, which is for x86-64 alone: take SANITIZERS=address" >&2
  exit 64
fi

work=$(mktemp -d)
server=
watcher=
helpers=()
finish() {
  # shellcheck disable=SC2086 # no word when there is none
  for process in ${helpers[@]+"${helpers[@]}"} $watcher $server; do kill -KILL "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# A program of the build, as it is run under its sanitizer.
sanitized() {
  local program=$1
  shift
  exec env LD_PRELOAD="$preload" "$bin/$program" "$@"
}

# Whether a sanitizer has written anything.
is_reported() { compgen -G "$work/report.*" >/dev/null; }

# Says what is wrong, the server's last words, and all that the sanitizers wrote, with names in words.
fail() {
  local file
  {
    echo "sanitize: $sanitizer: $1"
    [ ! -e "$work/server.log" ] || tail -20 "$work/server.log"
    for file in "$work"/report.*; do
      [ -s "$file" ] || continue
      echo "sanitize: $sanitizer: report ${file##*/}:"
      swift demangle --simplified <"$file" | sed 's/ (BuildId: [0-9a-f]*)//' | head -300
    done
  } >&2
  exit 1
}

# Starts the server on the ledger and waits for its address. Arguments go to it.
start() {
  : >"$work/server.log"
  # Few rows to a generation, so that the keys' and indexes' are written behind the load too.
  sanitized walletd serve --data "$work/data" --listen 127.0.0.1:0 --listen "unix:$work/socket" --admin 127.0.0.1:0 --log-format text \
    --backup-dir "$work/backups" --generation-rows 1000 "$@" 2>>"$work/server.log" &
  server=$!
  for _ in $(seq 600); do
    address=$(sed -nE 's/.*listening on (127\.0\.0\.1:[0-9]+).*/\1/p' "$work/server.log" | head -1)
    admin=$(sed -nE 's|.*http://(127\.0\.0\.1:[0-9]+).*|\1|p' "$work/server.log" | head -1)
    [ -z "$address" ] || [ -z "$admin" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  fail "the server doesn't begin to listen"
}

# Ends it in order. It must say that it was.
stop() {
  local code=0
  kill -TERM "$server"
  wait "$server" || code=$?
  server=
  [ "$code" -eq 0 ] || fail "the server ended with code $code"
}

calls=0
ctl() {
  calls=$((calls + 1))
  (sanitized walletctl "$@" --timeout 60) >"$work/ctl.log" 2>&1 || { cat "$work/ctl.log" >&2; fail "walletctl $1 failed"; }
}

# Load in the background, by a name that its wallets get too.
bench() {
  local name=$1
  shift
  (sanitized walletbench --warm-up 0 --owner-prefix "$name" "$@") >"$work/$name.bench" 2>&1 &
  helpers+=($!)
}

# Waits for all load, and counts what it did. walletbench itself checks every balance.
operations=0
await_load() {
  local process
  for process in "${helpers[@]}"; do wait "$process" || { cat "$work"/*.bench >&2; fail "walletbench failed"; }; done
  helpers=()
  operations=$((operations + $(sed -nE 's/^operations//p' "$work"/*.bench | tr -d ',' | grep -oE '[0-9]+' | paste -sd+)))
  rm "$work"/*.bench
}

# One call of the admin port, whose status must be among those.
http() {
  local wanted=$1 path=$2 status
  shift 2
  status=$(curl -sS -m 60 -o "$work/read.body" -w '%{http_code}' -H 'Content-Type: application/json' "$@" "http://$admin/$path" \
    2>"$work/read.log") || true
  [[ " $wanted " == *" $status "* ]] ||
    { { echo "$path: $status"; cat "$work/read.log" "$work/read.body"; } >"$work/read.failed"; return 1; }
}

# Lists, reads, a verification, backups, tokens and HTTP beside the load, over and over until it ends.
read_along() {
  local call round=0 done=0
  while [ -e "$work/loaded" ]; do
    round=$((round + 1))
    while read -r call; do
      # shellcheck disable=SC2086 # a list of words
      (sanitized walletctl $call --server "$address" --timeout 60) </dev/null >"$work/read.log" 2>&1 ||
        { cp "$work/read.log" "$work/read.failed"; return; }
      done=$((done + 1))
    done <<END
token create --principal shop$round --scopes read
backup
history --wallet 1 --limit 200
verify
wallets --owner alice
explain --wallet 1
backup --incremental
token list
trial-balance
refusals
statement --wallet 1
info
END
    # Health may answer that the machine is too slow: 503 within 2 s.
    http "200" metrics && http "200 503" livez && http "200 503" readyz || return 0
    for call in GetBalance GetWallet ListTransactions; do
      http "200" "wallet.v1.WalletService/$call" -d '{"wallet":{"id":"1"}}' || return 0
    done
    done=$((done + 6))
    echo "$done" >"$work/read.done"
  done
}

# All kinds of load at once, with streams and reads beside it.
load() {
  local reader
  touch "$work/loaded"
  (sanitized walletctl watch --from-start --server "$address") >"$work/watch.log" 2>&1 &
  watcher=$!
  read_along &
  reader=$!
  bench mixed --server "$address" --connections 8 --in-flight 4 --workload mixed --wallets 100 --seconds "$seconds"
  bench holds --server "unix:$work/socket" --connections 4 --in-flight 1 --workload hold-capture --wallets 20 --seconds "$seconds"
  bench batches --server "$address" --connections 2 --in-flight 2 --batch 10 --wallets 20 --seconds "$seconds"
  await_load
  rm "$work/loaded"
  wait "$reader"
  kill -INT "$watcher"
  wait "$watcher" || true
  watcher=
  [ ! -e "$work/read.failed" ] || { cat "$work/read.failed" >&2; fail "a read beside the load failed"; }
  [ -s "$work/read.done" ] || fail "no round of reads ended beside the load"
  grep -q top-up "$work/watch.log" || { tail "$work/watch.log" >&2; fail "the watch didn't tell of the first credit"; }
  calls=$((calls + $(cat "$work/read.done") + $(wc -l <"$work/watch.log")))
}

# Each case that must be reported is, as what it is, and none that mustn't be: CASE or CASE=WORDS OF THE REPORT.
planted() {
  local case name words
  swiftc -swift-version 6 -parse-as-library -g "-sanitize=$sanitizer" Tests/Sanitize/Planted.swift -o "$bin/planted" \
    2>"$work/planted.log" || { cat "$work/planted.log" >&2; fail "Tests/Sanitize/Planted.swift can't be built"; }
  for case in "$@"; do
    name=${case%%=*}
    words=${case#"$name"}
    words=${words#=}
    (sanitized planted "$name") >"$work/planted.log" 2>&1 || [ -n "$words" ] ||
      { cat "$work/planted.log" >&2; fail "the case $name, which is sound, failed"; }
    if [ -z "$words" ]; then
      ! is_reported || fail "the case $name, which is sound, is reported: the set-up can't be trusted"
    else
      grep -qE "$words" "$work"/report.* 2>/dev/null ||
        fail "the planted defect $name isn't reported as $words: the set-up can't be trusted"
      seen=$((seen + 1))
    fi
    rm -f "$work"/report.*
  done
}

# Swift's own report of a crash would take the place of the sanitizer's. Names come from the symbolizer of the toolchain.
export SWIFT_BACKTRACE=enable=no
PATH=$PATH:$(dirname "$(readlink -f "$(command -v swiftc)")")
export PATH
# By default Swift's thread sanitizer leaves out what is freed and what calls such as memcpy use.
export TSAN_OPTIONS="log_path=$work/report exitcode=66 second_deadlock_stack=1 history_size=4 atexit_sleep_ms=100 \
ignore_interceptors_accesses=0"
export ASAN_OPTIONS="log_path=$work/report exitcode=66 detect_leaks=1 detect_stack_use_after_return=1"
export LSAN_OPTIONS="suppressions=$PWD/scripts/lsan.supp print_suppressions=0"

for sanitizer in $sanitizers; do
  for product in walletd walletctl walletbench; do
    swift build --product "$product" --scratch-path ".build-$sanitizer" --sanitize="$sanitizer"
  done
  bin=$(swift build --scratch-path ".build-$sanitizer" --show-bin-path)
  begun=$SECONDS
  seen=0
  preload=
  if [ "$sanitizer" = thread ]; then
    clang -O1 -fPIC -shared -Wall -Wextra -Werror Tests/Sanitize/swift.c -o "$bin/swift.so"
    preload=$bin/swift.so
    race="data race|Swift access race"
    planted mutex owners closures lazy continuations queues "race=$race" "race-array=$race" "race-beside-mutex=$race" \
      "race-beside-owners=$race" "race-beside-lazy=$race" "race-beside-continuations=$race" "race-free=$race" "race-fill=$race"
  else
    planted nothing "overflow=heap-buffer-overflow" "freed=heap-use-after-free" "freed-object=heap-use-after-free" \
      "leak=detected memory leaks" "leak-referred=detected memory leaks"
  fi

  operations=0
  calls=0
  rm -rf "$work"/{data,backups,restored,certificates,read.*}
  mkdir -p "$work/backups"
  start
  ctl open --owner alice --currency USD --server "$address"
  ctl credit --owner alice --currency USD --amount 20.00 --reason top-up --server "$address"
  load

  # Killed in the middle of work, and started on what it has left.
  bench killed --server "$address" --connections 8 --in-flight 8 --seconds 60 --wallets 20
  sleep 2
  kill -KILL "$server" "${helpers[0]}"
  wait "$server" "${helpers[0]}" 2>/dev/null || true
  server=
  helpers=()
  rm -f "$work"/*.bench
  (sanitized walletctl dev-certs --out "$work/certificates") >/dev/null
  start --tls-cert "$work/certificates/server.pem" --tls-key "$work/certificates/server.key"
  bench encrypted --server "$address" --tls-ca "$work/certificates/ca.pem" --connections 8 --in-flight 4 --workload mixed --wallets 50 \
    --seconds $(((seconds + 2) / 3))
  await_load
  # In order, under load: what is on its way is answered, what comes later is refused.
  bench draining --server "$address" --tls-ca "$work/certificates/ca.pem" --connections 8 --in-flight 4 --wallets 20 --seconds 60
  sleep 2
  stop
  kill -KILL "${helpers[0]}" 2>/dev/null || true
  wait "${helpers[0]}" 2>/dev/null || true
  helpers=()
  rm -f "$work"/*.bench
  (sanitized walletd verify --data "$work/data") >"$work/verify.log" 2>&1 || { cat "$work/verify.log" >&2; fail "the ledger isn't whole"; }
  (sanitized walletd restore --from "$work/backups" --data "$work/restored") >"$work/restore.log" 2>&1 ||
    { cat "$work/restore.log" >&2; fail "the backups can't be restored"; }
  ! is_reported || fail "there are reports"
  echo "sanitize: $sanitizer: $operations operations under load and $calls calls and events beside it in $((SECONDS - begun)) s," \
    "$seen of $seen planted defects reported, reports 0"
done
