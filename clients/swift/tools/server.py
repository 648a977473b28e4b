"""A server of its own, that which WALLETD names."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def server(*options: str) -> Iterator[str]:
    """Its address."""
    with tempfile.TemporaryDirectory(prefix="walletd-swift-") as data:
        command = [os.environ["WALLETD"], "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin", "off", *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                found = (re.search(r"listening on (\S+)", said) for said in process.stderr)
                yield next(match[1] for match in found if match)
            finally:
                process.terminate()
