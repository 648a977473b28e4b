//! The messages of proto/wallet/v1/wallet.proto; generate.sh writes them anew.

#![allow(clippy::all, dead_code, missing_docs)]

include!("proto/wallet.v1.rs");
