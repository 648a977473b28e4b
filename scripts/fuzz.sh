#!/usr/bin/env bash
# Fuzzes with libFuzzer and AddressSanitizer (docs/FUZZING.md): two targets at a time, FUZZ_SECONDS each, and one line of figures for each.
# An input that breaks something stays in .build-fuzz/found, and how it is run again is printed; then the exit code is 1.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
jobs=${FUZZ_JOBS:-2}
scratch=$PWD/.build-fuzz
corpora=$PWD/Tests/Fuzz/corpora
found=$scratch/found
case "$seconds" in '' | *[!0-9]*) echo "fuzz: SECONDS must be a number of seconds, not \"$seconds\"" >&2; exit 64 ;; esac
case "$jobs" in '' | *[!0-9]* | 0*) echo "fuzz: JOBS must be a number from 1, not \"$jobs\"" >&2; exit 64 ;; esac

# libFuzzer comes with the compiler. Its main isn't wanted: the program chooses the target first.
runtime=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
driver=$(find "$runtime/clang/lib/" -name "libclang_rt.fuzzer_no_main*$(uname -m)*.a" -o -name libclang_rt.fuzzer_no_main.a | head -1)
[ -n "$driver" ] || { echo "fuzz: this Swift toolchain has no libFuzzer below $runtime" >&2; exit 1; }

# What is asserted is checked, though the code is optimised. -sanitize=fuzzer is told to the compiler alone: the linker would
# take libFuzzer's main.
swift build -c release --product fuzz --scratch-path "$scratch" --sanitize=address \
  -Xswiftc -DFUZZING -Xswiftc -assert-config -Xswiftc Debug -Xswiftc -Xfrontend -Xswiftc -sanitize=address,fuzzer \
  -Xcc -fsanitize=fuzzer-no-link -Xcxx -fsanitize=fuzzer-no-link -Xlinker "$driver" -Xlinker -lstdc++
program=$(swift build -c release --scratch-path "$scratch" --show-bin-path)/fuzz

# Swift's own report of a crash would take the place of the sanitizer's, and leaks of what lives as long as the process are none.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS="detect_leaks=${FUZZ_LEAKS:-0}:allocator_may_return_null=1"
mkdir -p "$found"
"$program" seeds proto/vectors "$scratch/seeds"

run() { # name bytes
  local work=$scratch/corpora/$1 dictionary=Tests/Fuzz/dictionaries/$1.dict regressions=Tests/Fuzz/regressions/$1
  local log=$scratch/$1.log code=0 begun=$SECONDS
  mkdir -p "$work" "$corpora/$1"
  set -- "$1" "$2" "$work" "$corpora/$1" "$scratch/seeds/$1"
  [ -d "$regressions" ] && set -- "$@" "$regressions"
  [ -f "$dictionary" ] && set -- "$@" "-dict=$dictionary"
  FUZZ_TARGET=$1 TMPDIR=$scratch "$program" -max_total_time="$seconds" -max_len="$2" -timeout=30 -rss_limit_mb=2048 -malloc_limit_mb=512 \
    -use_value_profile=1 -print_final_stats=1 -reload=0 -verbosity=1 -artifact_prefix="$found/$1-" "${@:3}" >"$log" 2>&1 || code=$?
  awk -v name="$1" -v code="$code" -v took="$((SECONDS - begun))" '
    /#[0-9]+.*cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "ft:") ft = $(i + 1); if ($i == "corp:") corp = $(i + 1) } }
    /stat::number_of_executed_units/ { done = $2 }
    /stat::average_exec_per_sec/ { speed = $2 }
    END { printf "fuzz: %-14s %9d executions in %d s, %6d a second, corpus %s, coverage %d edges, %d features, %s\n",
          name, done, took, speed, corp, cov, ft, code == 0 ? "no crash" : "CRASHED" }' "$log"
  [ "$code" -eq 0 ] && return
  {
    grep -vE '^(#[0-9]|NEW_FUNC|INFO:)' "$log" | head -60
    echo "fuzz: $1 broke; the whole of it is in ${log#"$PWD/"}. It is run again by"
    find "$found" -name "$1-*" -newer "$scratch/begun" | sed "s|^$PWD/||; s|^|fuzz:   FUZZ_TARGET=$1 ${program#"$PWD/"} |"
  } >&2
  return 1
}

# Keeps of all that was found the least that reaches as much, in place of what is committed.
keep() { # name bytes
  local least=$scratch/least/$1
  rm -rf "$least" && mkdir -p "$least"
  FUZZ_TARGET=$1 TMPDIR=$scratch "$program" -merge=1 -set_cover_merge=1 -max_len="$2" -timeout=10 "$least" "$scratch/seeds/$1" \
    "$corpora/$1" "$scratch/corpora/$1" >"$scratch/$1.log" 2>&1 || { tail -20 "$scratch/$1.log" >&2; return 1; }
  rm -rf "${corpora:?}/$1" && mkdir -p "$corpora/$1"
  # Of all sizes alike.
  find "$least" -type f -printf '%s %p\n' | sort -n | cut -d' ' -f2 |
    awk -v kept="${FUZZ_KEPT:-28}" -v all="$(find "$least" -type f | wc -l)" \
      'all <= kept || int(NR * kept / all) > int((NR - 1) * kept / all)' | xargs -I{} cp {} "$corpora/$1/"
  echo "fuzz: $1: kept $(find "$corpora/$1" -type f | wc -l) of $(find "$least" -type f | wc -l) inputs"
}

touch "$scratch/begun"
failed=0
running=0
begun=$SECONDS
targets=${FUZZ_TARGETS:-$("$program" list | cut -d' ' -f1)}
for target in $targets; do
  bytes=$("$program" list | awk -v name="$target" '$1 == name { print $2 }')
  [ -n "$bytes" ] || { echo "fuzz: there is no target $target" >&2; exit 64; }
  if [ "$running" -ge "$jobs" ]; then
    wait -n || failed=$((failed + 1))
    running=$((running - 1))
  fi
  run "$target" "$bytes" &
  running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
  wait -n || failed=$((failed + 1))
  running=$((running - 1))
done
if [ "$failed" -eq 0 ] && [ "${FUZZ_KEEP:-}" = 1 ]; then
  for target in $targets; do keep "$target" "$("$program" list | awk -v name="$target" '$1 == name { print $2 }')"; done
fi
echo "fuzz: $(wc -w <<<"$targets") of $("$program" list | wc -l) targets ($(xargs <<<"$targets")), $seconds s each, $((SECONDS - begun)) s in all," \
  "$([ "$failed" -eq 0 ] && echo "no crash" || echo "$failed CRASHED")"
[ "$failed" -eq 0 ]
