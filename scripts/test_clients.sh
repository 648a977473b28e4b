#!/usr/bin/env bash
# Tests each client that is there, and drives all of them through conformance. What failed is told at the end, after all has run.
#
#   test_clients.sh FOLDER   that of walletd and walletctl, unless WALLETD and WALLETCTL name them
set -uo pipefail
cd "$(dirname "$0")/.."
export WALLETD="${WALLETD:-$1/walletd}" WALLETCTL="${WALLETCTL:-$1/walletctl}"
failed=()
drivers=()

step() {
  local name=$1 began=$SECONDS
  shift
  echo "== $name"
  "$@" || failed+=("$name")
  echo "== $name took $((SECONDS - began)) s"
}

for client in python node go java c rust; do
  [ -d "clients/$client" ] || continue
  step "clients/$client: make test" make --no-print-directory -C "clients/$client" test
  step "clients/$client: make driver" make --no-print-directory -C "clients/$client" driver
  drivers+=("$client")
done
# The checker's own connections are those of the Python client.
names=$(IFS=,; echo "${drivers[*]}")
step conformance .venv-python/bin/python clients/conformance/conformance.py --clients "$names"

echo
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all clients passed in $SECONDS s"
