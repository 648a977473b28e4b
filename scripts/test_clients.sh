#!/usr/bin/env bash
# Tests each client that is there, its package included, several at a time, and drives all of them through conformance. What failed is
# told at the end, after all has run.
# WALLETD and WALLETCTL name the programs to test with.
set -uo pipefail
cd "$(dirname "$0")/.."
export WALLETD="${WALLETD:?names the server}" WALLETCTL="${WALLETCTL:?names walletctl}"
# Each client's make has jobs of its own.
unset MAKEFLAGS MFLAGS
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
python=.venv-python/bin/python
# One more than there are processors, since tests wait for servers at times.
at_once=$(($(nproc) + 1))
parts=()
failed=()

# Runs a part beside the others: its name, and a command.
part() {
  local name=$1 began
  shift
  parts+=("$name")
  while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n; done
  {
    began=$SECONDS
    if "$@"; then touch "$logs/$name.passed"; fi
    echo "$name took $((SECONDS - began)) s"
  } >"$logs/$name.log" 2>&1 &
}

# Its package, installed into an empty project and used there, is part of `make test`.
test_one() {
  make --no-print-directory -C "clients/$1" test driver
}

# The checker's own connections are those of the Python client.
make --no-print-directory -s -C clients/python driver || failed+=("clients/python driver")
# What takes longest begins first.
for client in rust c java node go python; do
  [ -d "clients/$client" ] && part "$client" test_one "$client"
done
part "conformance finds faults" $python -m unittest discover -s clients/conformance/tests -t clients/conformance
wait
for name in "${parts[@]}"; do
  echo "== $name"
  cat "$logs/$name.log"
  [ -e "$logs/$name.passed" ] || failed+=("$name")
done

echo "== conformance"
began=$SECONDS
$python clients/conformance/conformance.py || failed+=("conformance")
echo "conformance took $((SECONDS - began)) s"

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all clients passed in $SECONDS s"
