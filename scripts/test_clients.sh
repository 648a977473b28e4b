#!/usr/bin/env bash
# Tests each client that is there, as many at a time as there are processors, and drives all of them through conformance. What failed
# is told at the end, after all has run.
# WALLETD and WALLETCTL name the programs to test with.
set -uo pipefail
cd "$(dirname "$0")/.."
export WALLETD="${WALLETD:?names the server}" WALLETCTL="${WALLETCTL:?names walletctl}"
# Each client's make has jobs of its own.
unset MAKEFLAGS MFLAGS
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
failed=()

test_one() {
  local began=$SECONDS
  if make --no-print-directory -C "clients/$1" test && make --no-print-directory -C "clients/$1" driver; then
    touch "$logs/$1.passed"
  fi
  echo "$1 took $((SECONDS - began)) s"
}

clients=()
for client in python node go java c rust; do
  [ -d "clients/$client" ] || continue
  clients+=("$client")
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  test_one "$client" >"$logs/$client.log" 2>&1 &
done
wait
for client in "${clients[@]}"; do
  echo "== clients/$client"
  cat "$logs/$client.log"
  [ -e "$logs/$client.passed" ] || failed+=("clients/$client")
done

# The checker's own connections are those of the Python client.
python=.venv-python/bin/python
echo "== conformance finds faults"
$python -m unittest discover -s clients/conformance/tests -t clients/conformance || failed+=("clients/conformance/tests")
echo "== conformance"
$python clients/conformance/conformance.py || failed+=("conformance")

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all clients passed in $SECONDS s"
