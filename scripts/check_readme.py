#!/usr/bin/env python3
"""Runs the README's transcript against a server of its own and compares what is printed, but for keys and times.

  check_readme.py FOLDER   the folder of the programs to run
"""
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MASKS = [(re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "KEY"),
         (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "TIME")]


def masked(text):
    for pattern, name in MASKS:
        text = pattern.sub(name, text)
    return text


def listening(server):
    for line in server.stderr:
        found = re.search(r"listening on (\S+)", line)
        if found:
            return found.group(1)
    sys.exit("walletd ended before it listened")


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    transcript = re.search(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.S).group(1)
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([programs / "walletd", "serve", "--data", f"{folder}/data", "--listen", "127.0.0.1:0",
                                   "--admin", "off"],
                                  stderr=subprocess.PIPE, text=True)
        try:
            environment = os.environ | {"WALLETD_SERVER": listening(server)}
            actual = ""
            for line in re.findall(r"^\$ (.*)$", transcript, re.M):
                command = shlex.split(line)
                command[0] = str(programs / pathlib.Path(command[0]).name)
                run = subprocess.run(command, env=environment, timeout=30, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                actual += f"$ {line}\n{run.stdout}"
        finally:
            server.terminate()
            server.communicate(timeout=30)
    difference = list(difflib.unified_diff(masked(transcript).splitlines(), masked(actual).splitlines(), "README.md", "now", lineterm=""))
    print("\n".join(difference) if difference else f"README: {actual.count('$ ')} commands print what it says")
    sys.exit(1 if difference else 0)


if __name__ == "__main__":
    main()
