#!/usr/bin/env bash
# Tests each client that is there, its package included, several at a time, and drives all of them through conformance. What failed is
# told at the end, after all has run.
# WALLETD and WALLETCTL name the programs to test with; CLIENTS, with spaces between them, some of the clients.
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
    touch "$logs/$name.ended"
    echo "$name took $((SECONDS - began)) s"
  } >"$logs/$name.log" 2>&1 &
}

# Its package, installed into an empty project and used there, is part of `make test`.
test_one() {
  if [ -e "clients/$1/driver" ]; then set -- "$1" driver; fi
  make --no-print-directory -C "clients/$1" test ${2:-}
}

# The checker's own connections are those of the Python client.
make --no-print-directory -s -C clients/python driver || failed+=("clients/python driver")
# What takes longest begins first.
clients=()
faces=
for client in ${CLIENTS:-rust c java node swift go python}; do
  [ -d "clients/$client" ] || continue
  clients+=("$client")
  for driver in "clients/$client"/driver*; do
    [ -x "$driver" ] && [ -f "$driver" ] && faces="$faces${faces:+,}$client${driver#clients/*/driver}"
  done
done
# A client is driven through conformance as soon as its own tests have ended, which may build its driver anew.
drive() {
  local began=$SECONDS
  $python clients/conformance/conformance.py --clients "$faces" --after "$logs" &&
    touch "$logs/conformance.passed"
  echo "conformance took $((SECONDS - began)) s, waiting included"
}
drive >"$logs/conformance.log" 2>&1 &
at_once=$((at_once + 1))
for client in "${clients[@]}"; do part "$client" test_one "$client"; done
part "conformance finds faults" $python -m unittest discover -s clients/conformance/tests -t clients/conformance
wait
parts+=("conformance")
for name in "${parts[@]}"; do
  echo "== $name"
  cat "$logs/$name.log"
  [ -e "$logs/$name.passed" ] || failed+=("$name")
done

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all clients passed in $SECONDS s"
