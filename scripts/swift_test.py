#!/usr/bin/env python3
"""`swift test` with the arguments that it is given; what failed is told once more at the end.

Thousands of lines of tests that passed stand between an issue and the end of a run, and who sees no more than the end of a log
should still see the issue, and the seeds that show it again.
"""
import re
import signal
import subprocess
import sys

COLOUR = re.compile(r"\x1b\[[\d;]*m")
# An issue, its comments, a crash, and what a test says of its seed.
TELLING = re.compile(r"^\s*(?:✘|↳|error: )|Fatal error: |^[^◇✔].*\bseeds?\b.*\d")
STARTED = re.compile(r"^◇ Test (?!case|run)(.+?) started\.")
ENDED = re.compile(r"^[✔✘➜] Test (.+?)(?: with \d+ test cases?)? (?:(?:passed|failed) after \d|skipped[.:])")
LINE_MAX = 2_000


def main():
    signal.signal(signal.SIGINT, lambda *_: None)  # The tests end by it, and then so does this.
    command = ["swift", "test", *sys.argv[1:]]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    told, running = [], set()
    for line in run.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        line = COLOUR.sub("", line).rstrip("\n")
        if TELLING.search(line):
            told.append(line[:LINE_MAX])
        if found := STARTED.match(line):
            running.add(found[1])
        elif found := ENDED.match(line):
            running.discard(found[1])
    code = run.wait()
    if code != 0:
        print(f"\nWhat failed, and the seeds (of {' '.join(command)}):")
        for line in told:
            print(f"  {line}")
        for name in sorted(running):
            print(f"  hadn't ended: {name}")
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
