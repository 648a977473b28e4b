#!/bin/sh
# Installs the Debian packages that building and testing need and that are missing. Nothing happens when all are there.
set -eu
packages="gcc libc6-dev pkg-config libprotobuf-c-dev libsqlite3-dev libssl-dev libdeflate-dev libtomlplusplus-dev"
case "${1:-}" in
  # Of prometheus only promtool is used, which reads the metrics and the alert rules.
  test)
    packages="$packages protobuf-c-compiler protobuf-compiler python3 python3-venv sqlite3 openssl systemd dpkg-dev adduser"
    packages="$packages curl prometheus"
    ;;
  clients)
    packages="$packages protobuf-compiler golang golang-google-protobuf-dev protoc-gen-go"
    packages="$packages nodejs node-typescript openssl python3 python3-venv libfaketime"
    packages="$packages default-jdk-headless libprotobuf-java junit5"
    packages="$packages make g++ libjansson-dev valgrind clang-format"
    packages="$packages cargo rustc rust-clippy rustfmt librust-prost-dev librust-prost-build-dev librust-openssl-dev"
    packages="$packages librust-tokio-dev librust-serde-json-dev"
    # Node of other makers brings its own.
    command -v npm >/dev/null || packages="$packages npm"
    ;;
  deb) packages="$packages dpkg-dev" ;;
  test-deb) packages="$packages dpkg-dev python3 debootstrap lintian systemd-container" ;;
esac

missing=
for package in $packages; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "These packages are missing:$missing. Install them as root." >&2; exit 1; }
  as_root=sudo
fi
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
