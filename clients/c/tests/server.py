"""The real server, for the tests of programs."""

import os
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("WALLETD") or str(HERE / "../../.build/debug/walletd")


class Server:
    """Serves on a free port of loopback, over a folder of its own, within a `with`."""

    def __init__(self, *options, program=PROGRAM, data=None):
        self.options, self.program, self.data = options, program, data

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="walletd-c-")
        data = self.data or self.folder.name + "/data"
        command = [self.program, "serve", "--data", data, "--listen", "127.0.0.1:0", *self.options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := re.search(r"listening on (\S+:\d+)", line):
                self.address = found[1]
                return self
        raise SystemExit("walletd does not listen; it said:\n" + "".join(said))

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.folder.cleanup()
