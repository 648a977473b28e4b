#!/bin/sh
# Makes the class Pb of proto/wallet/v1/wallet.proto in the folder of the argument. The schema itself names no language's
# options, since its digest is that of every client: they are added to a copy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out/proto"
sed 's|^package wallet.v1;$|&\noption java_package = "example.walletd.internal";\noption java_outer_classname = "Pb";|' \
  "$here/../../proto/wallet/v1/wallet.proto" >"$out/proto/wallet.proto"
protoc -I "$out/proto" --java_out="$out" wallet.proto
