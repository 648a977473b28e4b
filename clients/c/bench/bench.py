"""Runs the bench against a server of its own; that which WALLETD names should be a release build."""

import subprocess
import sys

sys.path.insert(0, "tests")
from server import HERE, Server  # noqa: E402

with Server() as server:
    sys.exit(subprocess.run([HERE / "build/bench", server.address]).returncode)
