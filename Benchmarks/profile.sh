#!/bin/sh
# Where the instructions of a debit go in the engine, by callgrind: `Benchmarks/profile.sh [DEBITS [WALLETS]]`. SHA-256
# runs without the processor's own instructions there, so its share is several times what it is outside. What the projections
# take grows with the number of wallets that are changed: with few, one UPDATE stands for many debits.
set -eu
cd "$(dirname "$0")/.."
debits=${1:-60000}
wallets=${2:-1000}
for tool in valgrind strip; do
  command -v "$tool" > /dev/null || { echo "profile.sh: $tool is missing (apt-get install valgrind binutils)" >&2; exit 1; }
done
swift build -c release --product walletd > /dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$(swift build -c release --show-bin-path)/walletd" "$work/walletd"
# valgrind can't read the debug information of Swift.
strip --strip-debug "$work/walletd"
SWIFT_BACKTRACE=enable=no valgrind --tool=callgrind --callgrind-out-file="$work/out" "$work/walletd" bench-engine \
  --data "$work/data" --rows "$debits" --wallets "$wallets" --rows-per-commit 1024 > /dev/null 2>&1
callgrind_annotate --inclusive=yes --threshold=100 "$work/out" 2> /dev/null | swift demangle --simplified \
  | DEBITS=$debits WALLETS=$wallets python3 -c '
import os, re, sys
debits = int(os.environ["DEBITS"]) + 2 * int(os.environ["WALLETS"])  # each wallet is opened and credited
stages = [
    ("a debit in the engine, all of it", r":LedgerStore\.perform\(_:reading:isDue:\)"),
    ("  facts: key, wallet, totals", r":LedgerStore\.facts\("),
    ("  decide", r":decide\("),
    ("  the row out of its request", r":TransactionRow\.init\(_:for:\)"),
    ("  canonical encodings", r":(TransactionRow\.encode|Command\.encodeCompared)\("),
    ("  SHA-256, in software", r":SHA256_(Init|Update|Final)\b"),
    ("  memory: wallet, totals, what trails", r":(LedgerStore\.adopt|Generation\.add)\("),
    ("  the rows as pages", r":RowFeed\.append\("),
    ("  INSERT of the pages", r":JournalWriter\.writePending\("),
    ("projections", r":Projector\.write\(_:_:_:\)"),
    ("  UPDATE of wallets", r":WalletTable\.update\("),
]
found = {}
for line in sys.stdin:
    match = re.match(r"\s*([\d,]+) \(.*?\)\s+(\S.*)", line)
    if not match:
        continue
    for name, pattern in stages:
        if re.search(pattern, match[2]):
            found.setdefault(name, {}).setdefault(re.search(pattern, match[2])[0], int(match[1].replace(",", "")))
print(f"{debits:,} rows, instructions for each")
for name, _ in stages:
    print(f"{sum(found.get(name, {}).values()) / debits:9,.0f}  {name}")
'
