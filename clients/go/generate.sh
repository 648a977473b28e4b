#!/bin/sh
# Regenerates walletpb from proto/wallet/v1/wallet.proto with protoc and protoc-gen-go 1.28, whose code every
# google.golang.org/protobuf from 1.28 on runs. With a folder as argument it writes there instead: so a test can tell
# whether the committed code is stale.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-"$here"}
module=walletd.example/walletd
protoc -I "$here/../../proto" --go_out="$out" --go_opt="module=$module" \
  --go_opt="Mwallet/v1/wallet.proto=$module/walletpb" wallet/v1/wallet.proto
