#!/usr/bin/env python3
"""walletbench passes its check against the server with one and two threads; a ledger that was killed under load has at
least what was acknowledged, and its digests and projections verify. Run by `make check`."""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from verify import verify

HERE = pathlib.Path(__file__).resolve().parent
SERVER = HERE.parent / ".build/ceiling/server"
BENCH = HERE.parents[1] / ".build/release/walletbench"
LOAD = ["--connections", "16", "--in-flight", "32", "--wallets", "3000", "--warm-up", "0", "--json"]


class Server:
    def __init__(self, folder, *flags):
        command = [SERVER, "--data", folder, "--port", "0", *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = re.fullmatch(r"listening on (.*)\n", self.process.stdout.readline())[1]

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(60)


def bench(server, seconds, *flags):
    return [BENCH, "--server", server.address, "--seconds", str(seconds), *LOAD, *flags]


def passes(folder, *flags):
    server = Server(folder, *flags)
    run = subprocess.run(bench(server, 2), capture_output=True, text=True)
    status = server.end(signal.SIGTERM)
    assert run.returncode == 0, run.stderr
    assert status == 0, f"the server ended with {status}"
    result = json.loads(run.stdout)
    rows, marks = verify(folder, result["last_commit_seq"])
    assert marks["keys"] == marks["wallets"] == rows, "a projection isn't complete after a clean end"
    return f"{rows} rows, {result['operations_per_second']} debits/s"


def survives(folder, *flags):
    server = Server(folder, *flags)
    load = subprocess.Popen(bench(server, 60), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        time.sleep(3)
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        output, _ = load.communicate(timeout=60)
    finally:
        if load.poll() is None:
            load.kill()
            load.wait()
    acknowledged = json.loads(output)["last_commit_seq"]
    assert acknowledged > 10000, f"only {acknowledged} rows were acknowledged before the kill"
    rows, marks = verify(folder, acknowledged)
    return f"{rows} rows, {acknowledged} acknowledged, watermarks {marks}"


def main():
    if not BENCH.exists():
        sys.exit("walletbench is missing: swift build -c release --product walletbench")
    for threads in "1", "2":
        for test in passes, survives:
            folder = tempfile.mkdtemp(dir=SERVER.parent)
            try:
                print(f"{test.__name__}, {threads} threads: {test(folder, '--threads', threads)}", flush=True)
            finally:
                shutil.rmtree(folder)


if __name__ == "__main__":
    main()
