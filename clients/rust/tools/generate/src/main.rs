//! Makes the messages of `proto/wallet/v1/wallet.proto`, in `src/proto` or in the folder that is its argument: so a check
//! can tell whether what is committed is stale. It takes `protoc`.

use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let proto = client.join("../../proto");
    let out = std::env::args_os().nth(1).map_or_else(|| client.join("src/proto"), PathBuf::from);
    std::fs::create_dir_all(&out)?;
    prost_build::Config::new()
        .out_dir(out)
        .disable_comments(["."]) // its paths and patterns aren't markdown
        .compile_protos(&[proto.join("wallet/v1/wallet.proto")], &[proto])
}
