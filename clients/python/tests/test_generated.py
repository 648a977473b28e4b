"""The committed generated code is what protoc makes of the schema."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


def test_generated_code_is_not_stale(tmp_path: pathlib.Path) -> None:
    protoc = shutil.which("protoc")
    version = subprocess.run([protoc, "--version"], capture_output=True, text=True).stdout if protoc else "none"
    if " 3.21." not in version:
        pytest.skip(f"needs protoc 3.21, as the committed code; there is {version.strip()}")
    subprocess.run([PACKAGE / "generate.sh", tmp_path], check=True)
    for name in ("wallet_pb2.py", "wallet_pb2.pyi"):
        assert (tmp_path / name).read_text() == (PACKAGE / "walletd/_proto" / name).read_text(), (
            f"{name} is stale: run generate.sh"
        )


def test_types() -> None:
    """mypy --strict finds nothing to say about the package."""
    mypy = pytest.importorskip("mypy.api", reason="mypy is not installed")
    out, errors, code = mypy.run(["--config-file", str(PACKAGE / "pyproject.toml"), str(PACKAGE / "walletd")])
    assert code == 0, out + errors
