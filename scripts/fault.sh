#!/usr/bin/env bash
# Makes everything fail for which there is a test (docs/RELIABILITY.md), and prints a line of figures for each test. What a part has
# said is printed whole when it fails, and the others still run. FAULT_SIZE=long is the long run, PARTS chooses. The tests must be built.
set -uo pipefail
cd "$(dirname "$0")/.."
parts=${PARTS:-faults simulation fuzzing planted sanitizers}
case "${FAULT_SIZE:-usual}" in
  usual) minutes=2 fuzz_seconds=60 load_seconds=10 ;;
  long) minutes=60 fuzz_seconds=600 load_seconds=120 ;;
  *) echo "fault: FAULT_SIZE is usual or long, not \"$FAULT_SIZE\"" >&2; exit 64 ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()

# Runs a part and shows those of its lines that have figures. A part that says less than so many of them has tests missing: a filter
# that meets nothing is no success.
part() { # name, least lines, their pattern, command
  local name=$1 least=$2 pattern=$3 begun=$SECONDS code lines
  shift 3
  "$@" 2>&1 | tee "$log" | grep --line-buffered -E "$pattern"
  code=${PIPESTATUS[0]}
  lines=$(grep -cE "$pattern" "$log")
  if [ "$code" -ne 0 ] || [ "$lines" -lt "$least" ]; then
    cat "$log"
    [ "$code" -ne 0 ] || echo "fault: $name: only $lines lines of figures: tests are missing" >&2
    failed+=("$name")
  fi
  echo "fault: $name in $((SECONDS - begun)) s"
}

begun=$SECONDS
for name in $parts; do
  case "$name" in
    # One test at a time, since some measure.
    faults) part faults 20 '^fault: ' swift test --skip-build --no-parallel --filter FaultTests ;;
    simulation) part simulation 1 '^simulate: ' make --no-print-directory simulate MINUTES="$minutes" ;;
    fuzzing) part fuzzing 9 '^fuzz: ' env FUZZ_SECONDS="$fuzz_seconds" scripts/fuzz.sh ;;
    planted) part planted 45 '^mutation: |^ *[0-9]+ .* caught by |NOT CAUGHT' python3 scripts/mutate.py ;;
    sanitizers) part sanitizers 2 '^sanitize: ' env SANITIZE_SECONDS="$load_seconds" scripts/sanitize.sh ;;
    *) echo "fault: PARTS has faults, simulation, fuzzing, planted and sanitizers, not \"$name\"" >&2; exit 64 ;;
  esac
done
echo "fault: all of it in $((SECONDS - begun)) s"
if [ ${#failed[@]} -gt 0 ]; then
  echo "fault: something that was promised didn't hold: ${failed[*]}: see above" >&2
  exit 1
fi
