"""The samples run, and the README shows them as they are."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest
from certificates import Certificates
from conftest import serve
from server import Server, find_binary

FOLDER = pathlib.Path(__file__).resolve().parents[1]
README = (FOLDER / "README.md").read_text()
_SHOWN = re.compile(r"<!-- (samples/\S+) -->\n```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def run(sample: str, *arguments: str) -> str:
    command = [sys.executable, str(FOLDER / "samples" / sample), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(FOLDER)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _bare(code: str) -> str:
    """Without indentation, which is another one in the README."""
    return "\n".join(line.strip() for line in textwrap.dedent(code).strip().splitlines())


def test_the_readme_shows_the_samples() -> None:
    shown = _SHOWN.findall(README)
    assert {name for name, _, _ in shown} == {f"samples/{path.name}" for path in (FOLDER / "samples").glob("*.py")}
    for name, code, _ in shown:
        assert _bare(code) in _bare((FOLDER / name).read_text()), f"this isn't in {name}:\n{code}"


@pytest.mark.parametrize("sample", ["basic.py", "esim_order.py", "batch.py", "more.py"])
def test_a_sample_prints_what_the_readme_says(server: Server, sample: str) -> None:
    outputs = [output for name, _, output in _SHOWN.findall(README) if name == f"samples/{sample}" and output]
    assert outputs == [run(sample, server.address)]


def test_retry(server: Server) -> None:
    assert run("retry.py", server.address) == "20 orders are paid, left are 80.00 EUR\n"


def test_watch(server: Server) -> None:
    run("basic.py", server.address)
    assert run("watch.py", server.address, "3") == "OPEN 0 to 0\nCREDIT 0 to 2000\nDEBIT 2000 to 770\n"


def test_secure(tmp_path: pathlib.Path) -> None:
    made = Certificates(tmp_path / "certificates")
    made.make("server", "serverAuth", names="IP:127.0.0.1")
    binary = find_binary()
    assert binary is not None, "there is no walletd to test with: name it by WALLETD"
    data = tmp_path / "data"
    subprocess.run([binary, "init", "--data", data], check=True, capture_output=True)
    create = [binary, "token", "create", "--data", data, "--principal", "shop", "--scopes", "read"]
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text(subprocess.run(create, check=True, capture_output=True, text=True).stdout)
    files = ("--tls-cert", made.path("server.pem"), "--tls-key", made.path("server.key"))
    for secure in serve(data, *files, "--auth", "required"):
        assert run("secure.py", secure.address, made.path("authority.pem"), str(token)) == "True\n"
