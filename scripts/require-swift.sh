#!/bin/sh
# Says clearly when there is no Swift toolchain, or an old one.
set -eu
command -v swift >/dev/null || { echo "No swift on the PATH. Install a Swift 6.2 or newer toolchain from swift.org." >&2; exit 1; }
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
set -- $version
[ "${1:-0}" -gt 6 ] || { [ "${1:-0}" -eq 6 ] && [ "${2:-0}" -ge 2 ]; } || {
  echo "Swift ${1:-?}.${2:-?} is too old: walletd needs 6.2 or newer." >&2
  exit 1
}
