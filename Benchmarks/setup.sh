#!/bin/sh
# Installs the Debian packages of the bench's peers that are missing. What can't be installed is said and left out: its rows
# are then printed as missing. No service is started, and no cluster of PostgreSQL is made.
set -eu
packages="gcc g++ make pkg-config libc6-dev libprotobuf-c-dev libsqlite3-dev libssl-dev zlib1g-dev sqlite3 redis-server \
postgresql-15 openssl libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc \
libgrpc-java libnetty-java libguava-java libperfmark-java golang-google-grpc-dev python3-venv"

missing=
for package in $packages; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
    echo "bench: not installed, and this isn't root:$missing" >&2
    exit 0
  fi
  as_root=sudo
fi

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
made_policy=
made_clusters=
clean_up() {
  [ -z "$made_policy" ] || $as_root rm -f "$policy"
  [ -z "$made_clusters" ] || $as_root rm -f "$clusters"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  $as_root chmod 755 "$policy"
fi
if [ ! -e "$clusters" ] && [ ! -e /etc/postgresql-common ]; then
  made_clusters=yes
  $as_root mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' | $as_root tee "$clusters" >/dev/null
fi

echo "Installing$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || echo "bench: apt-get update failed" >&2
for package in $missing; do
  # One by one: a package that isn't to be had doesn't take the others with it.
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold "$package" >/dev/null ||
    echo "bench: $package can't be installed" >&2
done
