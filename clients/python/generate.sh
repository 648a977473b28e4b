#!/bin/sh
# Regenerates walletd/_proto from proto/wallet/v1/wallet.proto with protoc 3.21, the oldest whose code every
# protobuf >= 3.20 runs. With a folder as argument it writes there instead: so a test can tell whether the committed
# code is stale.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-"$here/walletd/_proto"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

protoc -I "$here/../../proto" --python_out="$work" --pyi_out="$work" wallet/v1/wallet.proto
mkdir -p "$out"
# Messages are pickled under the name of their module, so it has to be the one they are imported from.
sed "s/'wallet\.v1\.wallet_pb2'/'walletd._proto.wallet_pb2'/" "$work/wallet/v1/wallet_pb2.py" > "$out/wallet_pb2.py"
cp "$work/wallet/v1/wallet_pb2.pyi" "$out/"
