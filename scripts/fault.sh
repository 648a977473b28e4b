#!/usr/bin/env bash
# Runs the tests that make things fail (docs/RELIABILITY.md) and prints one line of figures for each; the whole log when one fails.
# FAULT_SIZE=long is the long run. The tests must be built.
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
begun=$SECONDS
swift test --skip-build --no-parallel --filter 'FaultTests' 2>&1 | tee "$log" | grep --line-buffered '^fault: '
code=${PIPESTATUS[0]}
if [ "$code" -ne 0 ]; then
  cat "$log"
  echo "fault: something that was promised didn't hold: see above" >&2
  exit "$code"
fi
# A filter that meets nothing is no success.
lines=$(grep -c '^fault: ' "$log")
if [ "$lines" -lt 20 ]; then
  cat "$log"
  echo "fault: only $lines lines of figures: tests are missing" >&2
  exit 1
fi
echo "fault: all of it in $((SECONDS - begun)) s"
